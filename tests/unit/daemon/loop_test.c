// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/eventfd.h>

#include "daemon/loop.c"

#define STRANGERS	100

static struct loop outer, inner;
static struct source vm, strangers[STRANGERS];
static unsigned int vm_turns, stranger_turns;

static void vm_ready(struct source *source)
{
	(void)source;
	vm_turns++;
}

static void stranger_ready(struct source *source)
{
	(void)source;
	stranger_turns++;
}

/* Add a source that is always ready. */
static void add(struct loop *loop, struct source *source,
		void (*ready)(struct source *source))
{
	*source = (struct source){ eventfd(1, 0), ready };
	assert_true(source->fd >= 0);
	assert_int_equal(loop_add(loop, source, EPOLLIN), 0);
}

static int setup(void **state)
{
	(void)state;
	vm_turns = stranger_turns = 0;
	if (loop_open(&outer) || loop_open_within(&inner, &outer))
		return -1;
	add(&outer, &vm, vm_ready);
	for (unsigned int i = 0; i < STRANGERS; i++)
		add(&inner, &strangers[i], stranger_ready);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	loop_close(&inner);
	loop_close(&outer);
	for (unsigned int i = 0; i < STRANGERS; i++)
		close(strangers[i].fd);
	close(vm.fd);
	return 0;
}

/* Sources of an inner loop have every other turn, however many they are. */
static void an_inner_loop_has_one_turn(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(serve_one(&outer, 0), 0);
	assert_in_range(vm_turns, 499, 501);
	assert_in_range(stranger_turns, 499, 501);
}

/* A source that is removed is not served, and may be removed again. */
static void what_is_removed_has_no_turn(void **state)
{
	(void)state;
	loop_remove(&outer, &vm);
	loop_remove(&outer, &vm);
	for (int i = 0; i < 10; i++)
		assert_int_equal(serve_one(&outer, 0), 0);
	assert_int_equal(vm_turns, 0);
	assert_int_equal(stranger_turns, 10);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_inner_loop_has_one_turn,
						setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_removed_has_no_turn,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
