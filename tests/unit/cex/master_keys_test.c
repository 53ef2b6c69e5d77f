// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "cex/master_keys.c"
#include "tests/unit/temporary.h"

#define AES	"aes 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define WK	"wk ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define ASYM	"asym 0123456789abcdef0123456789abcdef0123456789abcdef"

static struct cex_machine *machine;
static char reason[256], path[64];

static int setup(void **state)
{
	int fd;

	(void)state;
	strcpy(path, temporary("master_keys.XXXXXX"));
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	close(fd);
	*reason = '\0';
	machine = cex_machine_new(1);
	return !machine || cex_add_adapter(machine, 4, "CEX8A") ||
	       cex_add_adapter(machine, 5, "CEX8C") ||
	       cex_add_adapter(machine, 6, "CEX8P") ||
	       cex_add_domain(machine, 4);
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	cex_machine_free(machine);
	return 0;
}

/* Add domains both before the call and after it. */
static void set_and_add(const char *how)
{
	assert_int_equal(cex_set_master_keys(machine, how, reason,
					     sizeof(reason)), 0);
	assert_int_equal(cex_add_adapter(machine, 15, "CEX5C"), 0);
	assert_int_equal(cex_add_adapter(machine, 16, "CEX5P"), 0);
	assert_int_equal(cex_add_domain(machine, 9), 0);
}

static void write_keys(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static const struct master_key *key(unsigned int adapter, unsigned int domain,
				    enum master_key_kind kind)
{
	return domain_current(&machine_queue(machine, AP_APQN(adapter, domain))->domain,
			      kind);
}

static bool are_equal(const struct master_key *a, const struct master_key *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static void all_have_the_same(enum master_key_kind kind, unsigned int adapter)
{
	const struct master_key *first = key(adapter, 4, kind);

	assert_non_null(first);
	assert_true(are_equal(first, key(adapter, 9, kind)));
	assert_true(are_equal(first, key(adapter + 10, 4, kind)));
	assert_true(are_equal(first, key(adapter + 10, 9, kind)));
}

static void random_keys_differ(void **state)
{
	(void)state;
	set_and_add("random");
	assert_false(are_equal(key(5, 4, MASTER_KEY_AES), key(5, 9, MASTER_KEY_AES)));
	assert_false(are_equal(key(5, 4, MASTER_KEY_AES), key(15, 4, MASTER_KEY_AES)));
	assert_false(are_equal(key(6, 4, MASTER_KEY_WK), key(16, 9, MASTER_KEY_WK)));
}

static void same_keys_are_of_each_kind(void **state)
{
	(void)state;
	set_and_add("same");
	all_have_the_same(MASTER_KEY_ASYM, 5);
	all_have_the_same(MASTER_KEY_AES, 5);
	all_have_the_same(MASTER_KEY_APKA, 5);
	all_have_the_same(MASTER_KEY_WK, 6);
	assert_false(are_equal(key(5, 4, MASTER_KEY_AES), key(5, 4, MASTER_KEY_APKA)));
	assert_null(key(5, 4, MASTER_KEY_WK));
	assert_null(key(6, 4, MASTER_KEY_AES));
	assert_null(key(4, 4, MASTER_KEY_AES));
}

static void a_file_may_name_some_kinds(void **state)
{
	static const uint8_t asym[] = { 0x01, 0x23, 0x45, 0x67 };

	(void)state;
	write_keys("# of this machine\n\n" AES " # ascending\n" WK "\r\n" ASYM);
	set_and_add(path);
	all_have_the_same(MASTER_KEY_AES, 5);
	assert_int_equal(key(5, 4, MASTER_KEY_AES)->value[31], 0x1f);
	all_have_the_same(MASTER_KEY_WK, 6);
	assert_int_equal(key(16, 9, MASTER_KEY_WK)->value[0], 0xff);
	all_have_the_same(MASTER_KEY_ASYM, 5);
	assert_memory_equal(key(15, 4, MASTER_KEY_ASYM)->value, asym, sizeof(asym));
	assert_false(are_equal(key(5, 4, MASTER_KEY_APKA), key(5, 9, MASTER_KEY_APKA)));
}

static void mistakes_are_reported(void **state)
{
	static const struct {
		const char *text, *told;
	} mistakes[] = {
		{ "aes\n", ":1: expected KEY HEXADECIMAL" },
		{ "des 00\n", ":1: expected KEY HEXADECIMAL" },
		{ AES " more\n", ":1: expected KEY HEXADECIMAL" },
		{ "aes 00\n", ":1: key aes must have 64 hexadecimal digits" },
		{ "\n" AES "00\n", ":2: key aes must have 64 hexadecimal digits" },
		{ "asym 0123456789abcdef0123456789abcdef0123456789abcdeg\n",
		  ":1: key asym must have 48 hexadecimal digits" },
		{ AES "\n" AES "\n", ":2: key aes is given twice" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		write_keys(mistakes[i].text);
		assert_int_equal(cex_set_master_keys(machine, path, reason,
						     sizeof(reason)), -EINVAL);
		assert_memory_equal(reason, path, strlen(path));
		assert_memory_equal(reason + strlen(path), mistakes[i].told,
				    strlen(mistakes[i].told));
	}
	assert_int_equal(cex_set_master_keys(machine, "/nowhere/keys", reason,
					     sizeof(reason)), -ENOENT);
	assert_non_null(strstr(reason, "/nowhere/keys: cannot open the file"));
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(random_keys_differ),
		POINT(same_keys_are_of_each_kind),
		POINT(a_file_may_name_some_kinds),
		POINT(mistakes_are_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
