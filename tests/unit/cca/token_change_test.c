// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include "cca/token_change.c"
#include "tests/unit/unprotect.h"

#define TOKEN_MAX	256

static struct domain domain;
static struct message m;
static struct answer a;

static const uint8_t clear[32] = { 0xde, 0xad, 0xbe, 0xef, [31] = 0x77 };

/*
 * The two kinds of token have their verification patterns in different places.
 */
static struct token {
	uint8_t bytes[TOKEN_MAX];
	size_t length;
	size_t pattern_at;
} fixed, variable;

static void keep_token(struct token *token, size_t pattern_at)
{
	struct cursor c = cursor_of(a.keys.at, a.keys.length);
	struct slice bytes;
	uint16_t tag;

	bytes = cprbx_field(&c, &tag);
	assert_true(bytes.length && bytes.length <= TOKEN_MAX);
	token->length = bytes.length;
	token->pattern_at = pattern_at;
	memcpy(token->bytes, bytes.at, bytes.length);
}

static void import_fixed(void)
{
	message_open(&m, "CM", "AES     ");
	block_open(&m);
	build_bytes(&m.b, clear, sizeof(clear));
	block_close(&m);
	block_empty(&m);
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	keep_token(&fixed, 8);
}

/* Have GK make a cipher key for CPACF in a token without a key. */
static void generate_variable(void)
{
	static const uint8_t head[56] = {
		1, [3] = 56, 5, [28] = 1, [30] = 1, [33] = 26, [41] = 2,
		[43] = 1, 2, [45] = 0xc0, [49] = 3, [50] = 0x08,
	};

	message_open(&m, "GK", "AES     OP      ");
	block_open(&m);
	build_bytes(&m.b, "TOKEN           ", 16);
	build_u16(&m.b, 256);
	build_zeros(&m.b, 8);
	block_close(&m);
	block_open(&m);
	for (int i = 0; i < 6; i++)
		field(&m, 0x30, head, i == 2 ? sizeof(head) : 0);
	block_close(&m);
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	keep_token(&variable, 10);
}

static int setup(void **state)
{
	(void)state;
	domain_make(&domain);
	import_fixed();
	generate_variable();
	return 0;
}

static void load_new(uint8_t byte)
{
	uint8_t part[32] = { byte };

	assert_int_equal(domain_load(&domain, MASTER_KEY_AES,
				     (struct slice){ part, 32 }, true), 0);
}

static void change_master_key(uint8_t byte)
{
	load_new(byte);
	assert_int_equal(domain_set(&domain, MASTER_KEY_AES), 0);
}

static uint32_t change_token(const char *rules, struct token *token)
{
	message_open(&m, "KT", rules);
	block_empty(&m);
	block_open(&m);
	field(&m, 0x30, token->bytes, token->length);
	block_close(&m);
	ask(&domain, &m, &a);
	if (!a.codes)
		keep_token(token, token->pattern_at);
	return a.codes;
}

static void is_under(const struct token *token, enum master_key_register which)
{
	assert_memory_equal(token->bytes + token->pattern_at,
			    domain.keys[MASTER_KEY_AES][which].pattern,
			    PATTERN_LENGTH);
}

/*
 * Take the key of a token, by way of a protected key. Return the codes of the
 * reply.
 */
static uint32_t key_of(const struct token *token, uint8_t key[32])
{
	struct cursor c;
	struct slice block;
	uint16_t tag, length;

	if (token == &fixed)
		message_open(&m, "US", "");
	else
		message_open(&m, "AU", "EXPT-SK ");
	block_open(&m);
	field(&m, token == &fixed ? 1 : 0xc2, NULL, 0);
	block_close(&m);
	block_open(&m);
	field(&m, 0, token->bytes, token->length);
	block_close(&m);
	if (ask(&domain, &m, &a) >> 16)
		return a.codes;
	c = cursor_of(a.user.at, a.user.length);
	block = cprbx_field(&c, &tag);
	c = cursor_of(block.at, block.length);
	cursor_take(&c, 8);
	length = cursor_u16(&c);
	assert_true(unprotect(cursor_take(&c, length), key));
	return a.codes;
}

static struct token *const tokens[] = { &fixed, &variable };

static void to_the_current_key(void **state)
{
	uint8_t before[32], after[32];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(key_of(tokens[i], before), CCA_OK);
		change_master_key(1 + i);
		assert_int_equal(key_of(tokens[i], after), CCA_OLD_MASTER_KEY);
		is_under(tokens[i], MASTER_KEY_OLD);
		assert_int_equal(change_token("RTCMK   ", tokens[i]), CCA_OK);
		is_under(tokens[i], MASTER_KEY_CURRENT);
		domain_clear(&domain, MASTER_KEY_AES, MASTER_KEY_OLD);
		assert_int_equal(key_of(tokens[i], after), CCA_OK);
		assert_memory_equal(after, before, sizeof(before));
		domain_make_other(&domain);
		import_fixed();
		generate_variable();
	}
}

static void under_the_current_key_already(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct token before = *tokens[i];

		assert_int_equal(change_token("AES     RTCMK   ", tokens[i]),
				 CCA_OK);
		assert_int_equal(before.length, tokens[i]->length);
		assert_memory_equal(before.bytes, tokens[i]->bytes,
				    before.length);
	}
}

static void to_the_new_key(void **state)
{
	uint8_t before[32], after[32];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(key_of(tokens[i], before), CCA_OK);
		assert_int_equal(change_token("RTNMK   ", tokens[i]),
				 CCA_NO_MASTER_KEY);
		load_new(1 + i);
		assert_int_equal(change_token("AES     RTNMK   ", tokens[i]),
				 CCA_OK);
		is_under(tokens[i], MASTER_KEY_NEW);
		assert_int_equal(key_of(tokens[i], after), CCA_PATTERN);
		domain_set(&domain, MASTER_KEY_AES);
		assert_int_equal(key_of(tokens[i], after), CCA_OK);
		assert_memory_equal(after, before, sizeof(before));
		domain_make_other(&domain);
		import_fixed();
		generate_variable();
	}
}

static void under_no_key_of_the_domain(void **state)
{
	(void)state;
	change_master_key(1);
	change_master_key(2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(change_token("RTCMK   ", tokens[i]),
				 CCA_PATTERN);
		assert_int_equal(a.keys.length, 0);
	}
}

static void no_master_key(void **state)
{
	(void)state;
	change_master_key(1);
	domain_clear(&domain, MASTER_KEY_AES, MASTER_KEY_CURRENT);
	for (int i = 0; i < 2; i++)
		assert_int_equal(change_token("RTCMK   ", tokens[i]),
				 CCA_NO_MASTER_KEY);
}

static void malformed(void **state)
{
	struct token bad;

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (size_t length = 0; length < tokens[i]->length; length++) {
			bad = *tokens[i];
			bad.length = length;
			assert_int_equal(change_token("RTCMK   ", &bad),
					 length > AT_VERSION ? CCA_TOKEN :
							       CCA_SIZE);
		}
		bad = *tokens[i];
		bad.bytes[bad.length - 1] ^= 1;
		assert_int_equal(change_token("RTCMK   ", &bad),
				 tokens[i] == &fixed ? CCA_VALIDATION :
						       CCA_TOKEN);
	}
	assert_int_equal(change_token("RTCMK   RTCMK   ", &fixed), CCA_RULES);
	assert_int_equal(change_token("", &fixed), CCA_RULES);
}

static void tormented(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		change_token("RTCMK   ", tokens[i]);
		torment(&domain, &m, harmless);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(to_the_current_key, setup),
		cmocka_unit_test_setup(under_the_current_key_already, setup),
		cmocka_unit_test_setup(to_the_new_key, setup),
		cmocka_unit_test_setup(under_no_key_of_the_domain, setup),
		cmocka_unit_test_setup(no_master_key, setup),
		cmocka_unit_test_setup(malformed, setup),
		cmocka_unit_test_setup(tormented, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
