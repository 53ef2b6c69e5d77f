// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests and commands to a CCA coprocessor. The first byte of an input is 0
 * and a whole message follows, or it selects a sub-function and what follows
 * fills the blocks of that:
 *
 *	u8	options, below
 *	u16	length of the user data
 *	-	user data, keys
 *
 * With a token option, the keys are one field with a token of the domain, to
 * which the rest of the input is added by exclusive or. The token may be
 * repaired after that: the sum of a token of fixed length is made right, and
 * the payload of one of variable length, which is damaged before it is wrapped,
 * is bound to its head.
 *
 * runs: 20000
 */
#include <openssl/sha.h>

#include "bytes/aes.h"
#include "cca/key.h"
#include "coprocessor.h"
#include "tests/known_keys.h"

#define COMMAND		0x01
#define TOKEN_FIXED	0x02
#define TOKEN_VARIABLE	0x04
#define SMALL_ROOM	0x08
#define REPAIR		0x10

#define MESSAGE_MAX	8192
#define MASTER_KEY_ROWS	21

/* Sizes of tokens of fixed and of variable length. */
#define FIXED_SIZE	64
#define HEAD		56
#define ASSOCIATED	30

struct choice {
	char code[3];
	char rules[33];
};

static struct choice choices[64];
static size_t choice_count;
static struct domain domain;

struct token {
	uint8_t bytes[256];
	size_t length;
};

static struct token fixed, variable;

static void add_choice(const char *code, const char *rules)
{
	struct choice *choice = &choices[choice_count++];

	promised(choice_count <= sizeof(choices) / sizeof(choices[0]));
	snprintf(choice->code, sizeof(choice->code), "%s", code);
	snprintf(choice->rules, sizeof(choice->rules), "%s", rules);
}

static void add_table(const struct cca_function *row)
{
	for (; row->rules; row++)
		add_choice(row->code, row->rules);
}

static void add_processes(void)
{
	static const char *const kinds[] = { "AES-MK  ", "APKA-MK ", "ASYM-MK " };
	static const char *const words[] = {
		"FIRST   ", "MIDDLE  ", "LAST    ", "RANDOM  ", "SET     ",
		"CLEAR   ", "CLR-OLD ",
	};
	char rules[17];

	for (int i = 0; i < MASTER_KEY_ROWS; i++) {
		snprintf(rules, sizeof(rules), "%s%s", kinds[i % 3],
			 words[i / 3]);
		add_choice("MP", rules);
	}
}

static size_t compose(uint8_t *message, const struct choice *choice,
		      uint8_t options, struct slice user, struct slice keys)
{
	struct builder b = builder_of(message, MESSAGE_MAX);
	size_t block;

	build_u16(&b, 0x0006);
	build_zeros(&b, 14);
	build_u32(&b, TYPE6_HEADER_SIZE);
	build_zeros(&b, 12);
	build_bytes(&b, "CA", 2);
	build_zeros(&b, 18);
	build_bytes(&b, choice->code, 2);
	build_zeros(&b, 18);
	build_u32(&b, options & SMALL_ROOM ? 300 : 4096);
	build_u32(&b, 256);
	build_zeros(&b, 8);
	build_u16(&b, CPRBX_SIZE);
	build_u16(&b, 0x0200);
	build_u16(&b, 0);
	build_bytes(&b, options & COMMAND ? "T3" : "T2", 2);
	build_zeros(&b, 162);
	build_u16(&b, domain.number);
	build_zeros(&b, 48);
	build_bytes(&b, choice->code, 2);
	block = build_open(&b);
	build_bytes(&b, choice->rules, strlen(choice->rules));
	build_close(&b, block);
	block = build_open(&b);
	build_slice(&b, user);
	build_close(&b, block);
	block = build_open(&b);
	build_slice(&b, keys);
	build_close(&b, block);
	build_patch_u32(&b, 56, builder_length(&b) - TYPE6_HEADER_SIZE);
	build_patch_u32(&b, TYPE6_HEADER_SIZE + 12,
			builder_length(&b) - TYPE6_HEADER_SIZE - CPRBX_SIZE);
	return builder_is_broken(&b) ? 0 : builder_length(&b);
}

static void keep_token(const struct choice *choice, struct slice user,
		       struct slice keys, struct token *token)
{
	uint8_t message[MESSAGE_MAX];
	size_t length = compose(message, choice, 0, user, keys), reply_length;
	uint8_t *reply = ask(&cca, &domain, message, length, &reply_length);
	struct cursor c = cursor_of(reply, reply_length);
	struct slice bytes;
	uint16_t tag;

	cursor_take(&c, TYPE86_HEADER_SIZE + CPRBX_SIZE + 2);
	cprbx_block(&c);
	cprbx_block(&c);
	cursor_u16(&c);
	bytes = cprbx_field(&c, &tag);
	promised(bytes.length && bytes.length <= sizeof(token->bytes));
	memcpy(token->bytes, bytes.at, bytes.length);
	token->length = bytes.length;
	free(reply);
}

/* A token of variable length without a key, as the kernel makes it. */
static const uint8_t skeleton[56] = {
	1, [3] = 56, 5, [28] = 1, [30] = 1, [33] = 26, [41] = 2, [43] = 1, 2,
	[45] = 0xc0, [49] = 3, [50] = 0x08,
};

/* Write the sum of a token of fixed length at its end. */
static void sum_up(uint8_t *token)
{
	struct cursor c = cursor_of(token, FIXED_SIZE - 4);
	struct builder b = builder_of(token + FIXED_SIZE - 4, 4);
	uint32_t sum = 0;

	while (cursor_left(&c))
		sum += cursor_u32(&c);
	build_u32(&b, sum);
}

/* Wrap the payload of a token of variable length for the head that it has. */
static void rewrap(uint8_t *token, const uint8_t *undamaged, size_t length,
		   struct slice damage)
{
	const uint8_t *kek = domain.keys[MASTER_KEY_AES][MASTER_KEY_CURRENT].value;
	uint8_t payload[128];
	size_t size = length - HEAD - AES_WRAP_OVERHEAD;

	if (!aes_unwrap(kek, (struct slice){ undamaged + HEAD, length - HEAD },
			payload))
		return;
	for (size_t i = HEAD; i < damage.length && i - HEAD < size; i++)
		payload[i - HEAD] ^= damage.at[i];
	SHA256(token + ASSOCIATED, HEAD - ASSOCIATED, payload + 8);
	promised(aes_wrap(kek, (struct slice){ payload, size }, token + HEAD));
}

/* Lay a field with a damaged token. */
static struct slice lay_token(const struct token *token, struct slice damage,
			      uint8_t options, uint8_t field[260])
{
	struct builder b = builder_of(field, 260);

	build_u16(&b, 4 + token->length);
	build_u16(&b, TAG_KEY);
	build_bytes(&b, token->bytes, token->length);
	for (size_t i = 0; i < damage.length && i < token->length; i++)
		field[4 + i] ^= damage.at[i];
	if (options & REPAIR && token == &fixed)
		sum_up(field + 4);
	else if (options & REPAIR && token->length > HEAD + AES_WRAP_OVERHEAD)
		rewrap(field + 4, token->bytes, token->length, damage);
	return builder_laid(&b);
}

/*
 * Make tokens of two clear keys. The second key is added in parts to a token
 * without a key.
 */
static void make_tokens(void)
{
	static const struct choice import = { "CM", "AES     " };
	static const struct choice parts[] = {
		{ "IP", "AES     FIRST   MIN3PART" },
		{ "IP", "AES     ADD-PART" }, { "IP", "AES     ADD-PART" },
		{ "IP", "AES     COMPLETE" },
	};
	static const uint8_t clear[32], part[42] = {
		0, 6, 0, 0x64, 1, 0, 0, 36, 0, 0x63, 1,
	}, none[10] = { 0, 6, 0, 0x64, 0, 0, 0, 4, 0, 0x63 };
	uint8_t field[260];
	struct slice keys;

	keep_token(&import, (struct slice){ clear, sizeof(clear) },
		   (struct slice){ 0 }, &fixed);
	memcpy(variable.bytes, skeleton, sizeof(skeleton));
	variable.length = sizeof(skeleton);
	for (int i = 0; i < 4; i++) {
		keys = lay_token(&variable, (struct slice){ 0 }, 0, field);
		keep_token(&parts[i], i < 3 ?
			   (struct slice){ part, sizeof(part) } :
			   (struct slice){ none, sizeof(none) },
			   keys, &variable);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	domain_init(&domain, AP_APQN(5, 4));
	promised(known_keys(&domain));
	add_table(cca_rsa);
	add_table(cca_random);
	add_table(cca_facility);
	add_table(cca_ec);
	add_table(cca_aes);
	add_table(cca_cipher);
	add_table(cca_token_change);
	add_processes();
	make_tokens();
	return 0;
}

static size_t make_message(struct cursor *c, uint8_t selector, uint8_t *message)
{
	uint8_t options = cursor_u8(c), field[260];
	struct slice user = take_up_to(c, cursor_u16(c));
	struct slice keys = cursor_rest(c);

	if (options & TOKEN_FIXED)
		keys = lay_token(&fixed, keys, options, field);
	else if (options & TOKEN_VARIABLE)
		keys = lay_token(&variable, keys, options, field);
	return compose(message, &choices[selector % choice_count], options,
		       user, keys);
}

/* Each input has the same master keys, whatever the last one did to them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	uint8_t selector = cursor_u8(&c);
	uint8_t message[MESSAGE_MAX];
	struct domain copy = domain;
	size_t length = cursor_left(&c), reply_length;

	if (selector)
		length = make_message(&c, selector - 1, message);
	else if (length <= sizeof(message) && length)
		memcpy(message, cursor_rest(&c).at, length);
	else
		length = 0;
	free(ask(&cca, &copy, message, length, &reply_length));
	domain_wipe(&copy);
	return 0;
}
