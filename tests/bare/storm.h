/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code to be interrupted. Each piece loads all general registers, sets the
 * condition code, and then branches, counts and executes on, without changing
 * either. Its final state shows whether an interruption has left a trace.
 */
#ifndef BARE_STORM_H
#define BARE_STORM_H

#include "bare.h"
#include "lowcore.h"

/*
 * How often a piece branches to itself between setting and reading the
 * condition code.
 */
#define STORM_TURNS	100

extern const char storm_begin[], storm_end[];

/*
 * A piece returns the condition code; registers are loaded from LC_STORM_IN and
 * stored to LC_STORM_OUT.
 */
typedef unsigned long storm_piece(void);

struct storm_setter {
	storm_piece *run;
	unsigned int cc;
};

/* Different ways to compute the condition code. */
#define STORM_SETTERS(F) \
	F(equal, 0, "cgr 0,0") \
	F(equal_in_storage, 0, "clc 0x600(8,0),0x600(0)") \
	F(no_bit, 0, "tmll 2,0") \
	F(zero, 0, "ltgr 3,3") \
	F(and_of_zero, 0, "ngr 3,3") \
	F(sum_of_zero, 0, "agrk 14,3,3") \
	F(low, 1, "cgr 0,1") \
	F(low_unsigned, 1, "clgr 0,1") \
	F(negative, 1, "ltgr 4,4") \
	F(or_of_bits, 1, "ogr 4,4") \
	F(mixed_bits, 1, "tmll 2,0xffff") \
	F(high, 2, "cgr 1,0") \
	F(positive, 2, "ltgr 1,1") \
	F(mixed_from_one, 2, "tmll 5,0xffff") \
	F(difference, 2, "sgrk 14,1,0") \
	F(all_bits, 3, "tmll 2,0x00ff") \
	F(overflow, 3, "agrk 14,6,6") \
	F(carry, 3, "algrk 14,4,4") \
	F(program_mask, 3, "spm 7")

static inline void storm_fill(void)
{
	static const uint64_t gr[16] = {
		5, 9, 0x00ff, 0, 0xc444444444444444, 0xff00, 0x7fffffffffffffff, 3ull << 28,
		0x8888888888888888, 0x9999999999999999, 0xaaaaaaaaaaaaaaaa, 0xbbbbbbbbbbbbbbbb,
		0xcccccccccccccccc, STORM_TURNS, 0xeeeeeeeeeeeeeeee, 0xfffffffffffffff0,
	};

	for (unsigned int i = 0; i < 16; i++)
		LC(uint64_t, LC_STORM_IN + 8 * i) = gr[i];
}

#define STORM_STRING(x)		#x
#define STORM_ADDRESS(x)	STORM_STRING(x)

#define STORM_PIECE(name, cc, setter) \
	"	.globl	storm_" #name "\n" \
	"storm_" #name ":\n" \
	"	stmg	%r6,%r15," STORM_ADDRESS(LC_STORM_OWN) "\n" \
	"	lmg	%r0,%r15," STORM_ADDRESS(LC_STORM_IN) "\n" \
	"	" setter "\n" \
	"0:	brctg	%r13,0b\n" \
	"	j	1f\n" \
	"1:	exrl	%r0,storm_nothing\n" \
	"	j	2f\n" \
	"2:	stmg	%r0,%r15," STORM_ADDRESS(LC_STORM_OUT) "\n" \
	"	ipm	%r2\n" \
	"	llgfr	%r2,%r2\n" \
	"	srlg	%r2,%r2,28\n" \
	"	lmg	%r6,%r15," STORM_ADDRESS(LC_STORM_OWN) "\n" \
	"	br	%r14\n"

asm("	.text\n"
    "	.globl	storm_begin, storm_end\n"
    "storm_begin:\n"
    "storm_nothing:\n"
    "	nopr	%r7\n"
    STORM_SETTERS(STORM_PIECE)
    "storm_end:\n");

#define STORM_DECLARATION(name, cc, setter)	storm_piece storm_##name;
STORM_SETTERS(STORM_DECLARATION)

#define STORM_ROW(name, cc, setter)		{ storm_##name, cc },
static const struct storm_setter storm_setters[] = { STORM_SETTERS(STORM_ROW) };

#endif /* BARE_STORM_H */
