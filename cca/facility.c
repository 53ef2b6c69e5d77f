// SPDX-License-Identifier: GPL-2.0-only
/*
 * FQ, the query of the facility: the serial number, and the states and the
 * verification patterns of the master keys.
 *
 * The rules of a reply are words of eight characters: the serial number, and
 * for each master key one digit each for its new, current and old register. Its
 * user data hold the patterns at fixed places. Each is in a block that begins
 * with two u16, the length of the block and an identifier of its content. Linux
 * (zcrypt_ccamisc.c) reads words and patterns. The lengths and the order of the
 * blocks are those of IBM's CCA documentation, "STATICSB". The identifiers are
 * zero.
 *
 * There is no DES master key: its registers are empty.
 */
#include <string.h>

#include "cca.h"

#define WORD		8
#define BLOCK_HEAD	4
#define DES_BLOCK	20
#define DES_BLOCKS	60
#define PATTERNS_A	204
#define PATTERNS_B	240

static void lay_word(struct builder *reply, char first)
{
	char word[WORD + 1] = "        ";

	word[0] = first;
	build_bytes(reply, word, WORD);
}

/*
 * A new key is 1 empty, 2 partial or 3 full; a current or old one is 1 invalid
 * or 2 valid.
 */
static void lay_states(struct builder *reply, const struct master_key *keys)
{
	lay_word(reply, '1' + keys[MASTER_KEY_NEW].state);
	for (int i = MASTER_KEY_CURRENT; i <= MASTER_KEY_OLD; i++)
		lay_word(reply, keys[i].state == MASTER_KEY_FULL ? '2' : '1');
}

static const struct pattern {
	uint8_t kind;
	uint8_t which;
	uint16_t offset;
} patterns[] = {
	{ MASTER_KEY_ASYM, MASTER_KEY_OLD, 64 },
	{ MASTER_KEY_ASYM, MASTER_KEY_CURRENT, 84 },
	{ MASTER_KEY_ASYM, MASTER_KEY_NEW, 104 },
	{ MASTER_KEY_AES, MASTER_KEY_OLD, 172 },
	{ MASTER_KEY_AES, MASTER_KEY_CURRENT, 184 },
	{ MASTER_KEY_AES, MASTER_KEY_NEW, 196 },
	{ MASTER_KEY_APKA, MASTER_KEY_OLD, 208 },
	{ MASTER_KEY_APKA, MASTER_KEY_CURRENT, 220 },
	{ MASTER_KEY_APKA, MASTER_KEY_NEW, 232 },
};

/*
 * The length of a block is below 256, so it is in the second byte of its head.
 */
static void put_length(uint8_t *block, size_t length)
{
	block[1] = length;
}

static void put_pattern(uint8_t *bytes, const struct pattern *p,
			const struct domain *domain)
{
	size_t length = master_key_pattern_length(p->kind);

	put_length(bytes + p->offset - BLOCK_HEAD, BLOCK_HEAD + length);
	memcpy(bytes + p->offset, domain->keys[p->kind][p->which].pattern,
	       length);
}

static void lay_patterns(struct builder *reply, const struct domain *domain,
			 size_t length)
{
	uint8_t bytes[PATTERNS_B] = { 0 };

	for (size_t at = 0; at < DES_BLOCKS; at += DES_BLOCK)
		put_length(bytes + at, DES_BLOCK);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		put_pattern(bytes, &patterns[i], domain);
	build_bytes(reply, bytes, length);
}

static void lay_reply(struct builder *reply, const struct domain *domain,
		      bool apka)
{
	static const struct master_key no_des[MASTER_KEY_REGISTERS];
	size_t block = build_open(reply);

	build_bytes(reply, domain->serial, WORD);
	lay_states(reply, no_des);
	lay_states(reply, domain->keys[MASTER_KEY_ASYM]);
	lay_states(reply, domain->keys[MASTER_KEY_AES]);
	if (apka)
		lay_states(reply, domain->keys[MASTER_KEY_APKA]);
	build_close(reply, block);
	block = build_open(reply);
	lay_patterns(reply, domain, apka ? PATTERNS_B : PATTERNS_A);
	build_close(reply, block);
	cprbx_lay_empty(reply);
}

static enum cca_code static_a(const struct domain *domain,
			      const struct cprbx *request,
			      struct cca_reply *reply)
{
	(void)request;
	lay_reply(&reply->cprb, domain, false);
	return CCA_OK;
}

static enum cca_code static_b(const struct domain *domain,
			      const struct cprbx *request,
			      struct cca_reply *reply)
{
	(void)request;
	lay_reply(&reply->cprb, domain, true);
	return CCA_OK;
}

const struct cca_function cca_facility[] = {
	{ "FQ", "STATICSA", static_a },
	{ "FQ", "STATICSB", static_b },
	{ }
};
