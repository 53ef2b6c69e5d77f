// SPDX-License-Identifier: GPL-2.0-only
/*
 * What TAPQ shows of every type of adapter, decoded as Linux does it (struct
 * ap_tapq_hwinfo of asm/ap.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "cex/adapter.c"

static uint64_t bits(uint64_t gr2, unsigned int first, unsigned int count)
{
	return gr2 << first >> (64 - count);
}

struct hwinfo {
	bool apsc, mex4k, crt4k, cca, accel, ep11, apxa, slcf;
	unsigned int class, bs, at, nd, ml, qd;
};

static struct hwinfo hwinfo_of(uint64_t gr2)
{
	return (struct hwinfo){
		.apsc = bits(gr2, 0, 1), .mex4k = bits(gr2, 1, 1),
		.crt4k = bits(gr2, 2, 1), .cca = bits(gr2, 3, 1),
		.accel = bits(gr2, 4, 1), .ep11 = bits(gr2, 5, 1),
		.apxa = bits(gr2, 6, 1), .slcf = bits(gr2, 7, 1),
		.class = bits(gr2, 8, 8), .bs = bits(gr2, 16, 2),
		.at = bits(gr2, 32, 8), .nd = bits(gr2, 40, 8),
		.ml = bits(gr2, 52, 4), .qd = bits(gr2, 60, 4),
	};
}

/* As lszcrypt prints them, and as zcrypt distinguishes modes. */
static const struct mode {
	char letter;
	const char *before_cex6, *functions;
} modes[] = {
	{ 'A', "-MC-A--F-", "-MC-A-NF-" },
	{ 'C', "S--D--N--", "S--D--NF-" },
	{ 'P', "-----XNF-", "-----XNF-" },
};

static void print_functions(uint64_t gr2, char text[10])
{
	static const char letters[] = "SMCDAXNHFR";
	char *at = text;

	for (int i = 0; i < 10; i++)
		if (letters[i] != 'H')
			*at++ = bits(gr2, i, 1) ? letters[i] : '-';
	*at = '\0';
}

static void check_type(const struct mode *mode, char generation)
{
	char type[] = { 'C', 'E', 'X', generation, mode->letter, '\0' };
	struct adapter *adapter = adapter_new(type);
	struct hwinfo info;
	char functions[10];
	uint64_t gr2;

	assert_non_null(adapter);
	gr2 = adapter_information(adapter, true);
	info = hwinfo_of(gr2);
	print_functions(gr2, functions);
	assert_string_equal(functions, generation < '6' ? mode->before_cex6 :
							  mode->functions);
	assert_int_equal(info.cca, mode->letter == 'C');
	assert_int_equal(info.accel, mode->letter == 'A');
	assert_int_equal(info.ep11, mode->letter == 'P');
	assert_int_equal(info.at, 10 + generation - '4');
	assert_int_equal(info.nd, 255);
	assert_int_equal(info.ml, mode->letter == 'A' || generation < '8' ? 3 : 6);
	assert_int_equal(adapter_message_max(adapter), info.ml * 4096);
	assert_int_equal(info.qd + 1, 8);
	assert_int_equal(info.slcf, 0);
	assert_int_equal(info.bs, 0);
	assert_int_equal(adapter_information(adapter, false),
			 (uint64_t)info.at << 24 | info.qd);
	assert_true(adapter->firmware->reply_max <= 6 * 4096);
	free(adapter);
}

static void every_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		for (char generation = '4'; generation <= '8'; generation++)
			check_type(&modes[i], generation);
}

/* The columns that a hypervisor changes where guests share an adapter */
static void share(char functions[10])
{
	functions[0] = '-';
	memcpy(functions + 7, "-R", 2);
}

/*
 * A row of the listings in docs/cards.md: | CEX5C | 11 | `S--D--N--` | ...
 * Later versions of lszcrypt have a column H before F.
 */
static bool compare_with_row(const char *row)
{
	char type[8], listed[12], functions[10];
	struct adapter *adapter;
	unsigned int hwtype;

	if (sscanf(row, "| %7[CEX0-9ACP] | %u | `%11[-SMCDAXNHFR]` |", type,
		   &hwtype, listed) != 3)
		return false;
	adapter = adapter_new(type);
	assert_non_null(adapter);
	print_functions(adapter_information(adapter, true), functions);
	if (strlen(listed) == 10)
		memmove(listed + 7, listed + 8, 3);
	if (listed[8] == 'R')
		share(functions);
	assert_string_equal(functions, listed);
	assert_int_equal(adapter_hardware_type(adapter), hwtype);
	free(adapter);
	return true;
}

/* The mode that lszcrypt derives from the functions */
static const char *mode_of(const char functions[10])
{
	if (functions[4] == 'A')
		return "Accelerator";
	return functions[3] == 'D' ? "CCA-Coproc" : "EP11-Coproc";
}

/* A row of those without functions: | CEX7A | `Accelerator` | ... */
static bool compare_mode_with_row(const char *row)
{
	char type[8], mode[16], functions[10];
	struct adapter *adapter;

	if (sscanf(row, "| %7[CEX0-9ACP] | `%15[-A-Za-z0-9]` |", type, mode) != 2)
		return false;
	adapter = adapter_new(type);
	assert_non_null(adapter);
	print_functions(adapter_information(adapter, true), functions);
	assert_string_equal(mode_of(functions), mode);
	free(adapter);
	return true;
}

static void shows_what_real_adapters_show(void **state)
{
	FILE *file = fopen("docs/cards.md", "r");
	unsigned int rows = 0, modes = 0;
	char line[512];

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		rows += compare_with_row(line);
		modes += compare_mode_with_row(line);
	}
	fclose(file);
	assert_in_range(rows, 9, 100);
	assert_in_range(modes, 6, 100);
}

/* QACT: an older kernel asks for the newest type that it knows. */
static void compatible(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		char type[] = { 'C', 'E', 'X', '8', modes[i].letter, '\0' };
		struct adapter *adapter = adapter_new(type);
		uint64_t mode = adapter_information(adapter, true) >> 58 & 7;

		for (uint64_t known = 10; known <= 20; known++)
			assert_int_equal(
				adapter_compatible(adapter, mode << 58 |
						   known << 24),
				mode << 58 | (known < 14 ? known : 14) << 24);
		assert_int_equal(adapter_compatible(adapter, (~mode & 7) << 58 |
						    14 << 24), 0);
		free(adapter);
	}
}

static void no_such_type(void **state)
{
	static const char *const wrong[] = {
		"", "CEX", "CEX3A", "CEX9A", "CEX8", "CEX8X", "CEX8a", "cex8A",
		"CEX8AA", " CEX8A", "XEX8A",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(adapter_new(wrong[i]));
		assert_int_equal(errno, EINVAL);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type),
		cmocka_unit_test(shows_what_real_adapters_show),
		cmocka_unit_test(compatible),
		cmocka_unit_test(no_such_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
