// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPUs: how they start and end, and how they run one instruction.
 */
#include "bare.h"
#include "lowcore.h"
#include "machine.h"

#define PSW_EXTERNAL	(1ull << 56)
#define PSW_WAIT	(1ull << 49)
#define PSW_64BIT	0x180000000ull

/* A disabled wait at this address ends the machine. */
#define ADDRESS_OF_END	0xfff

#define SVC_0		0x0a000000u
#define EXRL_8_SVC_0	0xc600000000040a00ull

void start_of_other_cpu(void);
void enter(const uint64_t *gr);
void land(void);
void rest(void);
void woken(void);

#define STACK	16384
#define FRAME	160	/* that a caller leaves to a function */

/* Of CPU 0, whose prefix is 0, nothing is used. */
static uint8_t prefixes[CPUS][8192] __attribute__((aligned(8192)));
static uint8_t stacks[CPUS][STACK] __attribute__((aligned(16)));

void *memset(void *to, int byte, size_t length)
{
	for (size_t i = 0; i < length; i++)
		((uint8_t *)to)[i] = byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
	return to;
}

int memcmp(const void *a, const void *b, size_t length)
{
	const uint8_t *x = a, *y = b;

	for (size_t i = 0; i < length; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

static void set_psw(uintptr_t where, uint64_t mask, uintptr_t addr)
{
	LC(uint64_t, where) = mask | PSW_64BIT;
	LC(uint64_t, where + 8) = addr;
}

_Noreturn void end(void)
{
	set_psw(LC_PSW, PSW_WAIT, ADDRESS_OF_END);
	for (;;)
		rest();
}

void await_external(void)
{
	set_psw(LC_EXTERNAL_NEW_PSW, 0, (uintptr_t)woken);
	set_psw(LC_PSW, PSW_EXTERNAL | PSW_WAIT, 0);
	rest();
}

/* Program interruptions outside of run() lead here. */
static _Noreturn void surprise(void)
{
	say("Bail out! program interruption ");
	say_number(LC(uint16_t, LC_PROGRAM_CODE), 16, 4);
	say(" before ");
	say_number(LC(uint64_t, LC_PROGRAM_OLD_PSW + 8), 16, 1);
	say("\n");
	end();
}

/* The bits of the PSW that a test may set. */
#define PSW_OF_TEST	(PSW_DAT | PSW_PROBLEM | PSW_AS | 3ull << PSW_CC_SHIFT)

/* Run the instruction at LC_TEXT. */
static void run_text(struct cpu *cpu)
{
	uint64_t mask = cpu->psw.mask & PSW_OF_TEST;
	uintptr_t old;

	LC(uint16_t, LC_PROGRAM_CODE) = 0;
	set_psw(LC_PSW, mask, LC_TEXT);
	if (cpu->psw.mask & (PSW_24BIT | PSW_31BIT))
		LC(uint64_t, LC_PSW) = mask | (cpu->psw.mask & PSW_31BIT);
	set_psw(LC_SVC_NEW_PSW, 0, (uintptr_t)land);
	set_psw(LC_PROGRAM_NEW_PSW, 0, (uintptr_t)land);
	enter(cpu->gr);
	set_psw(LC_PROGRAM_NEW_PSW, 0, (uintptr_t)surprise);

	memcpy(cpu->gr, (const void *)LC_LANDED_GR, sizeof(cpu->gr));
	cpu->check = LC(uint16_t, LC_PROGRAM_CODE);
	cpu->ilc = LC(uint8_t, LC_PROGRAM_ILC) & 6;
	old = cpu->check ? LC_PROGRAM_OLD_PSW : LC_SVC_OLD_PSW;
	cpu->psw.mask = LC(uint64_t, old);
	cpu->psw.addr = LC(uint64_t, old + 8) - LC_TEXT;
}

void run(struct cpu *cpu, uint32_t instruction)
{
	LC(uint32_t, LC_TEXT) = instruction;
	LC(uint32_t, LC_TEXT + 4) = SVC_0;
	run_text(cpu);
	if (!cpu->check)
		cpu->psw.addr -= 2;
}

void run_executed(struct cpu *cpu, uint32_t instruction)
{
	LC(uint64_t, LC_TEXT) = EXRL_8_SVC_0;
	LC(uint32_t, LC_TEXT + 8) = instruction;
	run_text(cpu);
	if (!cpu->check)
		cpu->psw.addr -= 2;
}

uint64_t microseconds(void)
{
	uint64_t clock;

	asm volatile("stckf %0" : "=Q"(clock) : : "cc");
	return clock >> 12;
}

static int signal_cpu(unsigned int cpu, unsigned int order, uint64_t parameter)
{
	register uint64_t status asm("1") = parameter;
	int cc;

	asm volatile("sigp	%[status],%[cpu],0(%[order])\n"
		     "	ipm	%[cc]\n"
		     "	srl	%[cc],28\n"
		     : [status] "+d"(status), [cc] "=d"(cc)
		     : [cpu] "d"((uint64_t)cpu), [order] "a"((uint64_t)order)
		     : "cc", "memory");
	return cc;
}

#define SIGP_RESTART	6
#define SIGP_SET_PREFIX	13

bool start_cpu(unsigned int cpu, void (*function)(void))
{
	uint8_t *prefix = prefixes[cpu];

	set_psw(LC_RESTART_NEW_PSW, 0, (uintptr_t)start_of_other_cpu);
	LC(uint64_t, LC_START_STACK) = (uintptr_t)stacks[cpu] + STACK - FRAME;
	LC(uint64_t, LC_START_FUNCTION) = (uintptr_t)function;
	memcpy(prefix, (const void *)0, sizeof(prefixes[cpu]));
	return !signal_cpu(cpu, SIGP_SET_PREFIX, (uintptr_t)prefix) &&
	       !signal_cpu(cpu, SIGP_RESTART, 0);
}

void boot_other_cpu(void)
{
	((void (*)(void))LC(uint64_t, LC_START_FUNCTION))();
	end();
}

void boot(void)
{
	set_psw(LC_PROGRAM_NEW_PSW, 0, (uintptr_t)surprise);
	open_console();
	main();
	finish();
}
