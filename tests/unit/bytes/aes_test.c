// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes/aes.c"

static uint8_t kek[AES_KEK_LENGTH];
static uint8_t plain[AES_KEK_LENGTH];

static int setup(void **state)
{
	(void)state;
	for (int i = 0; i < AES_KEK_LENGTH; i++) {
		kek[i] = i;
		plain[i] = i < 16 ? 0x11 * i : i - 16;
	}
	return 0;
}

/* The vector of RFC 3394, 4.6. */
static void wrap_vector(void **state)
{
	static const uint8_t expected[] = {
		0x28, 0xc9, 0xf4, 0x04, 0xc4, 0xb8, 0x10, 0xf4,
		0xcb, 0xcc, 0xb3, 0x5c, 0xfb, 0x87, 0xf8, 0x26,
		0x3f, 0x57, 0x86, 0xe2, 0xd8, 0x0e, 0xd3, 0x26,
		0xcb, 0xc7, 0xf0, 0xe7, 0x1a, 0x99, 0xf4, 0x3b,
		0xfb, 0x98, 0x8b, 0x9b, 0x7a, 0x02, 0xdd, 0x21,
	};
	uint8_t wrapped[40], again[32];

	(void)state;
	assert_true(aes_wrap(kek, (struct slice){ plain, 32 }, wrapped));
	assert_memory_equal(wrapped, expected, sizeof(expected));
	assert_true(aes_unwrap(kek, (struct slice){ wrapped, 40 }, again));
	assert_memory_equal(again, plain, 32);
	for (size_t i = 0; i < sizeof(wrapped); i++) {
		static const uint8_t zeros[32];

		wrapped[i] ^= 1;
		assert_false(aes_unwrap(kek, (struct slice){ wrapped, 40 },
					again));
		assert_memory_equal(again, zeros, sizeof(zeros));
		wrapped[i] ^= 1;
	}
}

static void wrap_lengths(void **state)
{
	uint8_t wrapped[48];

	(void)state;
	for (size_t length = 0; length <= 32; length++)
		assert_int_equal(aes_wrap(kek, (struct slice){ plain, length },
					  wrapped),
				 length >= 16 && !(length % 8));
	for (size_t length = 0; length < 24; length++)
		assert_false(aes_unwrap(kek, (struct slice){ plain, length },
					wrapped));
}

/*
 * One block of NIST SP 800-38A, F.1.5. With a vector of zeros, CBC is the same
 * as ECB.
 */
static void encrypt_vector(void **state)
{
	static const uint8_t key[] = {
		0x60, 0x3d, 0xeb, 0x10, 0x15, 0xca, 0x71, 0xbe,
		0x2b, 0x73, 0xae, 0xf0, 0x85, 0x7d, 0x77, 0x81,
		0x1f, 0x35, 0x2c, 0x07, 0x3b, 0x61, 0x08, 0xd7,
		0x2d, 0x98, 0x10, 0xa3, 0x09, 0x14, 0xdf, 0xf4,
	};
	static const uint8_t block[] = {
		0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
		0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
	};
	static const uint8_t expected[] = {
		0xf3, 0xee, 0xd1, 0xbd, 0xb5, 0xd2, 0xa0, 0x3c,
		0x06, 0x4b, 0x5a, 0x7e, 0x3d, 0xb1, 0x81, 0xf8,
	};
	uint8_t out[16];

	(void)state;
	assert_true(aes_encrypt(key, (struct slice){ block, 16 }, out));
	assert_memory_equal(out, expected, sizeof(expected));
}

static void encrypt_lengths(void **state)
{
	uint8_t out[32], again[32];

	(void)state;
	for (size_t length = 16; length <= 32; length += 8) {
		assert_true(aes_encrypt(kek, (struct slice){ plain, length },
					out));
		assert_memory_not_equal(out, plain, length);
		assert_true(aes_decrypt(kek, (struct slice){ out, length },
					again));
		assert_memory_equal(again, plain, length);
	}
	assert_false(aes_encrypt(kek, (struct slice){ plain, 15 }, out));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrap_vector),
		cmocka_unit_test(wrap_lengths),
		cmocka_unit_test(encrypt_vector),
		cmocka_unit_test(encrypt_lengths),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
