/*
 * Until a program has printed something on its terminal:
 *
 *     prompt TEXT PROGRAM [ARG...]    prints the milliseconds from before fork to TEXT, and the peak of memory in KiB
 *
 * The program gets a pseudo-terminal of its own, as a terminal emulator would give it, and is killed once the text is there.
 * The peak is that of the largest process, PROGRAM or one it has waited for: for ./doqu that is the JVM.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: prompt TEXT PROGRAM [ARG...]");
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		err(2, "pseudo-terminal");
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	ioctl(master, TIOCSWINSZ, &size);
	const char *slave = ptsname(master);

	double begin = now();
	pid_t pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0) {
		setsid();
		int terminal = open(slave, O_RDWR); /* the first terminal a session leader opens is its own */
		for (int stream = 0; stream <= 2; stream++)
			dup2(terminal, stream);
		if (terminal > 2)
			close(terminal);
		execvp(argv[2], argv + 2);
		err(127, "%s", argv[2]);
	}

	char seen[65536];
	size_t length = 0;
	for (;;) {
		ssize_t got = read(master, seen + length, sizeof seen - 1 - length);
		if (got <= 0)
			errx(2, "'%s' did not come; this did: %.*s", argv[1], (int)length, seen);
		length += got;
		seen[length] = 0;
		if (strstr(seen, argv[1]))
			break;
	}
	double took = now() - begin;
	struct rusage used;
	kill(pid, SIGKILL);
	if (wait4(pid, NULL, 0, &used) < 0)
		err(2, "wait4");
	printf("%.2f %ld\n", took, used.ru_maxrss);
	return 0;
}
