// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/key_console.c"

#define PART1 "0101010101010101010101010101010101010101010101010101010101010101"
#define PART2 "0202020202020202020202020202020202020202020202020202020202020202"

static struct cex_machine *machine;
static char *answer;
static size_t answer_length;

static int setup(void **state)
{
	(void)state;
	machine = cex_machine_new(1);
	assert_non_null(machine);
	assert_int_equal(cex_add_domain(machine, 4), 0);
	assert_int_equal(cex_add_adapter(machine, 5, "CEX8C"), 0);
	assert_int_equal(cex_add_adapter(machine, 6, "CEX8P"), 0);
	assert_int_equal(cex_add_adapter(machine, 7, "CEX8A"), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cex_machine_free(machine);
	free(answer);
	answer = NULL;
	return 0;
}

/* Execute @line. Return the reason for which it was refused, or NULL. */
static const char *say(const char *line)
{
	char *copy = strdup(line), *rest = copy;
	char *args[KEY_CONSOLE_ARGS + 1] = { NULL };
	const char *reason;
	FILE *out;

	for (int i = 0; i < KEY_CONSOLE_ARGS; i++)
		args[i] = strtok_r(rest, " ", &rest);
	free(answer);
	out = open_memstream(&answer, &answer_length);
	reason = key_console(machine, args, out);
	fclose(out);
	for (size_t i = 0; i < strlen(line); i++)
		assert_int_equal(copy[i], 0);
	free(copy);
	return reason;
}

static void accepted(const char *line)
{
	assert_null(say(line));
	assert_int_equal(strncmp(answer, "ok\n", 3), 0);
}

static void refused(const char *line, const char *part_of_reason)
{
	const char *reason = say(line);

	assert_non_null(reason);
	assert_non_null(strstr(reason, part_of_reason));
	assert_int_equal(answer_length, 0);
}

static const struct master_key *key(enum master_key_register which)
{
	return &machine_queue(machine, AP_APQN(5, 4))->domain
			.keys[MASTER_KEY_AES][which];
}

static void shows(void **state)
{
	char expected[17];

	(void)state;
	accepted("show 05.0004");
	for (int i = 0; i < 8; i++)
		sprintf(expected + 2 * i, "%02x",
			key(MASTER_KEY_CURRENT)->pattern[i]);
	assert_non_null(strstr(answer, "asym new     empty   -\n"));
	assert_non_null(strstr(answer, "aes  old     invalid -\n"));
	assert_non_null(strstr(answer, "aes  current valid   "));
	assert_non_null(strstr(answer, expected));
	assert_null(strstr(answer, "wk"));
	accepted("show 06.0004");
	assert_non_null(strstr(answer, "wk   current valid   "));
	assert_null(strstr(answer, "aes"));
	accepted("show 07.0004");
	assert_string_equal(answer, "ok\n");
}

static void changes_a_key(void **state)
{
	struct master_key before = *key(MASTER_KEY_CURRENT);
	static const uint8_t sum[32] = { [0 ... 31] = 3 };

	(void)state;
	accepted("load 05.0004 aes " PART1 " more");
	assert_int_equal(key(MASTER_KEY_NEW)->state, MASTER_KEY_PARTIAL);
	refused("set 05.0004 aes", "no complete new key");
	accepted("load 05.0004 aes " PART2);
	refused("load 05.0004 aes " PART2, "complete");
	accepted("set 05.0004 aes");
	assert_memory_equal(key(MASTER_KEY_CURRENT)->value, sum, sizeof(sum));
	assert_memory_equal(key(MASTER_KEY_OLD), &before, sizeof(before));
	accepted("clear 05.0004 aes old");
	assert_int_equal(key(MASTER_KEY_OLD)->state, MASTER_KEY_EMPTY);
	accepted("load 05.0004 aes " PART2);
	accepted("clear 05.0004 aes new");
	assert_int_equal(key(MASTER_KEY_NEW)->state, MASTER_KEY_EMPTY);
}

static void refuses(void **state)
{
	(void)state;
	refused("", "the forms are");
	refused("show", "the forms are");
	refused("show 05.0004 aes", "the forms are");
	refused("turn 05.0004", "the forms are");
	refused("load 05.0004", "the forms are");
	refused("load 05.0004 aes", "the forms are");
	refused("load 05.0004 aes " PART1 " less", "the forms are");
	refused("set 05.0004 aes now", "the forms are");
	refused("clear 05.0004 aes current", "the forms are");
	refused("clear 05.0004 aes", "the forms are");
	refused("show 5", "as lszcrypt does");
	refused("show 05.0047", "no such queue");
	refused("load 05.0004 wk " PART1, "an EP11 coprocessor has wk");
	refused("load 06.0004 aes " PART1, "an EP11 coprocessor has wk");
	refused("load 07.0004 aes " PART1, "an accelerator has none");
	refused("load 05.0004 des " PART1, "asym, aes and apka");
	refused("load 05.0004 aes 0102", "must be as long as the key");
	refused("load 05.0004 aes 010", "hexadecimal");
	refused("load 05.0004 aes " PART1 "01", "hexadecimal");
	refused("load 05.0004 aes x" PART1, "hexadecimal");
	assert_int_equal(key(MASTER_KEY_NEW)->state, MASTER_KEY_EMPTY);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shows, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_a_key, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
