// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/machine_file.c"
#include "tests/unit/seeded.h"

#include <stdio.h>

static struct cex_machine *machine;
static char *told;

static int setup(void **state)
{
	(void)state;
	machine = cex_machine_new(1);
	return machine ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	cex_machine_free(machine);
	free(told);
	told = NULL;
	return 0;
}

static unsigned int read_bytes(const char *text, size_t length)
{
	FILE *file = fmemopen((void *)text, length, "r");
	size_t told_length;
	FILE *errors;
	unsigned int mistakes;

	free(told);
	errors = open_memstream(&told, &told_length);
	assert_non_null(file);
	mistakes = machine_file_read(file, "m", machine, errors);
	fclose(file);
	fclose(errors);
	return mistakes;
}

static unsigned int read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static bool has_queue(uint16_t apqn, const char *type)
{
	struct cex_queue_info info;

	return !cex_queue_info(machine, apqn, &info) &&
	       !strcmp(info.type, type);
}

static void a_machine_is_read(void **state)
{
	(void)state;
	assert_int_equal(read_text("# a machine\n"
				   "\n"
				   "adapter 04 CEX4A   # the old one\n"
				   "  adapter\tff CEX8A\r\n"
				   "domain 0004 6 10-12\n"
				   "domain 00ab-00ab ff"), 0);
	assert_string_equal(told, "");
	assert_true(has_queue(0x0404, "CEX4A"));
	assert_true(has_queue(0x0406, "CEX4A"));
	assert_true(has_queue(0xff10, "CEX8A"));
	assert_true(has_queue(0xff11, "CEX8A"));
	assert_true(has_queue(0xff12, "CEX8A"));
	assert_true(has_queue(0xffab, "CEX8A"));
	assert_true(has_queue(0xffff, "CEX8A"));
	assert_false(has_queue(0xff13, "CEX8A"));
	assert_false(has_queue(0x0504, "CEX8A"));
}

static bool interrupts(const char *line)
{
	static struct ap_changes changes;
	char text[64];

	teardown(NULL);
	setup(NULL);
	snprintf(text, sizeof(text), "adapter 4 CEX8A\n%sdomain 4\n", line);
	assert_int_equal(read_text(text), 0);
	cex_watch(cex_attach_lpar(machine), &changes);
	return changes.interruptible;
}

static void a_machine_interrupts_unless_it_is_told(void **state)
{
	(void)state;
	assert_true(interrupts(""));
	assert_true(interrupts("interrupts on\n"));
	assert_false(interrupts("interrupts off\n"));
}

static void master_keys_are_told(void **state)
{
	(void)state;
	assert_int_equal(read_text("adapter 5 CEX8C\nmaster-keys same\n"
				   "domain 4 5\n"), 0);
	assert_string_equal(told, "");
}

static void the_largest_machine(void **state)
{
	char text[8192] = "domain 00-ff\n", line[32];

	(void)state;
	for (int i = 0; i < 256; i++) {
		snprintf(line, sizeof(line), "adapter %02x CEX8A\n", i);
		strcat(text, line);
	}
	assert_int_equal(read_text(text), 0);
	assert_true(has_queue(0, "CEX8A"));
	assert_true(has_queue(0xffff, "CEX8A"));
}

static const struct {
	const char *text;
	const char *told;
} mistakes[] = {
	{ "master-keys\n", "m:1: a master-keys line is" },
	{ "master-keys same random\n", "m:1: a master-keys line is" },
	{ "master-keys same\nmaster-keys random\n",
	  "m:2: master keys are set already, see line 1" },
	{ "master-keys /nowhere/keys\n",
	  "m:1: /nowhere/keys: cannot open the file" },
	{ "adapter\n", "m:1: an adapter line is" },
	{ "adapter 4\n", "m:1: an adapter line is" },
	{ "adapter 4 CEX8A 5\n", "m:1: an adapter line is" },
	{ "adapter 100 CEX8A\n", "m:1: '100' is not an adapter number" },
	{ "adapter -1 CEX8A\n", "m:1: '-1' is not an adapter number" },
	{ "adapter +1 CEX8A\n", "m:1: '+1' is not an adapter number" },
	{ "adapter 4x CEX8A\n", "m:1: '4x' is not an adapter number" },
	{ "adapter fffffffffffffffff CEX8A\n", "m:1: 'fffffffffffffffff' is" },
	{ "\nadapter 4 CEX3A\n", "m:2: unknown adapter type 'CEX3A'" },
	{ "adapter 4 cex8a\n", "m:1: unknown adapter type 'cex8a'" },
	{ "adapter 4 CEX8A\n\nadapter 04 CEX8A\n",
	  "m:3: adapter 04 is defined already, see line 1" },
	{ "domain\n", "m:1: a domain line is" },
	{ "domain 4 # 5\ndomain 04\n",
	  "m:2: domain 0004 is defined already, see line 1" },
	{ "domain 4 4\n", "m:1: domain 0004 is defined already, see line 1" },
	{ "domain 100\n", "m:1: '100' is not a domain number" },
	{ "domain 4-100\n", "m:1: '4-100' is not a domain number" },
	{ "domain 4-\n", "m:1: '4-' is not a domain number" },
	{ "domain -4\n", "m:1: '-4' is not a domain number" },
	{ "domain 4-5-6\n", "m:1: '4-5-6' is not a domain number" },
	{ "domain 4,5\n", "m:1: '4,5' is not a domain number" },
	{ "domain 6-4\n", "m:1: the range 0006-0004 is empty" },
	{ "interrupts\n", "m:1: an interrupts line is" },
	{ "interrupts yes\n", "m:1: an interrupts line is" },
	{ "interrupts on off\n", "m:1: an interrupts line is" },
	{ "interrupts on\ninterrupts off\n",
	  "m:2: interrupts are set already, see line 1" },
	{ "adapters 4 CEX8A\n", "m:1: unknown word 'adapters'" },
	{ "interrupts yes\ninterrupts on\n", "m:1: an interrupts line is" },
};

/* Each mistake is in a file that is correct otherwise. */
static void every_mistake_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		char text[256];

		setup(state);
		snprintf(text, sizeof(text), "%sadapter fe CEX8A\ndomain fe\n",
			 mistakes[i].text);
		assert_int_equal(read_text(text), 1);
		if (strncmp(told, mistakes[i].told, strlen(mistakes[i].told)))
			fail_msg("%s: %s", mistakes[i].text, told);
		assert_int_equal(told[strlen(told) - 1], '\n');
		teardown(state);
	}
	setup(state);
}

#define NO_NUMBER	"is not an adapter number; they are hexadecimal, 00 to ff\n"
#define NO_TYPE		"; a type is CEX4 to CEX8 and A (accelerator), C (CCA) or P (EP11), as in CEX8A\n"
#define NO_DOMAIN	"is not a domain number or a range of them; they are hexadecimal, 0000 to 00ff\n"
#define ADAPTER_MISSING	"the machine has no adapter; add a line such as: adapter 04 CEX8A\n"
#define DOMAIN_MISSING	"the machine has no domain; add a line such as: domain 0004\n"

/* None of several mistakes in a file, or in a line, hides another. */
static const struct {
	const char *text;
	unsigned int mistakes;
	const char *told;
} files[] = {
	{ "frob\nadapter 4\ndomain 4 x 5 y\n", 4,
	  "m:1: unknown word 'frob'; a line begins with adapter, domain, interrupts, master-keys or #\n"
	  "m:2: an adapter line is: adapter NUMBER TYPE, as in: adapter 04 CEX8A\n"
	  "m:3: 'x' " NO_DOMAIN
	  "m:3: 'y' " NO_DOMAIN },
	{ "adapter 05 CEX9A\n", 2,
	  "m:1: unknown adapter type 'CEX9A'" NO_TYPE
	  "m:1: " DOMAIN_MISSING },
	{ "adapter zz CEX9A\n\ninterrupts no\n", 4,
	  "m:1: 'zz' " NO_NUMBER
	  "m:1: unknown adapter type 'CEX9A'" NO_TYPE
	  "m:3: an interrupts line is: interrupts on, or: interrupts off\n"
	  "m:3: " DOMAIN_MISSING },
	{ "adapter 5 CEX8A\nadapter 05 CEX3C\ndomain 7-6 100 4\ndomain 4\n", 5,
	  "m:2: adapter 05 is defined already, see line 1\n"
	  "m:2: unknown adapter type 'CEX3C'" NO_TYPE
	  "m:3: the range 0007-0006 is empty; write the lower domain first\n"
	  "m:3: '100' " NO_DOMAIN
	  "m:4: domain 0004 is defined already, see line 3\n" },
	{ "domain x\n", 2, "m:1: 'x' " NO_DOMAIN "m:1: " ADAPTER_MISSING },
	{ "adapter 4 CEX8A\n", 1, "m:1: " DOMAIN_MISSING },
	{ "domain 4\n", 1, "m:1: " ADAPTER_MISSING },
	{ "\n# nothing\n", 2, "m:2: " ADAPTER_MISSING "m:2: " DOMAIN_MISSING },
};

static void every_mistake_of_a_file_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		setup(state);
		assert_int_equal(read_text(files[i].text), files[i].mistakes);
		assert_string_equal(told, files[i].told);
		teardown(state);
	}
	setup(state);
}

static void a_binary_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(read_bytes("adapter 4\0CEX8A\n", 16), 3);
	assert_string_equal(told,
			    "m:1: there is a NUL byte; a machine file is text\n"
			    "m:1: " ADAPTER_MISSING "m:1: " DOMAIN_MISSING);
}

static unsigned int read_path(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t length;
	FILE *errors = open_memstream(&told, &length);
	unsigned int mistakes = machine_file_read(file, path, machine, errors);

	fclose(file);
	fclose(errors);
	return mistakes;
}

static void an_empty_file_is_no_machine(void **state)
{
	(void)state;
	assert_int_equal(read_path("/dev/null"), 2);
	assert_string_equal(told, "/dev/null:1: " ADAPTER_MISSING
				  "/dev/null:1: " DOMAIN_MISSING);
}

static void what_cannot_be_read_is_told(void **state)
{
	(void)state;
	assert_int_equal(read_path("/"), 1);
	assert_string_equal(told,
			    "/: the machine file cannot be read: Is a directory; swcexd.machine(5) tells how to write one\n");
}

/* Words of the language in any order, and random bytes. */
static void any_text_is_read_to_its_end(void **state)
{
	static const char *const words[] = {
		"adapter", "domain", " ", " ", "\n", "\n", "04", "ff", "0-ff",
		"CEX8A", "CEX", "#", "-", "\t", "100", "\x80",
	};

	(void)state;
	for (int i = 0; i < 300; i++) {
		char text[512] = "";

		for (int j = 0; j < 60; j++)
			strcat(text, words[seeded_below(16)]);
		setup(state);
		read_text(text);
		teardown(state);
	}
	setup(state);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(a_machine_is_read),
		POINT(a_machine_interrupts_unless_it_is_told),
		POINT(master_keys_are_told),
		POINT(the_largest_machine),
		cmocka_unit_test_teardown(every_mistake_is_told, teardown),
		cmocka_unit_test_teardown(every_mistake_of_a_file_is_told, teardown),
		POINT(a_binary_file_is_refused),
		POINT(an_empty_file_is_no_machine),
		POINT(what_cannot_be_read_is_told),
		cmocka_unit_test_teardown(any_text_is_read_to_its_end, teardown),
	};

	return cmocka_run_group_tests_name("machine_file", tests, NULL, NULL);
}
