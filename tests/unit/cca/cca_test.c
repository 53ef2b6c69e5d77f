// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include <stdio.h>

#include "cca/cca.c"

static struct domain domain;
static struct message m;
static struct answer a;

static int setup(void **state)
{
	(void)state;
	domain_make(&domain);
	return 0;
}

static void make_random(size_t room)
{
	message_open(&m, "RL", "RANDOM  ");
	build_patch_u32(&m.b, AT_DATA_ROOM, room);
	block_empty(&m);
	block_empty(&m);
	message_close(&m);
}

static void random_page(void **state)
{
	static uint8_t first[4096];

	(void)state;
	make_random(sizeof(first));
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	assert_int_equal(a.data.length, sizeof(first));
	memcpy(first, a.data.at, sizeof(first));
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	assert_memory_not_equal(a.data.at, first, sizeof(first));
}

/*
 * An adapter of @generation makes a reply of @length bytes, but no longer one.
 */
static void fills_a_reply(uint8_t generation, size_t length)
{
	domain.generation = generation;
	make_random(length - TYPE86_HEADER_SIZE - CPRBX_SIZE - 8);
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	assert_int_equal(a.length, length);
	make_random(length);
	assert_int_equal(ask(&domain, &m, &a), CCA_SIZE);
	assert_int_equal(a.data.length, 0);
}

static void random_rooms(void **state)
{
	(void)state;
	for (size_t room = 0; room < 40; room++) {
		make_random(room);
		assert_int_equal(ask(&domain, &m, &a), CCA_OK);
		assert_int_equal(a.data.length, room);
	}
	fills_a_reply(7, 3 * 4096);
	fills_a_reply(8, 6 * 4096);
	make_random(UINT32_MAX);
	assert_int_equal(ask(&domain, &m, &a), CCA_SIZE);
}

/* Make the request of cca_query_crypto_facility(). */
static void make_query(const char *rules)
{
	message_open(&m, "FQ", rules);
	block_open(&m);
	build_zeros(&m.b, 4096);
	block_close(&m);
	block_empty(&m);
	message_close(&m);
}

static const uint8_t *pattern_of(enum master_key_kind kind,
				 enum master_key_register which)
{
	return domain.keys[kind][which].pattern;
}

static void facility(void **state)
{
	uint8_t key[32] = { 1 };

	(void)state;
	domain_load(&domain, MASTER_KEY_AES, (struct slice){ key, 32 }, true);
	domain_set(&domain, MASTER_KEY_AES);
	domain_load(&domain, MASTER_KEY_APKA, (struct slice){ key, 32 }, false);
	domain_load(&domain, MASTER_KEY_ASYM, (struct slice){ key, 24 }, true);
	make_query("STATICSA");
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	assert_int_equal(a.rules.length, 80);
	assert_memory_equal(a.rules.at, "93000005"
			    "1       1       1       "
			    "3       2       1       "
			    "1       2       2       ", 80);
	assert_int_equal(a.user.length, 204);
	assert_memory_equal(a.user.at + 40, "\0\24\0\0", 4);
	assert_memory_equal(a.user.at + 80, "\0\24\0\0", 4);
	assert_memory_equal(a.user.at + 180, "\0\14\0\0", 4);
	assert_memory_equal(a.user.at + 84,
			    pattern_of(MASTER_KEY_ASYM, MASTER_KEY_CURRENT), 16);
	assert_memory_equal(a.user.at + 104,
			    pattern_of(MASTER_KEY_ASYM, MASTER_KEY_NEW), 16);
	assert_memory_equal(a.user.at + 172,
			    pattern_of(MASTER_KEY_AES, MASTER_KEY_OLD), 8);
	assert_memory_equal(a.user.at + 184,
			    pattern_of(MASTER_KEY_AES, MASTER_KEY_CURRENT), 8);

	make_query("STATICSB");
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	assert_int_equal(a.rules.length, 104);
	assert_memory_equal(a.rules.at + 80, "2       2       1       ", 24);
	assert_int_equal(a.user.length, 240);
	assert_memory_equal(a.user.at + 220,
			    pattern_of(MASTER_KEY_APKA, MASTER_KEY_CURRENT), 8);
	assert_memory_equal(a.user.at + 232,
			    pattern_of(MASTER_KEY_APKA, MASTER_KEY_NEW), 8);
}

static void reply_repeats_control_block(void **state)
{
	(void)state;
	make_random(8);
	memset(m.bytes + AT_CPRB + 48, 0xab, 96);
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	assert_memory_equal(a.bytes + TYPE86_HEADER_SIZE + 48,
			    m.bytes + AT_CPRB + 48, 96);
	assert_int_equal(a.bytes[TYPE86_HEADER_SIZE + 2], 2);
}

static uint8_t error_with(size_t at, uint8_t value)
{
	make_random(8);
	m.bytes[at] = value;
	ask_bytes(&domain, m.bytes, builder_length(&m.b), &a);
	return a.error;
}

static void refusals(void **state)
{
	(void)state;
	assert_int_equal(error_with(AT_DOMAIN + 1, 5), TYPE6_DOMAIN);
	assert_int_equal(error_with(AT_DOMAIN, 1), TYPE6_DOMAIN);
	assert_int_equal(error_with(AT_CPRB + 1, 219), TYPE6_MALFORMED);
	assert_int_equal(error_with(AT_CPRB + 2, 1), TYPE6_MALFORMED);
	assert_int_equal(error_with(AT_CPRB + 7, '4'), TYPE6_MALFORMED);
	assert_int_equal(error_with(AT_CPRB + 7, '3'), TYPE6_FILTERED);
	assert_int_equal(error_with(AT_PARAMETERS, 'X'), TYPE6_MALFORMED);
	assert_int_equal(error_with(AT_PARAMETERS + 3, 9), TYPE6_LENGTH);
	assert_int_equal(error_with(AT_PARAMETERS + 3, 1), TYPE6_LENGTH);
	assert_int_equal(error_with(32, 'X'), TYPE6_FORMAT_FIELD);
}

static void unknown_function(void **state)
{
	(void)state;
	message_open(&m, "ZZ", "");
	block_empty(&m);
	block_empty(&m);
	message_close(&m);
	ask_bytes(&domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, TYPE6_FUNCTION);
}

static void unknown_rules(void **state)
{
	static const char *const rules[] = { "", "RANDOM ", "RANDOM  RANDOM  " };

	(void)state;
	for (int i = 0; i < 3; i += 2) {
		message_open(&m, "RL", rules[i]);
		block_empty(&m);
		block_empty(&m);
		assert_int_equal(ask(&domain, &m, &a), CCA_RULES);
		assert_int_equal(a.user.length, 0);
	}
	message_open(&m, "RL", rules[1]);
	block_empty(&m);
	block_empty(&m);
	message_close(&m);
	ask_bytes(&domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, TYPE6_LENGTH);
}

/*
 * Return what is told of a verb that is not served, or nothing if it is served.
 */
static const char *missed(const char *function, const char *rules)
{
	static char said[VERB_NAME_MAX + VERB_PARTS_MAX + 2];
	struct verb verb;

	message_open(&m, function, rules);
	block_open(&m);
	build_zeros(&m.b, 5);
	block_close(&m);
	block_open(&m);
	field(&m, 0, "token", 5);
	block_close(&m);
	message_close(&m);
	if (!cca.lacks_verb(m.bytes, builder_length(&m.b), &verb))
		return NULL;
	snprintf(said, sizeof(said), "%s: %s", verb.name, verb.parts);
	return said;
}

static void verbs_that_are_not_served(void **state)
{
	struct verb verb;

	(void)state;
	assert_string_equal(missed("KX", "WRAP    "),
			    "KX 'WRAP    ': user data 5, keys 9, data 0");
	assert_string_equal(missed("Z\n", ""),
			    "Z. '': user data 5, keys 9, data 0");
	assert_string_equal(missed("AU", "ECC     EXPT-SK "),
			    "AU 'ECC     EXPT-SK ': user data 5, keys 9, data 0");
	assert_null(missed("AU", "EXPT-SK "));
	assert_null(missed("FQ", "STATICSA"));
	assert_non_null(missed("MP", "AES-MK  SET     "));
	message_administer(&m, 0);
	assert_false(cca.lacks_verb(m.bytes, builder_length(&m.b), &verb));
	assert_false(cca.lacks_verb(m.bytes, builder_length(&m.b) - 4, &verb));
	assert_null(missed("FQ", "STATICSB"));
	message_administer(&m, 0);
	assert_false(cca.lacks_verb(m.bytes, builder_length(&m.b), &verb));
	assert_null(missed("KG", ""));
	message_administer(&m, 0);
	assert_true(cca.lacks_verb(m.bytes, builder_length(&m.b), &verb));
}

/* A reply never exceeds the room that the request has for it. */
static void rooms(void **state)
{
	size_t whole;

	(void)state;
	make_query("STATICSA");
	assert_int_equal(ask(&domain, &m, &a), CCA_OK);
	whole = a.length - TYPE86_HEADER_SIZE;
	for (size_t room = 0; room <= whole; room++) {
		build_patch_u32(&m.b, AT_CPRB_ROOM, room);
		ask_bytes(&domain, m.bytes, builder_length(&m.b), &a);
		if (room < CPRBX_SIZE + 8) {
			assert_int_equal(a.error, TYPE6_TRUNCATED);
		} else {
			assert_int_equal(a.codes, room < whole ? CCA_SIZE : 0);
			assert_true(a.length <= TYPE86_HEADER_SIZE + room);
		}
	}
}

static void tormented(void **state)
{
	(void)state;
	make_random(8);
	torment(&domain, &m, harmless);
	message_open(&m, "FQ", "STATICSB");
	block_empty(&m);
	block_empty(&m);
	torment(&domain, &m, harmless);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(random_page, setup),
		cmocka_unit_test_setup(random_rooms, setup),
		cmocka_unit_test_setup(facility, setup),
		cmocka_unit_test_setup(reply_repeats_control_block, setup),
		cmocka_unit_test_setup(refusals, setup),
		cmocka_unit_test_setup(unknown_function, setup),
		cmocka_unit_test_setup(unknown_rules, setup),
		cmocka_unit_test_setup(verbs_that_are_not_served, setup),
		cmocka_unit_test_setup(rooms, setup),
		cmocka_unit_test_setup(tormented, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
