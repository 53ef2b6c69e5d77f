// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes/wrapping.c"

static const uint8_t plain[32] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint8_t one[WRAPPING_KEY] = { 1 }, other[WRAPPING_KEY] = { 2 };

static void protected_keys(void **state)
{
	struct wrapping_key w = wrapping_of(one), another = wrapping_of(other);
	uint8_t protected[32 + WRAPPING_PATTERN], key[32];

	(void)state;
	for (size_t length = 16; length <= 32; length += 8) {
		struct slice whole = { protected, length + WRAPPING_PATTERN };

		assert_true(wrapping_protect(&w, (struct slice){ plain, length },
					     protected));
		assert_memory_not_equal(protected, plain, length);
		assert_true(wrapping_unprotect(&w, whole, key));
		assert_memory_equal(key, plain, length);
		assert_false(wrapping_unprotect(&another, whole, key));
		protected[length] ^= 1;
		assert_false(wrapping_has_made(&w, whole));
		assert_false(wrapping_unprotect(&w, whole, key));
		whole.length = WRAPPING_PATTERN - 1;
		assert_false(wrapping_unprotect(&w, whole, key));
	}
}

static void only_keys_of_aes(void **state)
{
	struct wrapping_key w = wrapping_of(one);
	uint8_t protected[64];

	(void)state;
	for (size_t length = 0; length <= 32; length++)
		assert_int_equal(wrapping_protect(&w, (struct slice){ plain, length },
						  protected),
				 length == 16 || length == 24 || length == 32);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(protected_keys),
		cmocka_unit_test(only_keys_of_aes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
