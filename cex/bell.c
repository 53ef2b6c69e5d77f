// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bell.h"

void bell_ring(_Atomic uint32_t *bell)
{
	atomic_fetch_add(bell, 1);
}

static void wake(const _Atomic uint32_t *bell, int waiters)
{
	syscall(SYS_futex, bell, FUTEX_WAKE, waiters, NULL, NULL, 0);
}

void bell_wake(const _Atomic uint32_t *bell)
{
	wake(bell, 1);
}

void bell_nudge(const _Atomic uint32_t *bell)
{
	wake(bell, INT32_MAX);
}

void bell_wait(const _Atomic uint32_t *bell, uint32_t *seen, uint64_t nanoseconds)
{
	const struct timespec patience = {
		.tv_sec = nanoseconds / 1000000000,
		.tv_nsec = nanoseconds % 1000000000,
	};

	if (atomic_load(bell) == *seen)
		syscall(SYS_futex, bell, FUTEX_WAIT, *seen, &patience, NULL, 0);
	*seen = atomic_load(bell);
}
