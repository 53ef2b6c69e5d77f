// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cex/client.c"

#define MIB	(1 << 20)

static struct memory memory;
static struct client one, other;

static int setup(void **state)
{
	(void)state;
	memory.held = 0;
	client_init(&one, 1, &memory);
	client_init(&other, 2, &memory);
	return 0;
}

static void a_vm_holds_no_more_than_it_may(void **state)
{
	(void)state;
	for (uint64_t held = 0; held < CLIENT_MEMORY_MAX; held += MIB)
		assert_int_equal(client_hold(&one, MIB), 0);
	assert_int_equal(client_hold(&one, 1), -ENOSPC);
	assert_int_equal(client_hold(&other, MIB), 0);
	client_release(&one, 1);
	assert_int_equal(client_hold(&one, 2), -ENOSPC);
	assert_int_equal(client_hold(&one, 1), 0);
	assert_int_equal(memory.held, CLIENT_MEMORY_MAX + MIB);
}

/* The other VMs have taken all the memory that there is. */
static void each_vm_has_a_share_of_its_own(void **state)
{
	(void)state;
	memory.held = MEMORY_MAX;
	assert_int_equal(client_hold(&one, CLIENT_MEMORY_SHARE + 1), -ENOSPC);
	assert_int_equal(client_hold(&one, CLIENT_MEMORY_SHARE), 0);
	assert_int_equal(client_hold(&one, 1), -ENOSPC);
	assert_int_equal(client_hold(&other, CLIENT_MEMORY_SHARE), 0);
	assert_int_equal(memory.held, MEMORY_MAX + 2 * CLIENT_MEMORY_SHARE);
	client_release(&one, CLIENT_MEMORY_SHARE);
	client_release(&other, CLIENT_MEMORY_SHARE);
	assert_int_equal(memory.held, MEMORY_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_vm_holds_no_more_than_it_may, setup),
		cmocka_unit_test_setup(each_vm_has_a_share_of_its_own, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
