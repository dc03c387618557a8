/*
 * What a program takes from before fork until it has been waited for:
 *
 *     spawn PROGRAM [ARG...]    prints the nanoseconds; what PROGRAM prints is thrown away
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		errx(2, "usage: spawn PROGRAM [ARG...]");
	int status;
	double begin = now();
	pid_t pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0) {
		int nowhere = open("/dev/null", O_RDWR);
		dup2(nowhere, 0);
		dup2(nowhere, 1);
		execvp(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	if (waitpid(pid, &status, 0) < 0)
		err(2, "waitpid");
	double took = now() - begin;
	if (status != 0)
		errx(1, "%s did not work", argv[1]);
	printf("%.0f\n", took);
	return 0;
}
