// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/construction.c"

static void a_machine_takes_what_exists(void **state)
{
	struct cex_machine *m = cex_machine_new(1);

	(void)state;
	assert_int_equal(cex_add_adapter(m, 256, "CEX8A"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX3A"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX9A"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX8"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, "CEX8AA"), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 0, ""), -EINVAL);
	assert_int_equal(cex_add_adapter(m, 255, "CEX6A"), 0);
	assert_int_equal(cex_add_adapter(m, 255, "CEX6A"), -EEXIST);
	assert_int_equal(cex_add_domain(m, 256), -EINVAL);
	assert_int_equal(cex_add_domain(m, 255), 0);
	assert_int_equal(cex_add_domain(m, 255), -EEXIST);
	cex_machine_free(m);
	assert_int_equal(cex_add_adapter(machine, 9, "CEX8A"), -EBUSY);
	assert_int_equal(cex_add_domain(machine, 9), -EBUSY);
}

static void a_machine_ends_with_requests_waiting(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		enqueue(lpar, QUEUE_A, i);
		enqueue(lpar, QUEUE_B, i);
	}
	cex_machine_free(machine);
	setup(state);
	cex_machine_free(NULL);
	cex_detach(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(a_machine_takes_what_exists),
		POINT(a_machine_ends_with_requests_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
