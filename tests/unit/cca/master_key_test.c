// SPDX-License-Identifier: GPL-2.0-only
#include "message.h"

#include "cca/master_key.c"

static struct domain domain;
static struct message m;
static struct answer a;

static const char *const kinds[MASTER_KEY_WK] = {
	[MASTER_KEY_ASYM] = "ASYM-MK ",
	[MASTER_KEY_AES] = "AES-MK  ",
	[MASTER_KEY_APKA] = "APKA-MK ",
};

static int setup(void **state)
{
	(void)state;
	domain_make(&domain);
	return 0;
}

static void make(const char *rules, struct slice part)
{
	message_open(&m, "MP", rules);
	message_administer(&m, domain.number);
	block_open(&m);
	build_slice(&m.b, part);
	block_close(&m);
	block_empty(&m);
	message_close(&m);
}

static uint32_t send_made(void)
{
	send_bytes(NULL, &domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, 0);
	assert_int_equal(a.rules.length + a.user.length + a.keys.length, 0);
	return a.codes;
}

static uint32_t process(enum master_key_kind kind, const char *word,
			struct slice part)
{
	char rules[17] = "";

	strcat(rules, kinds[kind]);
	strcat(rules, word);
	make(rules, part);
	return send_made();
}

static uint32_t act(enum master_key_kind kind, const char *word)
{
	return process(kind, word, (struct slice){ 0 });
}

static struct slice part_of(enum master_key_kind kind, uint8_t byte)
{
	static uint8_t bytes[MASTER_KEY_MAX];

	memset(bytes, byte, sizeof(bytes));
	return (struct slice){ bytes, master_key_length(kind) };
}

static const struct master_key *key_of(enum master_key_kind kind,
				       enum master_key_register which)
{
	return &domain.keys[kind][which];
}

static void loaded_in_parts_and_set(void **state)
{
	struct master_key before;

	(void)state;
	for (int kind = 0; kind < MASTER_KEY_WK; kind++) {
		const struct master_key *new = key_of(kind, MASTER_KEY_NEW);

		before = *key_of(kind, MASTER_KEY_CURRENT);
		assert_int_equal(process(kind, "FIRST   ", part_of(kind, 1)), 0);
		assert_int_equal(new->state, MASTER_KEY_PARTIAL);
		assert_int_equal(process(kind, "MIDDLE  ", part_of(kind, 2)), 0);
		assert_int_equal(new->state, MASTER_KEY_PARTIAL);
		assert_int_equal(process(kind, "LAST    ", part_of(kind, 4)), 0);
		assert_int_equal(new->state, MASTER_KEY_FULL);
		assert_memory_equal(new->value, part_of(kind, 7).at,
				    master_key_length(kind));
		assert_int_equal(act(kind, "SET     "), 0);
		assert_int_equal(new->state, MASTER_KEY_EMPTY);
		assert_memory_equal(key_of(kind, MASTER_KEY_CURRENT)->value,
				    part_of(kind, 7).at,
				    master_key_length(kind));
		assert_memory_equal(key_of(kind, MASTER_KEY_OLD), &before,
				    sizeof(before));
		assert_int_equal(act(kind, "CLR-OLD "), 0);
		assert_int_equal(key_of(kind, MASTER_KEY_OLD)->state,
				 MASTER_KEY_EMPTY);
	}
}

static void random_and_cleared(void **state)
{
	const struct master_key *new = key_of(MASTER_KEY_AES, MASTER_KEY_NEW);
	uint8_t first[MASTER_KEY_MAX];

	(void)state;
	assert_int_equal(act(MASTER_KEY_AES, "RANDOM  "), 0);
	assert_int_equal(new->state, MASTER_KEY_FULL);
	memcpy(first, new->value, sizeof(first));
	assert_int_equal(act(MASTER_KEY_AES, "RANDOM  "), CCA_REGISTER);
	assert_memory_equal(new->value, first, sizeof(first));
	assert_int_equal(act(MASTER_KEY_AES, "CLEAR   "), 0);
	assert_int_equal(new->state, MASTER_KEY_EMPTY);
	assert_int_equal(act(MASTER_KEY_AES, "RANDOM  "), 0);
	assert_memory_not_equal(new->value, first, sizeof(first));
}

static void registers_in_a_wrong_state(void **state)
{
	const enum master_key_kind kind = MASTER_KEY_APKA;

	(void)state;
	assert_int_equal(act(kind, "SET     "), CCA_REGISTER);
	assert_int_equal(process(kind, "MIDDLE  ", part_of(kind, 1)),
			 CCA_REGISTER);
	assert_int_equal(process(kind, "LAST    ", part_of(kind, 1)),
			 CCA_REGISTER);
	assert_int_equal(process(kind, "FIRST   ", part_of(kind, 1)), 0);
	assert_int_equal(process(kind, "FIRST   ", part_of(kind, 1)),
			 CCA_REGISTER);
	assert_int_equal(act(kind, "RANDOM  "), CCA_REGISTER);
	assert_int_equal(act(kind, "SET     "), CCA_REGISTER);
	assert_int_equal(process(kind, "LAST    ", part_of(kind, 1)), 0);
	assert_int_equal(process(kind, "LAST    ", part_of(kind, 1)),
			 CCA_REGISTER);
	assert_int_equal(process(kind, "MIDDLE  ", part_of(kind, 1)),
			 CCA_REGISTER);
	assert_int_equal(act(kind, "SET     "), 0);
}

static void lengths(void **state)
{
	static const uint8_t bytes[64];

	(void)state;
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		struct slice part = { bytes, length };

		act(MASTER_KEY_ASYM, "CLEAR   ");
		assert_int_equal(process(MASTER_KEY_ASYM, "FIRST   ", part),
				 length == 24 ? CCA_OK : CCA_SIZE);
		act(MASTER_KEY_AES, "CLEAR   ");
		assert_int_equal(process(MASTER_KEY_AES, "FIRST   ", part),
				 length == 32 ? CCA_OK : CCA_SIZE);
		if (length)
			assert_int_equal(process(MASTER_KEY_AES, "CLEAR   ",
						 part), CCA_SIZE);
	}
}

static void rules(void **state)
{
	static const char *const wrong[] = {
		"", "AES-MK  ", "CLEAR   ", "SYM-MK  CLEAR   ",
		"CLEAR   AES-MK  ", "AES-MK  CLEARED ", "WK      CLEAR   ",
		"ADAPTER AES-MK  ", "AES-MK  CLEAR   ADAPTER ",
		"ADAPTER ADAPTER AES-MK  CLEAR   ",
	};

	(void)state;
	make("ADAPTER AES-MK  RANDOM  ", (struct slice){ 0 });
	assert_int_equal(send_made(), CCA_OK);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		make(wrong[i], (struct slice){ 0 });
		assert_int_equal(send_made(), CCA_RULES);
	}
	assert_int_equal(key_of(MASTER_KEY_AES, MASTER_KEY_NEW)->state,
			 MASTER_KEY_FULL);
}

static void nothing_changes_without_room_for_the_reply(void **state)
{
	(void)state;
	make("AES-MK  RANDOM  ", (struct slice){ 0 });
	build_patch_u32(&m.b, AT_CPRB_ROOM, CPRBX_SIZE + 7);
	send_bytes(NULL, &domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, TYPE6_TRUNCATED);
	assert_int_equal(key_of(MASTER_KEY_AES, MASTER_KEY_NEW)->state,
			 MASTER_KEY_EMPTY);
	build_patch_u32(&m.b, AT_CPRB_ROOM, CPRBX_SIZE + 8);
	assert_int_equal(send_made(), CCA_OK);
}

static int target_of(size_t length)
{
	return cca.target_domain(m.bytes, length);
}

/* Each form of an administrative CPRB names the domain that it is for. */
static void addressed(void **state)
{
	(void)state;
	make("AES-MK  RANDOM  ", (struct slice){ 0 });
	for (uint8_t digit = '0'; digit <= '9'; digit++) {
		bool administrative = digit == '3' ||
				      (digit >= '5' && digit <= '7');

		m.bytes[AT_CPRB + 7] = digit;
		build_patch_u16(&m.b, AT_DOMAIN, 0x47);
		assert_int_equal(target_of(builder_length(&m.b)),
				 administrative ? 0x47 : -1);
	}
	message_administer(&m, 0xffff);
	assert_int_equal(target_of(builder_length(&m.b)), 0xffff);
	assert_int_equal(target_of(builder_length(&m.b) - 4), -1);
}

static void filtered(void **state)
{
	(void)state;
	make("AES-MK  RANDOM  ", (struct slice){ 0 });
	send_bytes(NULL, NULL, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, TYPE6_FILTERED);
	ask_bytes(&domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, TYPE6_FILTERED);
	assert_int_equal(key_of(MASTER_KEY_AES, MASTER_KEY_NEW)->state,
			 MASTER_KEY_EMPTY);
}

/* The only other command is the query. Usage is not possible in a command. */
static void other_commands(void **state)
{
	(void)state;
	message_open(&m, "FQ", "STATICSB");
	message_administer(&m, domain.number);
	block_empty(&m);
	block_empty(&m);
	message_close(&m);
	send_bytes(NULL, &domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.codes, CCA_OK);
	assert_int_equal(a.user.length, 240);
	message_open(&m, "RL", "RANDOM  ");
	message_administer(&m, domain.number);
	block_empty(&m);
	block_empty(&m);
	message_close(&m);
	send_bytes(NULL, &domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, TYPE6_FUNCTION);
	make("AES-MK  RANDOM  ", (struct slice){ 0 });
	build_patch_u16(&m.b, AT_CPRB + 6, 0x5432);
	ask_bytes(&domain, m.bytes, builder_length(&m.b), &a);
	assert_int_equal(a.error, TYPE6_FUNCTION);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(loaded_in_parts_and_set, setup),
		cmocka_unit_test_setup(random_and_cleared, setup),
		cmocka_unit_test_setup(registers_in_a_wrong_state, setup),
		cmocka_unit_test_setup(lengths, setup),
		cmocka_unit_test_setup(rules, setup),
		cmocka_unit_test_setup(nothing_changes_without_room_for_the_reply,
				       setup),
		cmocka_unit_test_setup(addressed, setup),
		cmocka_unit_test_setup(filtered, setup),
		cmocka_unit_test_setup(other_commands, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
