// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bytes/mdc4.c"

static const uint8_t text[] = "Now is the time for all ";

#define TEXT_LENGTH	(sizeof(text) - 1)

/*
 * MDC-2 is MDC-1 applied once to each block. The vector is that of ISO/IEC
 * 10118-2.
 */
static void mdc2_vector(void **state)
{
	static const uint8_t expected[] = {
		0x42, 0xe5, 0x0c, 0xd2, 0x24, 0xba, 0xce, 0xba,
		0x76, 0x0b, 0xdd, 0x2b, 0xd4, 0x09, 0x28, 0x1a,
	};
	EVP_CIPHER_CTX *des = EVP_CIPHER_CTX_new();
	struct pair keys, in, out;

	(void)state;
	memset(keys.one, 0x52, BLOCK);
	memset(keys.two, 0x25, BLOCK);
	assert_true(EVP_EncryptInit_ex2(des, EVP_des_ede(), NULL, NULL, NULL));
	for (size_t i = 0; i < TEXT_LENGTH; i += BLOCK) {
		memcpy(in.one, text + i, BLOCK);
		memcpy(in.two, text + i, BLOCK);
		assert_true(mdc1(des, &keys, &in, &out));
		keys = out;
	}
	assert_memory_equal(&keys, expected, sizeof(expected));
	EVP_CIPHER_CTX_free(des);
}

/* The codes were calculated step by step, by the DES of OpenSSL's command. */
static void mdc4_vectors(void **state)
{
	static const uint8_t of_text[] = {
		0xb6, 0x24, 0x72, 0x30, 0x0a, 0xb3, 0x2b, 0x36,
		0xbd, 0x04, 0x6e, 0xc4, 0xd1, 0xb3, 0xdc, 0xfd,
	};
	static const uint8_t of_key[] = {
		0x8a, 0x4e, 0x5c, 0xe1, 0x41, 0x95, 0xa0, 0xea,
		0x9e, 0x38, 0x0d, 0x1b, 0xe3, 0x0a, 0x2c, 0x07,
	};
	uint8_t code[MDC4_LENGTH], key[24];

	(void)state;
	memset(key, 1, sizeof(key));
	assert_true(mdc4((struct slice){ text, TEXT_LENGTH }, code));
	assert_memory_equal(code, of_text, sizeof(of_text));
	assert_true(mdc4((struct slice){ key, sizeof(key) }, code));
	assert_memory_equal(code, of_key, sizeof(of_key));
}

static void parts_of_blocks(void **state)
{
	uint8_t code[MDC4_LENGTH];

	(void)state;
	for (size_t length = 1; length < TEXT_LENGTH; length++)
		assert_int_equal(mdc4((struct slice){ text, length }, code),
				 length % BLOCK == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mdc2_vector),
		cmocka_unit_test(mdc4_vectors),
		cmocka_unit_test(parts_of_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
