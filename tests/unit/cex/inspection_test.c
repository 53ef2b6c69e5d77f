// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/inspection.c"

static void an_observer_sees_who_uses_a_queue(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);
	struct cex_queue_info info;

	(void)state;
	assert_int_equal(cex_queue_info(machine, QUEUE_A, &info), 0);
	assert_string_equal(info.type, "CEX4A");
	assert_true(info.clean);
	assert_int_equal(info.owner, 0);
	give(number, QUEUE_A);
	enqueue(guest, QUEUE_A, 1);
	EVENTUALLY(!rc_of(dequeue(guest, QUEUE_A, 4096)));
	cex_queue_info(machine, QUEUE_A, &info);
	assert_int_equal(info.state, CEX_OPERATING);
	assert_int_equal(info.owner, 1);
	assert_int_equal(info.user, 1);
	assert_false(info.clean);
	assert_int_equal(info.served, 1);
	assert_int_equal(info.reset_ms, 2);
	cex_detach(guest);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(an_observer_sees_who_uses_a_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
