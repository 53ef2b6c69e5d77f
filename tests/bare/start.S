/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts that C cannot express: entries, and the way into and out of one
 * instruction.
 */
#include "lowcore.h"

	.section .init, "ax"
	.globl	_start
_start:
	larl	%r15, stack_of_cpu0 - 160
	brasl	%r14, boot

	.text
	.globl	start_of_other_cpu
start_of_other_cpu:
	lg	%r15, LC_START_STACK
	brasl	%r14, boot_other_cpu

/*
 * enter(gr) loads all registers from gr and the PSW from LC_PSW. Any
 * interruption that follows leads to land, which returns on behalf of enter.
 */
	.globl	enter
enter:
	stmg	%r6, %r15, LC_OWN_GR
	lmg	%r0, %r15, 0(%r2)
	lpswe	LC_PSW

	.globl	land
land:
	stmg	%r0, %r15, LC_LANDED_GR
	lmg	%r6, %r15, LC_OWN_GR
	br	%r14

/*
 * rest() loads the PSW from LC_PSW. The interruption for which it waits ends at
 * woken.
 */
	.globl	rest
rest:
	lpswe	LC_PSW
	.globl	woken
woken:
	br	%r14

	.section .bss
	.balign	16
	.skip	16384
stack_of_cpu0:

	.section .note.GNU-stack, "", @progbits
