/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to and from the CCA coprocessor, for its tests. This file includes
 * all of the coprocessor.
 */
#ifndef TESTS_UNIT_CCA_MESSAGE_H
#define TESTS_UNIT_CCA_MESSAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card/firmware.h"
#include "cca/key.h"
#include "tests/known_keys.h"
#include "tests/unit/card/type86.h"
#include "tests/unit/seed.h"

#define APQN		AP_APQN(5, 4)
#define MESSAGE_MAX	8192

/* Offsets in a message, and in its CPRB. */
enum {
	AT_FUNCTION	= 52,
	AT_CPRB_LENGTH	= 56,
	AT_CPRB_ROOM	= 72,
	AT_DATA_ROOM	= 76,
	AT_CPRB		= TYPE6_HEADER_SIZE,
	AT_REQ_PARML	= AT_CPRB + 12,
	AT_DOMAIN	= AT_CPRB + 170,
	AT_PARAMETERS	= AT_CPRB + CPRBX_SIZE,
};

struct message {
	uint8_t bytes[MESSAGE_MAX];
	struct builder b;
	size_t block;
};

static inline void message_open(struct message *m, const char *function,
				const char *rules)
{
	m->b = builder_of(m->bytes, sizeof(m->bytes));
	build_u16(&m->b, 0x0006);
	build_zeros(&m->b, 14);
	build_u32(&m->b, TYPE6_HEADER_SIZE);
	build_zeros(&m->b, 12);
	build_bytes(&m->b, "CA", 2);
	build_zeros(&m->b, 18);
	build_bytes(&m->b, function, 2);
	build_zeros(&m->b, 18);
	build_u32(&m->b, 4096);
	build_zeros(&m->b, 12);
	assert_int_equal(builder_length(&m->b), TYPE6_HEADER_SIZE);
	build_u16(&m->b, CPRBX_SIZE);
	build_u16(&m->b, 0x0200);
	build_u16(&m->b, 0);
	build_bytes(&m->b, "T2", 2);
	build_zeros(&m->b, 162);
	build_u16(&m->b, AP_DOMAIN(APQN));
	build_zeros(&m->b, 48);
	assert_int_equal(builder_length(&m->b), AT_PARAMETERS);
	build_bytes(&m->b, function, 2);
	build_u16(&m->b, 2 + strlen(rules));
	build_bytes(&m->b, rules, strlen(rules));
}

/* Make the message an administrative command for @domain. */
static inline void message_administer(struct message *m, uint16_t domain)
{
	build_patch_u16(&m->b, AT_CPRB + 6, 0x5433);
	build_patch_u16(&m->b, AT_DOMAIN, domain);
}

/* The test begins and ends the two blocks after the rules. */
static inline void block_open(struct message *m)
{
	m->block = build_open(&m->b);
}

/*
 * Open a block for an RSA key token: its head, and that of a section of
 * @section bytes whose identifier is @id. Behind that section, the token has
 * @rest bytes.
 */
static inline void token_open(struct message *m, uint16_t id, size_t section,
			      size_t rest)
{
	size_t token = 8 + section + rest;

	block_open(m);
	build_u16(&m->b, 4 + token);
	build_u16(&m->b, 0);
	build_u16(&m->b, 0x1e00);
	build_u16(&m->b, token);
	build_zeros(&m->b, 4);
	build_u16(&m->b, id);
	build_u16(&m->b, section);
}

static inline void block_close(struct message *m)
{
	build_close(&m->b, m->block);
}

static inline void block_empty(struct message *m)
{
	build_u16(&m->b, 2);
}

static inline void field(struct message *m, uint16_t tag, const void *content,
			 size_t length)
{
	build_u16(&m->b, 4 + length);
	build_u16(&m->b, tag);
	build_bytes(&m->b, content, length);
}

static inline void message_close(struct message *m)
{
	build_patch_u32(&m->b, AT_CPRB_LENGTH, builder_length(&m->b) - AT_CPRB);
	build_patch_u32(&m->b, AT_REQ_PARML, builder_length(&m->b) - AT_PARAMETERS);
	assert_false(builder_is_broken(&m->b));
}

struct answer {
	uint8_t error;		/* of a type 82; otherwise nothing is set */
	uint32_t codes;
	struct slice rules, user, keys, data;
	size_t length;
	uint8_t bytes[CCA_REPLY_MAX];
};

static inline void read_parameters(struct slice parameters, uint16_t function,
				   struct answer *a)
{
	struct cursor c = cursor_of(parameters.at, parameters.length);

	assert_int_equal(cursor_u16(&c), function);
	a->rules = cprbx_block(&c);
	a->user = cprbx_block(&c);
	a->keys = cprbx_block(&c);
	assert_true(cursor_at_end(&c));
}

static inline bool is_rsa(uint16_t function)
{
	return function == 0x504b || function == 0x5044;	/* PK, PD */
}

/* Check a reply of type 86 as zcrypt does, and take it apart. */
static inline void read_reply(uint16_t function, struct answer *a)
{
	struct type86 h = type86_cca(a->bytes, a->length);
	struct cursor c = cursor_of(a->bytes + h.offset1, h.count1);

	if (is_rsa(function))
		type86_rsa(a->bytes, a->length);
	cursor_take(&c, 24);
	assert_int_equal(cursor_u32(&c), h.count1 - CPRBX_SIZE);
	cursor_take(&c, 4);
	assert_int_equal(cursor_u32(&c), h.count2);
	cursor_take(&c, 108);
	a->codes = cursor_u32(&c);
	cursor_take(&c, 72);
	read_parameters(cursor_rest(&c), function, a);
	if (h.count2)
		a->data = (struct slice){ a->bytes + h.offset2, h.count2 };
}

/* Take @a->bytes apart, which is the answer to @request. */
static inline void read_answer(const uint8_t *request, struct answer *a)
{
	const uint8_t *function = request + AT_FUNCTION;

	if (a->bytes[1] == 0x82) {
		assert_int_equal(a->length, 8);
		assert_int_not_equal(a->bytes[4], 0);
		a->error = a->bytes[4];
	} else {
		read_reply(function[0] << 8 | function[1], a);
	}
}

/*
 * Send a copy that ends where its memory ends, and have the reply written to
 * memory that ends where the reply may end, so that ASan sees every access
 * beyond. If @controlled is NULL, the request is for usage of @domain,
 * otherwise @domain is NULL.
 */
static inline uint32_t send_bytes(const struct domain *domain,
				  struct domain *controlled,
				  const uint8_t *bytes, size_t length,
				  struct answer *a)
{
	uint8_t *exact = malloc(length ? length : 1);
	uint8_t *reply = malloc(CCA_REPLY_MAX);

	assert_non_null(exact);
	assert_non_null(reply);
	memcpy(exact, bytes, length);
	*a = (struct answer){ 0 };
	if (domain)
		a->length = cca.answer(domain, exact, length, reply);
	else
		a->length = cca.administer(controlled, exact, length, reply);
	assert_true(a->length <= CCA_REPLY_MAX);
	memcpy(a->bytes, reply, a->length);
	free(reply);
	read_answer(bytes, a);
	free(exact);
	return a->codes;
}

static inline uint32_t ask_bytes(const struct domain *domain,
				 const uint8_t *bytes, size_t length,
				 struct answer *a)
{
	return send_bytes(domain, NULL, bytes, length, a);
}

static inline uint32_t ask(const struct domain *domain, struct message *m,
			   struct answer *a)
{
	uint32_t codes;

	message_close(m);
	seed_keep("cca", m->bytes, builder_length(&m->b));
	codes = ask_bytes(domain, m->bytes, builder_length(&m->b), a);
	assert_int_equal(a->error, 0);
	return codes;
}

static inline void domain_make(struct domain *domain)
{
	domain_init(domain, APQN);
	assert_true(known_keys(domain));
}

/* Make another domain, with keys of its own. */
static inline void domain_make_other(struct domain *domain)
{
	domain_init(domain, APQN);
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		assert_int_equal(domain_generate(domain, kind), DOMAIN_OK);
}

/*
 * Truncate the message in every way and change every byte of it in several
 * ways. Have @judge look at each answer.
 */
static inline void torment(const struct domain *domain, struct message *m,
			   void (*judge)(const struct answer *a, size_t at))
{
	static const uint8_t flips[] = { 0x01, 0x80, 0xff };
	static struct message bad;
	static struct answer a;

	message_close(m);
	for (size_t length = 0; length < builder_length(&m->b); length++) {
		ask_bytes(domain, m->bytes, length, &a);
		assert_int_equal(a.error, TYPE6_LENGTH);
		if (length < AT_PARAMETERS)
			continue;
		bad = *m;
		bad.b = builder_of(bad.bytes, sizeof(bad.bytes));
		build_space(&bad.b, length);
		message_close(&bad);
		ask_bytes(domain, bad.bytes, length, &a);
		assert_int_equal(a.error, TYPE6_LENGTH);
	}
	for (size_t at = 0; at < builder_length(&m->b); at++)
		for (size_t i = 0; i < sizeof(flips); i++) {
			bad = *m;
			bad.bytes[at] ^= flips[i];
			ask_bytes(domain, bad.bytes, builder_length(&m->b), &a);
			judge(&a, at);
		}
}

/* Assert that zcrypt returns EINVAL for the error and does nothing else. */
static inline void harmless(const struct answer *a, size_t at)
{
	static const uint8_t errors[] = {
		0x22, 0x23, 0x24, 0x29, 0x34, 0x40, 0x41, 0x80, 0x82, 0x84,
		0x85, 0x8a, 0x8b, 0xa0,
	};

	(void)at;
	if (a->error)
		assert_non_null(memchr(errors, a->error, sizeof(errors)));
}

#endif /* TESTS_UNIT_CCA_MESSAGE_H */
