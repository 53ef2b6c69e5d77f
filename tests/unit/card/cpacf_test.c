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

static void protected_keys(void **state)
{
	uint8_t protected[32 + CPACF_PATTERN], key[32];

	(void)state;
	for (size_t length = 16; length <= 32; length += 8) {
		struct slice whole = { protected, length + CPACF_PATTERN };

		assert_true(cpacf_protect((struct slice){ plain, length },
					  protected));
		assert_true(cpacf_unprotect(whole, key));
		assert_memory_equal(key, plain, length);
		protected[length] ^= 1;
		assert_false(cpacf_unprotect(whole, key));
		whole.length = CPACF_PATTERN - 1;
		assert_false(cpacf_unprotect(whole, key));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(protected_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
