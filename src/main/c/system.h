/* What a freestanding program needs of each architecture: the entry point, a system call, the return from a signal. */
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef int i32;
typedef long i64;
typedef unsigned long u64;

#if defined(__x86_64__)

enum {
	NR_write = 1,
	NR_rt_sigaction = 13,
	NR_getpid = 39,
	NR_sendto = 44,
	NR_recvfrom = 45,
	NR_uname = 63,
	NR_getppid = 110,
	NR_exit_group = 231,
	NR_newfstatat = 262,
};

static i64 call(i64 number, i64 a, i64 b, i64 c, i64 d, i64 e, i64 f)
{
	register i64 r10 __asm__("r10") = d;
	register i64 r8 __asm__("r8") = e;
	register i64 r9 __asm__("r9") = f;
	i64 result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
__asm__("return_from_signal:\n\tmov $15, %eax\n\tsyscall\n");

#elif defined(__aarch64__)

enum {
	NR_write = 64,
	NR_newfstatat = 79,
	NR_exit_group = 94,
	NR_rt_sigaction = 134,
	NR_uname = 160,
	NR_getpid = 172,
	NR_getppid = 173,
	NR_sendto = 206,
	NR_recvfrom = 207,
};

static i64 call(i64 number, i64 a, i64 b, i64 c, i64 d, i64 e, i64 f)
{
	register i64 x8 __asm__("x8") = number;
	register i64 x0 __asm__("x0") = a;
	register i64 x1 __asm__("x1") = b;
	register i64 x2 __asm__("x2") = c;
	register i64 x3 __asm__("x3") = d;
	register i64 x4 __asm__("x4") = e;
	register i64 x5 __asm__("x5") = f;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl start\n");
__asm__("return_from_signal:\n\tmov x8, #139\n\tsvc 0\n");

#else
#error "no such architecture yet"
#endif

void return_from_signal(void); /* rt_sigreturn(2): only ever called by the kernel */

static inline int number(const char *digits)
{
	int n = 0;
	while (*digits >= '0' && *digits <= '9')
		n = n * 10 + (*digits++ - '0');
	return n;
}
