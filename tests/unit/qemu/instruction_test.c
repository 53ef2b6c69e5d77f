// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "qemu/dat.h"
#include "qemu/instruction.c"

#define MODE_64		(PSW_EA | PSW_BA)
#define MODE_31		PSW_BA
#define HIGH		0xabcdef0100000000ull

static struct instruction pqap(uint64_t function, uint16_t apqn)
{
	return (struct instruction){
		.kind = INSTRUCTION_PQAP,
		.interruptible = true,
		.psw = MODE_64,
		.gr = { function << 24 | apqn },
	};
}

static struct instruction message(enum instruction_kind kind)
{
	return (struct instruction){
		.kind = kind,
		.r1 = 4,
		.r2 = 6,
		.psw = MODE_64,
		.gr = { AP_APQN(5, 0x47) },
		.psmid = { HIGH | 0x11223344, HIGH | 0x55667788 },
		.area = { 0x12340, 100 },
	};
}

static void is_checked(const struct instruction *i, uint16_t code)
{
	assert_int_equal(instruction_check(i), code);
}

static void privilege(void **state)
{
	static const enum instruction_kind kinds[] = {
		INSTRUCTION_PQAP, INSTRUCTION_NQAP, INSTRUCTION_DQAP,
	};

	(void)state;
	for (int k = 0; k < 3; k++) {
		struct instruction i = message(kinds[k]);

		is_checked(&i, 0);
		i.r1 = 5;	/* privilege precedes specification */
		i.psw |= PSW_PROBLEM;
		is_checked(&i, AP_CHECK_PRIVILEGED);
	}
}

static void pqap_functions(void **state)
{
	(void)state;
	for (unsigned int function = 0; function < 256; function++) {
		struct instruction i = pqap(function, 0x0504);

		is_checked(&i, function < 6 ? 0 : AP_CHECK_SPECIFICATION);
	}
}

/* RAPQ, ZAPQ and QACT support bit 41. */
static void pqap_bits(void **state)
{
	(void)state;
	for (unsigned int bit = 0; bit < 48; bit++) {
		for (unsigned int function = 0; function < 6; function++) {
			struct instruction i = pqap(function, 0x0504);
			bool known = function == 1 || function == 2 || function == 5;
			bool reserved = bit > 41 || (bit == 41 && !known);

			if (bit >= 32 && bit < 40)
				continue;
			i.gr[0] |= BIT(bit);
			is_checked(&i, reserved ? AP_CHECK_SPECIFICATION : 0);
		}
	}
}

static void aqic_comes_with_its_facility(void **state)
{
	(void)state;
	for (unsigned int function = 0; function < 6; function++) {
		struct instruction i = pqap(function, 0x0504);

		i.interruptible = false;
		is_checked(&i, function == 3 ? AP_CHECK_SPECIFICATION : 0);
	}
}

static void qci_alignment(void **state)
{
	struct instruction i = pqap(4, 0);

	(void)state;
	for (unsigned int offset = 0; offset < 16; offset++) {
		i.gr[2] = 0x1000 + offset;
		is_checked(&i, offset % 8 ? AP_CHECK_SPECIFICATION : 0);
	}
	assert_int_equal(instruction_length(&i), 128);
	assert_true(instruction_stores(&i));
	i.psw = MODE_31;
	i.gr[2] = HIGH | 0x80001008;
	assert_int_equal(instruction_address(&i), 0x1008);
	i.psw = 0;
	i.gr[2] = HIGH | 0xff001008;
	assert_int_equal(instruction_address(&i), 0x1008);
}

static void only_qci_has_a_block(void **state)
{
	(void)state;
	for (unsigned int function = 0; function < 6; function++) {
		struct instruction i = pqap(function, 0x0504);

		if (function != 4)
			assert_int_equal(instruction_length(&i), 0);
	}
}

static void message_bits(enum instruction_kind kind, const uint8_t *reserved)
{
	for (unsigned int bit = 0; bit < 64; bit++) {
		struct instruction i = message(kind);
		bool bad = false;

		for (const uint8_t *r = reserved; *r; r++)
			bad |= *r == bit;
		i.gr[0] |= BIT(bit);
		is_checked(&i, bad ? AP_CHECK_SPECIFICATION : 0);
	}
}

static void reserved_bits(void **state)
{
	static const uint8_t nqap[] = { 32, 34, 35, 40, 0 };
	static const uint8_t dqap[] = { 33, 34, 35, 40, 41, 0 };

	(void)state;
	message_bits(INSTRUCTION_NQAP, nqap);
	message_bits(INSTRUCTION_DQAP, dqap);
}

static void register_pairs(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < 16; r++) {
		struct instruction i = message(INSTRUCTION_NQAP);

		i.r1 = r;
		is_checked(&i, r & 1 ? AP_CHECK_SPECIFICATION : 0);
		i = message(INSTRUCTION_DQAP);
		i.r2 = r;
		is_checked(&i, r & 1 ? AP_CHECK_SPECIFICATION : 0);
	}
}

static void lengths(void **state)
{
	struct instruction i = message(INSTRUCTION_NQAP);

	(void)state;
	i.area.odd = 0;
	is_checked(&i, AP_CHECK_SPECIFICATION);
	i.area.odd = AP_MESSAGE_MAX;
	is_checked(&i, 0);
	i.area.odd = AP_MESSAGE_MAX + 1;
	is_checked(&i, AP_CHECK_SPECIFICATION);
	i.area.odd = HIGH | 16;
	is_checked(&i, AP_CHECK_SPECIFICATION);
	i.psw = MODE_31;
	is_checked(&i, 0);
	assert_int_equal(instruction_length(&i), 16);
}

static void commands(void **state)
{
	struct instruction i = pqap(0, AP_APQN(0xfe, 0x12));
	struct ap_command c;

	(void)state;
	i.gr[0] |= HIGH | 1 << 23;
	instruction_command(&i, &c);
	assert_int_equal(c.op, AP_OP_TAPQ);
	assert_int_equal(c.apqn, 0xfe12);
	assert_true(c.arg[0] == i.gr[0]);
	i = pqap(3, 0x0102);
	i.gr[1] = 0x800000000003;
	i.gr[2] = 0x98765;
	instruction_command(&i, &c);
	assert_int_equal(c.op, AP_OP_AQIC);
	assert_true(c.arg[0] == i.gr[1] && c.arg[1] == i.gr[2]);
}

static void message_commands(void **state)
{
	struct instruction i = message(INSTRUCTION_NQAP);
	struct ap_command c;

	(void)state;
	instruction_command(&i, &c);
	assert_int_equal(c.op, AP_OP_NQAP);
	assert_int_equal(c.apqn, 0x0547);
	assert_int_equal(c.length, 100);
	assert_true(c.psmid == 0x1122334455667788);
	assert_false(instruction_stores(&i));
	i.kind = INSTRUCTION_DQAP;
	instruction_command(&i, &c);
	assert_int_equal(c.op, AP_OP_DQAP);
	assert_int_equal(c.length, 0);
	assert_true(c.arg[0] == 100);
	assert_true(instruction_stores(&i));
}

static void tapq_completes(void **state)
{
	struct ap_result result = { .status = 0x80000000, .value = 0x1234 };
	struct instruction i = pqap(0, 0x0504);
	struct instruction_changes changes;

	(void)state;
	i.gr[1] = ~0ull;
	changes = instruction_complete(&i, &result);
	assert_true(changes.gr1 && changes.gr2);
	assert_false(changes.psmid || changes.area);
	assert_true(i.gr[1] == 0x80000000 && i.gr[2] == 0x1234);
	assert_int_equal(i.cc, 0);
	result.status = AP_STATUS_OF_RC(AP_RC_Q_NOT_AVAIL);
	instruction_complete(&i, &result);
	assert_int_equal(i.cc, 3);
}

static void qci_completes(void **state)
{
	const struct ap_result result = { .length = 128 };
	struct instruction i = pqap(4, 0);
	struct instruction_changes changes;

	(void)state;
	changes = instruction_complete(&i, &result);
	assert_false(changes.gr1 || changes.gr2 || changes.psmid || changes.area);
	assert_int_equal(i.cc, 0);
}

static void nqap_completes(void **state)
{
	struct ap_result result = { .status = 0x00100000 };
	struct instruction i = message(INSTRUCTION_NQAP);
	struct instruction_changes changes;

	(void)state;
	changes = instruction_complete(&i, &result);
	assert_true(changes.gr1);
	assert_false(changes.gr2 || changes.psmid || changes.area);
	assert_int_equal(i.cc, 3);
	result.status = 0;
	changes = instruction_complete(&i, &result);
	assert_true(changes.area);
	assert_int_equal(i.cc, 0);
	assert_true(i.area.even == 0x12340 + 100 && i.area.odd == 0);
}

static void whole_reply(void **state)
{
	const struct ap_result result = {
		.length = 40, .psmid = 0x8877665544332211,
	};
	struct instruction i = message(INSTRUCTION_DQAP);
	struct instruction_changes changes = instruction_complete(&i, &result);

	(void)state;
	assert_true(changes.gr1 && changes.gr2 && changes.psmid && changes.area);
	assert_int_equal(i.cc, 0);
	assert_true(i.gr[2] == 0);
	assert_true(i.psmid.even == (HIGH | 0x88776655));
	assert_true(i.psmid.odd == (HIGH | 0x44332211));
	assert_true(i.area.even == 0x12340 + 40 && i.area.odd == 60);
}

/*
 * Linux considers GR2 != 0 with a full area to be a part, and continues with
 * GR0. It says that GR1 is not set (ap_dqap() in arch/s390/include/asm/ap.h).
 */
static void part_of_a_reply(void **state)
{
	const struct ap_result result = { .length = 100, .value = 900 };
	struct instruction i = message(INSTRUCTION_DQAP);
	struct instruction_changes changes;

	(void)state;
	i.gr[0] |= BIT(32);
	changes = instruction_complete(&i, &result);
	assert_true(changes.gr2 && changes.area);
	assert_false(changes.gr1 || changes.psmid);
	assert_int_equal(i.cc, 1);
	assert_true(i.gr[2] == 900);
	assert_true(i.gr[0] == (BIT(32) | 0x0547));
	assert_true(i.area.odd == 0);
	is_checked(&(struct instruction){
		.kind = i.kind, .r1 = 4, .r2 = 6, .psw = i.psw,
		.gr = { i.gr[0] }, .area = { 0, 1 } }, 0);
}

static void area_wraps(void **state)
{
	const struct ap_result result = { .length = 32 };
	struct instruction i = message(INSTRUCTION_DQAP);

	(void)state;
	i.psw = MODE_31;
	i.area = (struct register_pair){ HIGH | 0x7ffffff0, HIGH | 48 };
	assert_int_equal(instruction_address(&i), 0x7ffffff0);
	instruction_complete(&i, &result);
	assert_true(i.area.even == (HIGH | 0x10));
	assert_true(i.area.odd == (HIGH | 16));
	i.psw = 0;
	i.area.even = HIGH | 0x55fffff0;
	assert_int_equal(instruction_address(&i), 0xfffff0);
	instruction_complete(&i, &result);
	assert_true(i.area.even == (HIGH | 0x10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(privilege),
		cmocka_unit_test(pqap_functions),
		cmocka_unit_test(pqap_bits),
		cmocka_unit_test(aqic_comes_with_its_facility),
		cmocka_unit_test(qci_alignment),
		cmocka_unit_test(only_qci_has_a_block),
		cmocka_unit_test(reserved_bits),
		cmocka_unit_test(register_pairs),
		cmocka_unit_test(lengths),
		cmocka_unit_test(commands),
		cmocka_unit_test(message_commands),
		cmocka_unit_test(tapq_completes),
		cmocka_unit_test(qci_completes),
		cmocka_unit_test(nqap_completes),
		cmocka_unit_test(whole_reply),
		cmocka_unit_test(part_of_a_reply),
		cmocka_unit_test(area_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
