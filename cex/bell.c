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
	bell_nudge(bell);
}

void bell_nudge(const _Atomic uint32_t *bell)
{
	syscall(SYS_futex, bell, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
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
