// SPDX-License-Identifier: GPL-2.0-only
/*
 * MP, an administrative command: what the verb Master Key Process (CSNBMKP) of
 * CCA does to the registers of one master key. The rules are the verb's, in
 * this order: the word ADAPTER or none; the master key, AES-MK, APKA-MK or
 * ASYM-MK; the process:
 *
 *	FIRST	user data: a key part, for the new register, which is empty
 *	MIDDLE	user data: a part that is added to the new register, bit by bit
 *	LAST	the same; the new register is then full
 *	RANDOM	fill the new register, which is empty, with a random key
 *	SET	the new register becomes the current one, and that the old one
 *	CLEAR	empty the new register
 *	CLR-OLD	empty the old register
 *
 * A part is as long as the key. There is no DES master key (SYM-MK).
 */
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "cca.h"

#define WORD	8

/* What a command operates on. */
struct process {
	struct domain *domain;
	enum master_key_kind kind;
	struct slice part;
};

static enum cca_code code_of(enum domain_error error)
{
	switch (error) {
	case DOMAIN_OK:
		return CCA_OK;
	case DOMAIN_LENGTH:
		return CCA_SIZE;
	case DOMAIN_FULL:
	case DOMAIN_EMPTY:
		return CCA_REGISTER;
	case DOMAIN_FAILED:
		break;
	}
	return CCA_FAILED;
}

static enum cca_code load(const struct process *p, enum master_key_state before,
			  bool last)
{
	if (p->domain->keys[p->kind][MASTER_KEY_NEW].state != before)
		return CCA_REGISTER;
	return code_of(domain_load(p->domain, p->kind, p->part, last));
}

static enum cca_code load_first(const struct process *p)
{
	return load(p, MASTER_KEY_EMPTY, false);
}

static enum cca_code load_middle(const struct process *p)
{
	return load(p, MASTER_KEY_PARTIAL, false);
}

static enum cca_code load_last(const struct process *p)
{
	return load(p, MASTER_KEY_PARTIAL, true);
}

static enum cca_code load_random(const struct process *p)
{
	uint8_t key[MASTER_KEY_MAX];
	struct process drawn = *p;
	enum cca_code code = CCA_FAILED;

	drawn.part = (struct slice){ key, master_key_length(p->kind) };
	if (RAND_bytes(key, sizeof(key)) == 1)
		code = load(&drawn, MASTER_KEY_EMPTY, true);
	OPENSSL_cleanse(key, sizeof(key));
	return code;
}

static enum cca_code set(const struct process *p)
{
	return code_of(domain_set(p->domain, p->kind));
}

static enum cca_code clear_new(const struct process *p)
{
	domain_clear(p->domain, p->kind, MASTER_KEY_NEW);
	return CCA_OK;
}

static enum cca_code clear_old(const struct process *p)
{
	domain_clear(p->domain, p->kind, MASTER_KEY_OLD);
	return CCA_OK;
}

static const struct row {
	const char *word;
	bool has_part;
	enum cca_code (*carry_out)(const struct process *process);
} rows[] = {
	{ "FIRST   ", true, load_first },
	{ "MIDDLE  ", true, load_middle },
	{ "LAST    ", true, load_last },
	{ "RANDOM  ", false, load_random },
	{ "SET     ", false, set },
	{ "CLEAR   ", false, clear_new },
	{ "CLR-OLD ", false, clear_old },
};

static bool word_is(struct slice word, const char *expected)
{
	return word.length == WORD && !memcmp(word.at, expected, WORD);
}

static const struct row *row_find(struct slice word)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (word_is(word, rows[i].word))
			return &rows[i];
	return NULL;
}

/* Return MASTER_KEY_KINDS if the word names no master key. */
static enum master_key_kind kind_of(struct slice word)
{
	if (word_is(word, "AES-MK  "))
		return MASTER_KEY_AES;
	if (word_is(word, "APKA-MK "))
		return MASTER_KEY_APKA;
	if (word_is(word, "ASYM-MK "))
		return MASTER_KEY_ASYM;
	return MASTER_KEY_KINDS;
}

static const struct row *take_rules(struct slice rules, struct process *p)
{
	struct cursor c = cursor_of(rules.at, rules.length);
	struct slice word = cursor_take(&c, WORD);
	const struct row *row;

	if (word_is(word, "ADAPTER "))
		word = cursor_take(&c, WORD);
	p->kind = kind_of(word);
	row = row_find(cursor_take(&c, WORD));
	if (p->kind == MASTER_KEY_KINDS || !cursor_at_end(&c))
		return NULL;
	return row;
}

enum cca_code cca_master_key_process(struct domain *domain,
				     const struct cprbx *request,
				     struct cca_reply *reply)
{
	struct process process = { .domain = domain, .part = request->user };
	const struct row *row = take_rules(request->rules, &process);

	if (!row)
		return CCA_RULES;
	if ((!row->has_part && request->user.length) || request->keys.length)
		return CCA_SIZE;
	for (int i = 0; i < 3; i++)
		cprbx_lay_empty(&reply->cprb);
	/* Nothing is changed without a reply that tells it. */
	if (builder_is_broken(&reply->cprb))
		return CCA_SIZE;
	return row->carry_out(&process);
}
