/*
 * The floor of a request to an actor: a message of a request's size to another process and a reply's size back, over the
 * same kind of socket, with nothing done in between.
 *
 *     pingpong COUNT    prints the nanoseconds of one round trip, the median of COUNT
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST = 72, REPLY = 8 }; /* of a call without pointers: doqu.actor.Wire */

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 10000;
	char message[REQUEST] = {0};
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0)
		err(2, "socketpair");
	pid_t pong = fork();
	if (pong < 0)
		err(2, "fork");
	if (pong == 0) {
		close(ends[0]);
		while (recv(ends[1], message, REQUEST, 0) > 0)
			send(ends[1], message, REPLY, MSG_NOSIGNAL);
		_exit(0);
	}
	close(ends[1]);

	double *times = calloc(count, sizeof *times);
	for (long i = 0; i < count; i++) {
		double begin = now();
		if (send(ends[0], message, REQUEST, MSG_NOSIGNAL) != REQUEST || recv(ends[0], message, REQUEST, 0) != REPLY)
			err(2, "round trip");
		times[i] = now() - begin;
	}
	qsort(times, count, sizeof *times, compare);
	printf("%.0f\n", times[count / 2]);
	close(ends[0]);
	waitpid(pong, NULL, 0);
	return 0;
}
