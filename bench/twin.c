/*
 * The sequence of the article as a C program: the floor of what doqu takes for the same steps.
 *
 *     twin ROOTFS COUNT    prints "twin NANOSECONDS" for each of COUNT sequences
 *
 * It is run on a doqu stage, by a process forked from the stage's first actor: so it begins in the same namespaces as doqu's
 * own sequence, with the same mounts to copy and to make private, and works on the same root file system. Each sequence is
 * made by a fresh child, because a process can unshare its PID namespace only once. The clock runs in that child from before
 * unshare until after the second wait; doqu's runs in Java, around the same calls.
 */
#define _GNU_SOURCE
#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void must(long result, const char *call)
{
	if (result < 0)
		err(2, "%s", call);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int waited(void)
{
	int status;
	must(wait4(-1, &status, 0, NULL), "wait4");
	return status;
}

static void program(void)
{
	execl("/bin/probe", "/bin/probe", "/bin/probe", NULL);
	err(127, "/bin/probe");
}

static void init(const char *rootfs)
{
	must(chdir(rootfs), "chdir");
	must(mkdir("oldroot", 0755), "mkdir");
	must(syscall(SYS_pivot_root, ".", "oldroot"), "pivot_root");
	must(chdir("/"), "chdir");
	must(mount("proc", "/proc", "proc", 0, NULL), "mount proc");
	must(umount2("/oldroot", MNT_DETACH), "umount2");
	must(rmdir("/oldroot"), "rmdir");
	pid_t child = fork();
	must(child, "fork");
	if (child == 0)
		program();
	_exit(waited() != 0);
}

static void sequence(const char *rootfs)
{
	must(unshare(CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS), "unshare");
	must(sethostname("doqueru", 7), "sethostname");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount --make-rprivate");
	must(mount(rootfs, rootfs, NULL, MS_BIND, NULL), "mount --bind");
	pid_t child = fork();
	must(child, "fork");
	if (child == 0)
		init(rootfs);
	if (waited() != 0)
		errx(2, "the program in the container failed");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: twin ROOTFS COUNT");
	for (int i = atoi(argv[2]); i > 0; i--) {
		pid_t child = fork();
		must(child, "fork");
		if (child == 0) {
			double begin = now();
			sequence(argv[1]);
			printf("twin %.0f\n", now() - begin);
			fflush(stdout);
			_exit(0);
		}
		must(waitpid(child, NULL, 0), "waitpid");
	}
	return 0;
}
