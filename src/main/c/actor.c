/*
 * The actor: a process that makes the system calls it is told to make, and nothing else.
 *
 * It receives a request, makes the call, and sends the message back with the result in front. What a call means, which
 * arguments are paths, what may follow what: all of that is Java's business (package doqu.actor, class Wire, names the
 * same fields). Nothing here knows about containers.
 *
 * Freestanding on purpose: no libc, no start-up code, no second thread, no allocation, so that what /proc shows of this
 * process is what the learner's own calls made of it.
 */
#include "system.h"

/* Both ends agree on this; the other end is doqu.actor.Wire. */
struct message {
	i64 number;          /* request: the call's number; reply: its raw result */
	i64 argument[6];
	u32 pointers;        /* bit i: argument i is an offset into this message, not a number */
	i32 child_control;   /* a process for which the call returns 0 goes on with this descriptor; -1: with the same */
	u32 relocations;     /* so many u32 offsets follow: words of the message that are offsets themselves (argv, iovec) */
	u32 reply_length;    /* so many bytes go back */
	u32 relocation[];
};

enum {
	MESSAGE_SIZE = 65536,
	FIRST_CONTROL = 1000, /* out of the way of the learner's descriptors */
	SIGURG = 23,          /* ignored by default, so a program exec'd later never notices it */
	SA_RESTORER = 0x04000000,
	MSG_NOSIGNAL = 0x4000,
	EINTR = 4,
};

static union {
	struct message request;
	u8 byte[MESSAGE_SIZE];
} buffer __attribute__((aligned(64)));

/* A signal with a handler interrupts a blocked call with EINTR; the handler itself has nothing to do. */
static void interrupted(int signal)
{
	(void)signal;
}

static void catch_interrupts(void)
{
	struct {
		void (*handler)(int);
		u64 flags; /* no SA_RESTART: the call must fail */
		void (*restorer)(void);
		u64 mask;
	} action = {interrupted, SA_RESTORER, return_from_signal, 0};
	call(NR_rt_sigaction, SIGURG, (i64)&action, 0, sizeof action.mask, 0, 0);
}

void start(i64 *stack)
{
	/* argv[1], when there is one, is the control descriptor: the limit on open files may be below the usual one. */
	int control = stack[0] > 1 ? number((const char *)stack[2]) : FIRST_CONTROL;
	struct message *m = &buffer.request;

	catch_interrupts();
	for (;;) {
		i64 length = call(NR_recvfrom, control, (i64)&buffer, sizeof buffer, 0, 0, 0);
		if (length == -EINTR)
			continue;
		if (length < (i64)sizeof *m) /* end of file: the one who drives this process is gone */
			call(NR_exit_group, 0, 0, 0, 0, 0, 0);

		for (u32 i = 0; i < m->relocations; i++)
			*(i64 *)(buffer.byte + m->relocation[i]) += (i64)&buffer;
		for (int i = 0; i < 6; i++)
			if (m->pointers >> i & 1)
				m->argument[i] += (i64)&buffer;

		/* The call may write into the message: what is needed afterwards is read before. */
		i32 child_control = m->child_control;
		u32 reply_length = m->reply_length;
		i64 *a = m->argument;
		i64 result = call(m->number, a[0], a[1], a[2], a[3], a[4], a[5]);
		if (result == 0 && child_control >= 0)
			control = child_control;

		m->number = result;
		while (call(NR_sendto, control, (i64)&buffer, reply_length, MSG_NOSIGNAL, 0, 0) == -EINTR)
			;
	}
}
