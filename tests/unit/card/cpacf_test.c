// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/cpacf.c"

static const uint8_t plain[32] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* A protected key is of use to the VM for which it was made, and to no other. */
static void each_vm_has_its_own(void **state)
{
	uint8_t protected[32 + CPACF_PATTERN], key[32];
	struct slice whole = { protected, sizeof(protected) };
	struct wrapping_key one, other;

	(void)state;
	assert_true(cpacf_wrapping(1, &one));
	assert_true(cpacf_wrapping(2, &other));
	cpacf_serve(1);
	assert_true(cpacf_protect((struct slice){ plain, 32 }, protected));
	assert_true(wrapping_unprotect(&one, whole, key));
	assert_memory_equal(key, plain, 32);
	assert_false(wrapping_has_made(&other, whole));
	cpacf_serve(2);
	assert_true(cpacf_protect((struct slice){ plain, 32 }, protected));
	assert_true(wrapping_unprotect(&other, whole, key));
	assert_false(wrapping_has_made(&one, whole));
}

/* It goes on with the same keys when the machine's was kept. */
static void keys_are_kept(void **state)
{
	uint8_t kept[CPACF_KEY], drawn[CPACF_KEY] = { 42 };
	struct wrapping_key before, after;

	(void)state;
	assert_true(cpacf_key(kept));
	assert_true(cpacf_wrapping(7, &before));
	cpacf_set_key(drawn);
	assert_true(cpacf_wrapping(7, &after));
	assert_memory_not_equal(before.key, after.key, sizeof(after.key));
	cpacf_set_key(kept);
	assert_true(cpacf_wrapping(7, &after));
	assert_memory_equal(before.key, after.key, sizeof(after.key));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_vm_has_its_own),
		cmocka_unit_test(keys_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
