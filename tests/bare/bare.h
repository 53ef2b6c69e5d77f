/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine without an operating system, for tests of single instructions.
 *
 * The image runs on real addresses with interruptions disabled. main() states
 * its verdicts; they go to the SCLP console as TAP. When it returns, or calls
 * finish(), the plan is printed and QEMU ends.
 *
 * A test fills in a struct cpu, has one instruction run with it, and looks at
 * what came back.
 */
#ifndef BARE_H
#define BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSW_DAT		(1ull << 58)
#define PSW_PROBLEM	(1ull << 48)
#define PSW_AS		(3ull << 46)
#define PSW_SECONDARY	(2ull << 46)
#define PSW_CC_SHIFT	44
#define PSW_31BIT	(1ull << 31)
#define PSW_24BIT	(1ull << 32)	/* for tests: the mask itself has neither */

#define CHECK_OPERATION		1
#define CHECK_PRIVILEGED	2
#define CHECK_ADDRESSING	5
#define CHECK_SPECIFICATION	6

/*
 * @gr: the general registers, before and after
 * @psw: before: DAT, problem state, address space, condition code, and 24- or
 *	31-bit mode (instead of 64-bit) count.
 *	After: psw.addr is relative to the instruction, so it is its length if
 *	control went on to the next one.
 * @check: after: 0, or the program interruption code
 * @ilc: after a program interruption: the instruction's length
 */
struct cpu {
	uint64_t gr[16];
	struct {
		uint64_t mask;
		uint64_t addr;
	} psw;
	uint16_t check;
	uint8_t ilc;
};

static inline int cc_of(const struct cpu *cpu)
{
	return cpu->psw.mask >> PSW_CC_SHIFT & 3;
}

/* Run one instruction of four bytes, on its own, or as the target of EXRL. */
void run(struct cpu *cpu, uint32_t instruction);
void run_executed(struct cpu *cpu, uint32_t instruction);

/*
 * Run @function on CPU @cpu, which is not 0. Return false if there is no such
 * CPU, or if it is running.
 */
#define CPUS	4	/* that a test can have */
bool start_cpu(unsigned int cpu, void (*function)(void));

/*
 * Execute SERVC: the SCLP executes @command on a block that it accepts. It
 * answers by an external interruption, for which this waits, and is busy until
 * then.
 */
void service_call(uint32_t command, void *block);

/* Return the time in microseconds since some moment. */
uint64_t microseconds(void);

/* Verdicts, one point each, named "CHAPTER: NAME". */
void chapter(const char *name);
void ok(bool passed, const char *name);
void same(const char *name, uint64_t expected, uint64_t seen);
void same_bytes(const char *name, const void *expected, const void *seen, size_t length);
void skip(const char *name, const char *reason);
void known(const char *name, const char *reason);	/* a known failure */
_Noreturn void finish(void);

/*
 * For a test that resets its machine: the number of points so far, and the
 * number to continue from.
 */
unsigned int points_so_far(void);
void go_on_behind(unsigned int points);

void *memset(void *to, int byte, size_t length);
void *memcpy(void *to, const void *from, size_t length);
int memcmp(const void *a, const void *b, size_t length);

#endif /* BARE_H */
