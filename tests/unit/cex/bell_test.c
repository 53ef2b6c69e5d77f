// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "cex/bell.c"
#include "daemon/changes.h"

#define LONG	(20 * UINT64_C(1000000000))
#define SHORT	UINT64_C(1000000)

static struct changes changes;
static const struct ap_changes *view;

/* The VM has a mapping of its own, which it cannot write to. */
static int start(void **state)
{
	(void)state;
	assert_int_equal(changes_open(&changes), 0);
	view = mmap(NULL, sizeof(*view), PROT_READ, MAP_SHARED, changes.fd, 0);
	assert_ptr_not_equal(view, MAP_FAILED);
	return 0;
}

static int end(void **state)
{
	(void)state;
	munmap((void *)view, sizeof(*view));
	changes_close(&changes);
	return 0;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

static void waits_for_a_silent_bell(void **state)
{
	uint64_t begin = now();
	uint32_t seen = 0;

	(void)state;
	bell_wait(&view->bell, &seen, SHORT);
	assert_int_equal(seen, 0);
	assert_true(now() - begin >= SHORT);
}

static void does_not_wait_for_a_rung_bell(void **state)
{
	uint32_t seen = 0;
	uint64_t begin = now();

	(void)state;
	bell_ring(&changes.memory->changes.bell);
	bell_wait(&view->bell, &seen, LONG);
	assert_int_equal(seen, 1);
	assert_true(now() - begin < LONG);
}

static _Atomic bool heard;

static void *listen(void *unused)
{
	uint32_t seen = 0;

	bell_wait(&view->bell, &seen, LONG);
	heard = true;
	return unused;
}

static void wakes(void (*wake)(void))
{
	uint64_t begin = now();
	pthread_t thread;

	heard = false;
	assert_int_equal(pthread_create(&thread, NULL, listen, NULL), 0);
	while (!heard && now() - begin < LONG / 2) {
		wake();
		usleep(1000);
	}
	pthread_join(thread, NULL);
	assert_true(now() - begin < LONG / 2);
}

static void ring(void)
{
	bell_ring(&changes.memory->changes.bell);
	bell_wake(&changes.memory->changes.bell);
}

static void nudge(void)
{
	bell_nudge(&view->bell);
}

static void a_waiter_is_woken(void **state)
{
	(void)state;
	wakes(nudge);
	assert_int_equal(view->bell, 0);
	wakes(ring);
}

#define LISTENERS	8

static const _Atomic uint32_t elsewhere;

static void *wait_once(void *unused)
{
	syscall(SYS_futex, &view->bell, FUTEX_WAIT, 0, NULL, NULL, 0);
	return unused;
}

/* Requeue all who wait at @from to @to. Return how many there are. */
static unsigned int move(const _Atomic uint32_t *from, const _Atomic uint32_t *to)
{
	long moved = syscall(SYS_futex, from, FUTEX_CMP_REQUEUE, 0,
			     (void *)(uintptr_t)INT32_MAX, to, 0);

	assert_in_range(moved, 0, LISTENERS);
	return moved;
}

/*
 * A VM that has many threads wait costs no more to wake than one that has one.
 */
static void one_waiter_of_many_is_woken(void **state)
{
	pthread_t thread[LISTENERS];
	unsigned int asleep = 0;

	(void)state;
	for (int i = 0; i < LISTENERS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, wait_once,
						NULL), 0);
	while (asleep < LISTENERS)
		asleep += move(&view->bell, &elsewhere);
	assert_int_equal(move(&elsewhere, &view->bell), LISTENERS);
	bell_wake(&view->bell);
	assert_int_equal(move(&view->bell, &elsewhere), LISTENERS - 1);
	bell_nudge(&elsewhere);
	for (int i = 0; i < LISTENERS; i++)
		pthread_join(thread[i], NULL);
}

#define POINT(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(waits_for_a_silent_bell),
		POINT(does_not_wait_for_a_rung_bell),
		POINT(a_waiter_is_woken),
		POINT(one_waiter_of_many_is_woken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
