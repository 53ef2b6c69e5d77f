// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include "cca/aes.c"
#include "tests/unit/unprotect.h"

static struct domain domain;
static struct message m;
static struct answer a;

static const uint8_t clear[32] = { 0xde, 0xad, 0xbe, 0xef, [31] = 0x77 };

static int setup(void **state)
{
	(void)state;
	domain_make(&domain);
	return 0;
}

static void change_master_key(void)
{
	static uint8_t part[32];

	part[0]++;
	assert_int_equal(domain_load(&domain, MASTER_KEY_AES,
				     (struct slice){ part, 32 }, true), 0);
	assert_int_equal(domain_set(&domain, MASTER_KEY_AES), 0);
}

/* Make the request of cca_genseckey(). */
static void make_generate(const char *length)
{
	message_open(&m, "KG", "");
	block_open(&m);
	build_bytes(&m.b, "OP      ", 8);
	build_bytes(&m.b, length, 8);
	build_bytes(&m.b, "AESDATA ", 8);
	build_zeros(&m.b, 8);
	block_close(&m);
	block_open(&m);
	for (int i = 0; i < 6; i++) {
		uint8_t data[64] = { 0 };

		field(&m, i == 2 ? 0x30 : 0x10, data, sizeof(data));
	}
	block_close(&m);
	message_close(&m);
}

/* Make the request of cca_clr2seckey(). */
static void make_import(size_t length)
{
	uint8_t data[64] = { 0 };

	message_open(&m, "CM", "AES     ");
	block_open(&m);
	build_bytes(&m.b, clear, length);
	block_close(&m);
	block_open(&m);
	field(&m, 0x30, data, sizeof(data));
	block_close(&m);
	message_close(&m);
}

/* Make the request of cca_sec2protkey(). */
static void make_protect(const uint8_t *token, size_t length)
{
	message_open(&m, "US", "");
	block_open(&m);
	field(&m, 1, NULL, 0);
	block_close(&m);
	block_open(&m);
	field(&m, 0, token, length);
	block_close(&m);
	message_close(&m);
}

/* Copy the token of a reply, with the checks of the kernel. */
static void take_reply_token(uint8_t token[TOKEN_SIZE], size_t bits)
{
	assert_int_equal(a.codes, CCA_OK);
	assert_int_equal(a.user.length, 0);
	assert_int_equal(a.keys.length, 4 + TOKEN_SIZE);
	assert_int_equal(a.keys.at[1], 4 + TOKEN_SIZE);
	memcpy(token, a.keys.at + 4, TOKEN_SIZE);
	assert_int_equal(token[0], 1);
	assert_int_equal(token[4], 4);
	assert_memory_equal(token + 8,
			    domain_current(&domain, MASTER_KEY_AES)->pattern, 8);
	assert_int_equal(token[56] << 8 | token[57], bits);
}

/* Copy the key in the protected key of a reply. Return its length. */
static size_t take_key(uint8_t key[32])
{
	struct cursor c = cursor_of(a.user.at, a.user.length);
	struct slice block, protected;
	uint16_t tag, length;

	block = cprbx_field(&c, &tag);
	assert_true(cursor_at_end(&c));
	assert_int_equal(tag, 1);
	assert_int_equal(block.length, 142);
	assert_int_equal(block.at[0], 1);
	assert_int_equal(block.at[3], 2);
	c = cursor_of(block.at, block.length);
	cursor_take(&c, 8);
	length = cursor_u16(&c);
	protected = cursor_take(&c, length);
	assert_true(unprotect(protected, key));
	return length - CPACF_PATTERN;
}

static void imports_and_protects(void **state)
{
	uint8_t token[TOKEN_SIZE], key[32];

	(void)state;
	for (size_t length = 16; length <= 32; length += 8) {
		make_import(length);
		ask(&domain, &m, &a);
		take_reply_token(token, 8 * length);
		assert_memory_not_equal(token + 16, clear, 4);
		make_protect(token, sizeof(token));
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		assert_int_equal(take_key(key), length);
		assert_memory_equal(key, clear, length);
	}
}

static void generates(void **state)
{
	static const char *const words[] = {
		"KEYLN16 ", "KEYLN24 ", "KEYLN32 ",
	};
	uint8_t one[TOKEN_SIZE], two[TOKEN_SIZE];

	(void)state;
	for (int i = 0; i < 3; i++) {
		make_generate(words[i]);
		ask(&domain, &m, &a);
		take_reply_token(one, 128 + 64 * i);
		ask(&domain, &m, &a);
		take_reply_token(two, 128 + 64 * i);
		assert_memory_not_equal(one + 16, two + 16, 32);
		make_protect(one, sizeof(one));
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	}
	make_generate("KEYLN8  ");
	assert_int_equal(ask(&domain, &m, &a), CCA_RULES);
}

/* A key cannot be used any more when the master key that wraps it is gone. */
static void useless_after_change(void **state)
{
	uint8_t token[TOKEN_SIZE], key[32];

	(void)state;
	make_import(32);
	ask(&domain, &m, &a);
	take_reply_token(token, 256);
	make_protect(token, sizeof(token));

	change_master_key();
	assert_int_equal(ask(&domain, &m, &a), CCA_OLD_MASTER_KEY);
	take_key(key);
	assert_memory_equal(key, clear, 32);

	change_master_key();
	assert_int_equal(ask(&domain, &m, &a), CCA_PATTERN);
	assert_int_equal(a.user.length, 0);
}

static void useless_without_old_key(void **state)
{
	uint8_t token[TOKEN_SIZE];

	(void)state;
	make_import(16);
	ask(&domain, &m, &a);
	take_reply_token(token, 128);
	make_protect(token, sizeof(token));
	change_master_key();
	domain_clear(&domain, MASTER_KEY_AES, MASTER_KEY_OLD);
	assert_int_equal(ask(&domain, &m, &a), CCA_PATTERN);
}

static void useless_in_other_domain(void **state)
{
	uint8_t token[TOKEN_SIZE];
	struct domain other;

	(void)state;
	make_import(16);
	ask(&domain, &m, &a);
	take_reply_token(token, 128);
	make_protect(token, sizeof(token));
	domain_make_other(&other);
	assert_int_equal(ask(&other, &m, &a), CCA_PATTERN);
}

static void validate(uint8_t token[TOKEN_SIZE])
{
	struct builder b = builder_of(token + TOKEN_SIZE - 4, 4);

	build_u32(&b, sum_of((struct slice){ token, TOKEN_SIZE }));
}

/*
 * With the pattern of another master key, a token still is not under that key.
 */
static void pattern_is_no_proof(void **state)
{
	uint8_t token[TOKEN_SIZE];

	(void)state;
	make_import(16);
	ask(&domain, &m, &a);
	take_reply_token(token, 128);
	change_master_key();
	memcpy(token + 8, domain_current(&domain, MASTER_KEY_AES)->pattern, 8);
	validate(token);
	make_protect(token, sizeof(token));
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
}

static void no_master_key(void **state)
{
	(void)state;
	domain_clear(&domain, MASTER_KEY_AES, MASTER_KEY_CURRENT);
	make_import(16);
	assert_int_equal(ask(&domain, &m, &a), CCA_NO_MASTER_KEY);
	make_generate("KEYLN32 ");
	assert_int_equal(ask(&domain, &m, &a), CCA_NO_MASTER_KEY);
}

static void bad_lengths(void **state)
{
	(void)state;
	for (size_t length = 0; length <= 32; length++) {
		make_import(length);
		assert_int_equal(ask(&domain, &m, &a),
				 length == 16 || length == 24 || length == 32 ?
				 CCA_OK : CCA_KEY_LENGTH);
	}
}

/* Any changed byte of a token is noticed, by the field itself or by the sum. */
static void damaged_tokens(void **state)
{
	uint8_t token[TOKEN_SIZE];

	(void)state;
	make_import(32);
	ask(&domain, &m, &a);
	take_reply_token(token, 256);
	for (size_t i = 0; i < sizeof(token); i++) {
		token[i] ^= 0x40;
		make_protect(token, sizeof(token));
		assert_int_equal(ask(&domain, &m, &a),
				 i == 0 || i == 4 ? CCA_TOKEN : CCA_VALIDATION);
		token[i] ^= 0x40;
	}
	for (size_t length = 0; length < sizeof(token); length++) {
		make_protect(token, length);
		assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	}
}

/* A token whose sum is right is refused if another field is wrong. */
static void wrong_tokens_with_right_sums(void **state)
{
	static const uint8_t fixed[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 48, 49, 50, 51, 52, 53, 54, 55, 56,
		57, 58, 59,
	};
	uint8_t token[TOKEN_SIZE];

	(void)state;
	make_import(32);
	ask(&domain, &m, &a);
	take_reply_token(token, 256);
	for (size_t i = 0; i < sizeof(fixed); i++) {
		token[fixed[i]] ^= 0x04;
		validate(token);
		make_protect(token, sizeof(token));
		assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
		token[fixed[i]] ^= 0x04;
	}
	validate(token);
	make_protect(token, sizeof(token));
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
}

static void tormented(void **state)
{
	uint8_t token[TOKEN_SIZE];

	(void)state;
	make_generate("KEYLN16 ");
	torment(&domain, &m, harmless);
	make_import(24);
	torment(&domain, &m, harmless);
	make_import(24);
	ask(&domain, &m, &a);
	take_reply_token(token, 192);
	make_protect(token, sizeof(token));
	torment(&domain, &m, harmless);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(imports_and_protects, setup),
		cmocka_unit_test_setup(generates, setup),
		cmocka_unit_test_setup(useless_after_change, setup),
		cmocka_unit_test_setup(useless_without_old_key, setup),
		cmocka_unit_test_setup(useless_in_other_domain, setup),
		cmocka_unit_test_setup(pattern_is_no_proof, setup),
		cmocka_unit_test_setup(no_master_key, setup),
		cmocka_unit_test_setup(bad_lengths, setup),
		cmocka_unit_test_setup(damaged_tokens, setup),
		cmocka_unit_test_setup(wrong_tokens_with_right_sums, setup),
		cmocka_unit_test_setup(tormented, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
