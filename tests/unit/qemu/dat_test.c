// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "qemu/dat.c"

#define MODE_64		(PSW_EA | PSW_BA)
#define END_OF_STORAGE	(1ull << 40)

/*
 * Entries of tables. An entry that is not in the list is invalid, for all types
 * of tables.
 */
static struct {
	uint64_t address;
	uint64_t entry;
} tables[16];
static unsigned int count;

static bool fetch(void *context, uint64_t absolute, uint64_t *entry)
{
	(void)context;
	if (absolute >= END_OF_STORAGE)
		return false;
	*entry = ENTRY_INVALID | PAGE_INVALID;
	for (unsigned int i = 0; i < count; i++) {
		if (tables[i].address == absolute)
			*entry = tables[i].entry;
	}
	return true;
}

static void put(uint64_t table, unsigned int index, uint64_t entry)
{
	tables[count].address = table + index * 8;
	tables[count].entry = entry;
	count++;
}

static struct dat dat;

static int reset(void **state)
{
	(void)state;
	count = 0;
	dat = (struct dat){
		.psw = MODE_64 | PSW_DAT,
		.cr0 = CR0_ENHANCED_DAT,
		.prefix = 0x6000,
		.fetch = fetch,
	};
	return 0;
}

static void is_at(uint64_t address, bool store, uint64_t absolute)
{
	struct dat_fault fault = { 0 };
	uint64_t result = 0;

	assert_true(dat_translate(&dat, address, store, &result, &fault));
	assert_true(result == absolute);
}

static void faults(uint64_t address, bool store, uint16_t code, uint64_t teid)
{
	struct dat_fault fault = { 0 };
	uint64_t result;

	assert_false(dat_translate(&dat, address, store, &result, &fault));
	assert_int_equal(fault.code, code);
	assert_true(fault.teid == teid);
}

/*
 * Make a segment table whose segment 2 has page 3 at 0x77000, and a protected
 * page 4.
 */
static void make_segment_table(void)
{
	dat.asce = 0x10000 | 0x03;
	put(0x10000, 2, 0x20800);
	put(0x20800, 3, 0x77000);
	put(0x20800, 4, 0x78000 | ENTRY_PROTECT);
	put(0x20800, 5, 0x79000 | PAGE_ZERO);
}

static void wraps(void **state)
{
	(void)state;
	assert_true(dat_wrap(MODE_64, ~0ull) == ~0ull);
	assert_true(dat_wrap(PSW_BA, ~0ull) == 0x7fffffff);
	assert_true(dat_wrap(0, ~0ull) == 0xffffff);
}

static void prefixes(void **state)
{
	(void)state;
	assert_true(dat_absolute(0x6000, 0) == 0x6000);
	assert_true(dat_absolute(0x6000, 0x1fff) == 0x7fff);
	assert_true(dat_absolute(0x6000, 0x7001) == 0x1001);
	assert_true(dat_absolute(0x6000, 0x8000) == 0x8000);
	assert_true(dat_absolute(0, 0x1234) == 0x1234);
}

static void without_dat(void **state)
{
	(void)state;
	dat.psw = MODE_64;
	is_at(0x123456789, false, 0x123456789);
	is_at(0x10, true, 0x6010);
	dat.psw |= PSW_DAT;
	dat.asce = ASCE_REAL;
	is_at(0x123456789, true, 0x123456789);
}

static void pages(void **state)
{
	(void)state;
	make_segment_table();
	is_at(0x203123, true, 0x77123);
	is_at(0x204123, false, 0x78123);
	faults(0x204123, true, DAT_PROTECTION, 0x204000 | TEID_STORE | TEID_DAT);
	faults(0x205000, false, DAT_SPECIFICATION, 0x205000 | TEID_FETCH);
	faults(0x206fff, false, DAT_PAGE, 0x206000 | TEID_FETCH);
	faults(0x300000, true, DAT_SEGMENT, 0x300000 | TEID_STORE);
}

static void all_levels(void **state)
{
	const uint64_t address = (5ull << 53) + (6ull << 42) + (7ull << 31) +
				 (8ull << 20) + (9ull << 12) + 0xabc;

	(void)state;
	dat.asce = 0x100000 | 0x0c | 3;
	put(0x100000, 5, 0x200000 | 0x0c | 3);
	put(0x200000, 6, 0x300000 | 0x08 | 3);
	put(0x300000, 7, 0x400000 | 0x04 | 3);
	put(0x400000, 8, 0x500000);
	put(0x500000, 9, 0x12345000);
	is_at(address, true, 0x12345abc);
	faults(address + (1ull << 53), false, DAT_REGION_FIRST,
	       (address + (1ull << 53) - 0xabc) | TEID_FETCH);
	faults(address + (1ull << 42), false, DAT_REGION_SECOND,
	       (address + (1ull << 42) - 0xabc) | TEID_FETCH);
	faults(address + (1ull << 31), false, DAT_REGION_THIRD,
	       (address + (1ull << 31) - 0xabc) | TEID_FETCH);
}

static void large_frames(void **state)
{
	(void)state;
	dat.asce = 0x300000 | 0x04 | 3;
	put(0x300000, 0, 0x400000 | 0x04 | 3);
	put(0x300000, 1, 0x180000000 | ENTRY_FRAME | 0x04);
	put(0x400000, 1, 0x65400000 | ENTRY_FRAME);
	put(0x400000, 2, 0x65500000 | ENTRY_FRAME | ENTRY_PROTECT);
	is_at(0x123456, true, 0x65423456);
	is_at(0x223456, false, 0x65523456);
	faults(0x223456, true, DAT_PROTECTION, 0x223000 | TEID_STORE | TEID_DAT);
	is_at(0x80000000 + 0x7654321, true, 0x187654321);
}

static void protection_of_a_region(void **state)
{
	(void)state;
	make_segment_table();
	dat.asce = 0x300000 | 0x04;
	put(0x300000, 0, 0x10000 | ENTRY_PROTECT | 0x04 | 3);
	is_at(0x203000, false, 0x77000);
	faults(0x203000, true, DAT_PROTECTION, 0x203000 | TEID_STORE | TEID_DAT);
}

static void without_enhanced_dat(void **state)
{
	(void)state;
	dat.cr0 = 0;
	dat.asce = 0x300000 | 0x04;
	put(0x300000, 0, 0x400000 | ENTRY_PROTECT | 0x04 | 3);
	put(0x400000, 1, 0x20800 | ENTRY_FRAME);
	put(0x20800, 3, 0x77000);
	put(0x400000, 2, 0x20800 | ENTRY_PROTECT);
	is_at(0x103123, true, 0x77123);
	faults(0x203123, true, DAT_PROTECTION, 0x203000 | TEID_STORE | TEID_DAT);
}

static void table_bounds(void **state)
{
	(void)state;
	make_segment_table();
	dat.asce = 0x10000;		/* one block of 512 segments */
	faults(0x20000000, false, DAT_SEGMENT, 0x20000000 | TEID_FETCH);
	faults(1ull << 31, false, DAT_ASCE_TYPE, 1ull << 31 | TEID_FETCH);
	dat.asce = 0x300000 | 0x04;
	put(0x300000, 0, 0x10000 | 0x40 | 0x04 | 3);	/* offset 1 */
	faults(0x203000, false, DAT_SEGMENT, 0x203000 | TEID_FETCH);
}

static void wrong_tables(void **state)
{
	(void)state;
	dat.asce = 0x300000 | 0x04 | 3;
	put(0x300000, 0, 0x400000 | 0x08 | 3);
	faults(0, false, DAT_SPECIFICATION, TEID_FETCH);
	dat.asce = END_OF_STORAGE | 3;
	faults(0, false, DAT_ADDRESSING, TEID_FETCH);
	dat.asce = 0x10000 | 3;
	put(0x10000, 0, END_OF_STORAGE);
	faults(0, false, DAT_ADDRESSING, TEID_FETCH);
	dat.asce = 0x11000 | ASCE_PRIVATE | 3;
	put(0x11000, 0, 0x20000 | SEGMENT_COMMON);
	faults(0, false, DAT_SPECIFICATION, TEID_FETCH);
}

static void low_addresses(void **state)
{
	(void)state;
	dat.cr0 = CR0_LOW_ADDRESS_PROTECTION;
	dat.psw = MODE_64;
	is_at(0x10, false, 0x6010);
	faults(0x10, true, DAT_PROTECTION, TEID_STORE | TEID_LOW);
	faults(0x11ff, true, DAT_PROTECTION, 0x1000 | TEID_STORE | TEID_LOW);
	is_at(0x200, true, 0x6200);
	is_at(0x1200, true, 0x7200);
	is_at(0x2000, true, 0x2000);
	dat.psw |= PSW_DAT;
	dat.asce = ASCE_REAL;
	faults(0x10, true, DAT_PROTECTION, TEID_STORE | TEID_LOW);
	dat.asce |= ASCE_PRIVATE;
	is_at(0x10, true, 0x6010);
}

static void address_spaces(void **state)
{
	const uint64_t as[] = { 0, 2, 3 }, cr[] = { 1, 7, 13 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		dat.psw = MODE_64 | PSW_DAT | as[i] << PSW_AS_SHIFT;
		assert_int_equal(dat_asce_register(dat.psw), cr[i]);
		dat.asce = 0x10000 | 3;
		faults(0x5123, false, DAT_SEGMENT, 0x5000 | TEID_FETCH | as[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(wraps, reset),
		cmocka_unit_test_setup(prefixes, reset),
		cmocka_unit_test_setup(without_dat, reset),
		cmocka_unit_test_setup(pages, reset),
		cmocka_unit_test_setup(all_levels, reset),
		cmocka_unit_test_setup(large_frames, reset),
		cmocka_unit_test_setup(protection_of_a_region, reset),
		cmocka_unit_test_setup(without_enhanced_dat, reset),
		cmocka_unit_test_setup(table_bounds, reset),
		cmocka_unit_test_setup(wrong_tables, reset),
		cmocka_unit_test_setup(low_addresses, reset),
		cmocka_unit_test_setup(address_spaces, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
