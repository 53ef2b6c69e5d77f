// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include "cca/cipher.c"
#include "tests/unit/unprotect.h"

static struct domain domain;
static struct message m;
static struct answer a;

static const uint8_t clear[32] = { 0xde, 0xad, 0xbe, 0xef, [31] = 0x77 };
static const uint8_t mask[32] = { 0x5a, 0xa5, 0x5a, [30] = 0x11 };

/* A token without a key, exportable as a protected key only. */
static const uint8_t skeleton[HEAD] = {
	[0] = 0x01, [3] = 0x38, [4] = 0x05, [30] = 0x01, [33] = 0x1a,
	[41] = 0x02, [43] = 0x01, [44] = 0x02, [45] = 0xc0, [47] = 0xff,
	[49] = 0x03, [50] = 0x08, [51] = 0xc8,
};

static uint8_t token[TOKEN_MAX];
static size_t token_length;

static int setup(void **state)
{
	(void)state;
	domain_make(&domain);
	memcpy(token, skeleton, sizeof(skeleton));
	token_length = sizeof(skeleton);
	return 0;
}

static void change_master_key(void)
{
	static uint8_t part[32];

	part[0]++;
	domain_load(&domain, MASTER_KEY_AES, (struct slice){ part, 32 }, true);
	assert_int_equal(domain_set(&domain, MASTER_KEY_AES), 0);
}

/* Make the request of cca_gencipherkey(). */
static void make_generate(uint16_t bits)
{
	message_open(&m, "GK", "AES     OP      ");
	block_open(&m);
	build_bytes(&m.b, "TOKEN           ", 16);
	build_u16(&m.b, bits);
	build_zeros(&m.b, 8);
	block_close(&m);
	block_open(&m);
	for (int i = 0; i < 6; i++)
		field(&m, 0x30, token, i == 2 ? token_length : 0);
	block_close(&m);
	message_close(&m);
}

/* Tell a number of bits in a field of @width. */
static void make_import_as(const char *rules, uint16_t number, size_t width, const uint8_t *part,
			   size_t length)
{
	uint8_t bits[4] = { number >> 8, number };

	message_open(&m, "IP", rules);
	block_open(&m);
	field(&m, 0x64, bits, width);
	field(&m, 0x63, part, length);
	block_close(&m);
	block_open(&m);
	field(&m, 0x30, token, token_length);
	block_close(&m);
	message_close(&m);
}

/* Make the request of _ip_cprb_helper(). */
static void make_import(const char *rules, const uint8_t *part, size_t length)
{
	make_import_as(rules, 8 * length, 2, part, length);
}

/* Make the request of cca_cipher2protkey(). */
static void make_protect(void)
{
	uint8_t blob[66] = { 0 };

	message_open(&m, "AU", "EXPT-SK ");
	block_open(&m);
	field(&m, 0xc2, blob, sizeof(blob));
	block_close(&m);
	block_open(&m);
	field(&m, 0, token, token_length);
	block_close(&m);
	message_close(&m);
}

static void take_reply_token(void)
{
	struct cursor c = cursor_of(a.keys.at, a.keys.length);
	struct slice bytes;
	uint16_t tag;

	assert_int_equal(a.codes & 0xffff0000, 0);
	bytes = cprbx_field(&c, &tag);
	assert_true(bytes.length >= 120 && bytes.length <= 136);
	memcpy(token, bytes.at, bytes.length);
	token_length = bytes.length;
	assert_int_equal(token[2] << 8 | token[3], token_length);
}

static size_t take_key(uint8_t key[32])
{
	struct cursor c = cursor_of(a.user.at, a.user.length);
	struct slice protected;
	uint16_t length;

	cursor_take(&c, 4 + 8);
	length = cursor_u16(&c);
	protected = cursor_take(&c, length);
	assert_true(unprotect(protected, key));
	return length - CPACF_PATTERN;
}

/* Take the four steps of cca_clr2cipherkey(). */
static void import_clear(size_t length)
{
	make_import("AES     FIRST   MIN3PART", mask, length);
	ask(&domain, &m, &a);
	take_reply_token();
	make_import("AES     ADD-PART", clear, length);
	ask(&domain, &m, &a);
	take_reply_token();
	make_import("AES     ADD-PART", mask, length);
	ask(&domain, &m, &a);
	take_reply_token();
	make_import("AES     COMPLETE", NULL, 0);
	ask(&domain, &m, &a);
	take_reply_token();
}

static void imports_and_protects(void **state)
{
	uint8_t key[32];

	for (size_t length = 16; length <= 32; length += 8) {
		setup(state);
		import_clear(length);
		assert_int_equal(token[38] << 8 | token[39],
				 512 + 8 * (length - 16));
		make_protect();
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		assert_int_equal(take_key(key), length);
		assert_memory_equal(key, clear, length);
	}
}

/* In format 1, the token does not reveal the length of its key. */
static void payload_format_1(void **state)
{
	uint8_t key[32];

	for (size_t length = 16; length <= 32; length += 8) {
		setup(state);
		token[AT_FORMAT] = 1;
		import_clear(length);
		assert_int_equal(token[38] << 8 | token[39], 640);
		make_protect();
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		assert_int_equal(take_key(key), length);
		assert_memory_equal(key, clear, length);
	}
}

static void generates(void **state)
{
	uint8_t key[32], other[32];

	for (uint16_t bits = 128; bits <= 256; bits += 64) {
		setup(state);
		make_generate(bits);
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		assert_true(a.keys.length + 2 >= 130);
		assert_true(a.keys.length + 2 <= 146);
		take_reply_token();
		make_protect();
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		assert_int_equal(take_key(key), bits / 8);
		setup(state);
		make_generate(bits);
		ask(&domain, &m, &a);
		take_reply_token();
		make_protect();
		ask(&domain, &m, &a);
		take_key(other);
		assert_memory_not_equal(key, other, bits / 8);
	}
	make_generate(100);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY_LENGTH);
}

/* A token that has a key, under any master key, gets no other one. */
static void generates_into_skeletons_only(void **state)
{
	(void)state;
	import_clear(32);
	make_generate(256);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	change_master_key();
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	change_master_key();
	assert_int_equal(ask(&domain, &m, &a), CCA_PATTERN);
}

static void useless_after_change(void **state)
{
	(void)state;
	import_clear(32);
	make_protect();
	change_master_key();
	assert_int_equal(ask(&domain, &m, &a), CCA_OLD_MASTER_KEY);
	assert_true(a.user.length > 0);
	change_master_key();
	assert_int_equal(ask(&domain, &m, &a), CCA_PATTERN);
	assert_int_equal(a.user.length, 0);
}

/*
 * A key whose import began before a change of the master key ends under the new
 * one.
 */
static void change_during_import(void **state)
{
	(void)state;
	make_import("AES     FIRST   MIN3PART", mask, 16);
	ask(&domain, &m, &a);
	take_reply_token();
	change_master_key();
	make_import("AES     ADD-PART", clear, 16);
	assert_int_equal(ask(&domain, &m, &a), CCA_OLD_MASTER_KEY);
	take_reply_token();
	assert_memory_equal(token + AT_PATTERN,
			    domain_current(&domain, MASTER_KEY_AES)->pattern, 8);
}

static void order_of_parts(void **state)
{
	(void)state;
	make_import("AES     ADD-PART", clear, 16);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	make_import("AES     COMPLETE", NULL, 0);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	make_import("AES     FIRST   MIN3PART", mask, 16);
	ask(&domain, &m, &a);
	take_reply_token();
	make_protect();
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	make_import("AES     FIRST   MIN3PART", mask, 16);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	make_import("AES     COMPLETE", NULL, 0);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	make_import("AES     ADD-PART", clear, 24);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY_LENGTH);
	make_generate(128);
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
}

/* What the token forbids cannot be allowed by changing the token. */
static void export_forbidden(void **state)
{
	(void)state;
	token[AT_EXPORT] = 0;
	import_clear(32);
	make_protect();
	assert_int_equal(ask(&domain, &m, &a), CCA_NO_EXPORT);
	token[AT_EXPORT] = EXPORT_CPACF;
	make_protect();
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
}

static void bad_tokens(void **state)
{
	(void)state;
	import_clear(32);
	for (size_t i = 0; i < token_length; i++) {
		if (i >= AT_PATTERN + PATTERN_LENGTH && i < AT_METHOD)
			continue;	/* room for a longer pattern */
		token[i] ^= 0x40;
		make_protect();
		ask(&domain, &m, &a);
		assert_true(a.codes == CCA_TOKEN || a.codes == CCA_PATTERN);
		token[i] ^= 0x40;
	}
	token_length--;
	make_protect();
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
	token_length = 0;
	make_protect();
	assert_int_equal(ask(&domain, &m, &a), CCA_TOKEN);
}

/* As cca_ecc2protkey() sends it. */
static void a_token_of_ecc_is_switched_off(void **state)
{
	(void)state;
	import_clear(32);
	token[0] = 0x1f;
	make_protect();
	assert_int_equal(ask(&domain, &m, &a), 8 << 16 | 90);
	assert_int_equal(a.user.length, 0);
}

static void no_master_key(void **state)
{
	(void)state;
	domain_clear(&domain, MASTER_KEY_AES, MASTER_KEY_CURRENT);
	make_generate(256);
	assert_int_equal(ask(&domain, &m, &a), CCA_NO_MASTER_KEY);
	make_import("AES     FIRST   MIN3PART", mask, 16);
	assert_int_equal(ask(&domain, &m, &a), CCA_NO_MASTER_KEY);
}

static void tormented(void **state)
{
	(void)state;
	make_generate(192);
	torment(&domain, &m, harmless);
	make_import("AES     FIRST   MIN3PART", mask, 16);
	torment(&domain, &m, harmless);
	import_clear(24);
	make_protect();
	torment(&domain, &m, harmless);
}

static void a_part_is_as_long_as_its_bits_tell(void **state)
{
	static const char first[] = "AES     FIRST   MIN3PART";

	(void)state;
	make_generate(256);
	ask(&domain, &m, &a);
	make_import_as(first, 128, 2, mask, 32);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY_LENGTH);
	make_import_as(first, 256, 3, mask, 32);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY_LENGTH);
	make_import_as(first, 256, 1, mask, 32);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY_LENGTH);
	make_import_as(first, 8 * 31, 2, mask, 31);
	assert_int_equal(ask(&domain, &m, &a), CCA_KEY_LENGTH);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(imports_and_protects),
		cmocka_unit_test(payload_format_1),
		cmocka_unit_test(generates),
		cmocka_unit_test_setup(generates_into_skeletons_only, setup),
		cmocka_unit_test_setup(useless_after_change, setup),
		cmocka_unit_test_setup(change_during_import, setup),
		cmocka_unit_test_setup(order_of_parts, setup),
		cmocka_unit_test_setup(export_forbidden, setup),
		cmocka_unit_test_setup(bad_tokens, setup),
		cmocka_unit_test_setup(a_token_of_ecc_is_switched_off, setup),
		cmocka_unit_test_setup(no_master_key, setup),
		cmocka_unit_test_setup(tormented, setup),
		cmocka_unit_test_setup(a_part_is_as_long_as_its_bits_tell, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
