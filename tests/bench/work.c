// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first process of a VM that tests/bench/plugin times. It does one kind of
 * work, which has nothing to do with adapters, and powers the VM off. The
 * kernel's parameter work=KIND, which the kernel puts into the environment, says
 * which: none, compute, calls or forks.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each takes some seconds on a processor of today. */
#define COMPUTE_ROUNDS	800000000
#define CALLS		150000
#define FORKS		3000

static int none(void)
{
	return 0;
}

/* A generator of Marsaglia's: shifts, and a jump that depends on the number. */
static int compute(void)
{
	uint32_t x = 1, odd = 0;

	for (int i = 0; i < COMPUTE_ROUNDS; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		if (x & 1)
			odd++;
	}
	return odd ? 0 : -1;
}

static int calls(void)
{
	for (int i = 0; i < CALLS; i++)
		if (syscall(SYS_getppid))
			return -1;
	return 0;
}

static int forks(void)
{
	for (int i = 0; i < FORKS; i++) {
		int status;
		pid_t child = fork();

		if (!child)
			_exit(0);
		if (child < 0 || waitpid(child, &status, 0) != child || status)
			return -1;
	}
	return 0;
}

static const struct {
	const char *name;
	int (*work)(void);
} kinds[] = {
	{ "none", none }, { "compute", compute }, { "calls", calls }, { "forks", forks },
};

static int work(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kind && !strcmp(kind, kinds[i].name))
			return kinds[i].work();
	}
	return -1;
}

int main(void)
{
	puts(work(getenv("work")) ? "failed" : "done");
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return EXIT_FAILURE;
}
