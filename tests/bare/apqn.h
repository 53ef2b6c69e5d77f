/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The three AP instructions as single calls, for all tests.
 */
#ifndef APQN_H
#define APQN_H

#include "abi/ap.h"
#include "bare.h"

#define PQAP		0xb2af0000u
#define NQAP(r1, r2)	(0xb2ad0000u | (r1) << 4 | (r2))
#define DQAP(r1, r2)	(0xb2ae0000u | (r1) << 4 | (r2))

#define FUNCTION(code)	((uint64_t)(code) << 24)
#define TAPQ		FUNCTION(0)
#define RAPQ		FUNCTION(1)
#define ZAPQ		FUNCTION(2)
#define AQIC		FUNCTION(3)
#define QCI		FUNCTION(4)
#define QACT		FUNCTION(5)

/* Bit @n of a register, counted from the left. */
#define BIT(n)		(1ull << (63 - (n)))

/* Time limit for anything that a test waits for. */
#define PATIENCE_US	5000000

/* The registers that nqap() and dqap() give to their pairs. */
#define PSMID_PAIR	4
#define AREA_PAIR	6

static inline struct cpu pqap(uint64_t gr0, uint64_t gr1, uint64_t gr2)
{
	struct cpu cpu = { .gr = { gr0, gr1, gr2 } };

	run(&cpu, PQAP);
	return cpu;
}

static inline struct cpu with_area(uint32_t instruction, uint64_t gr0, uint64_t psmid,
				   const void *area, uint64_t length)
{
	struct cpu cpu = {
		.gr = {
			[0] = gr0,
			[PSMID_PAIR] = psmid >> 32,
			[PSMID_PAIR + 1] = psmid & 0xffffffff,
			[AREA_PAIR] = (uintptr_t)area,
			[AREA_PAIR + 1] = length,
		},
	};

	run(&cpu, instruction);
	return cpu;
}

static inline struct cpu nqap(uint64_t gr0, uint64_t psmid, const void *message, uint64_t length)
{
	return with_area(NQAP(PSMID_PAIR, AREA_PAIR), gr0, psmid, message, length);
}

static inline struct cpu dqap(uint64_t gr0, void *area, uint64_t size)
{
	return with_area(DQAP(PSMID_PAIR, AREA_PAIR), gr0, 0, area, size);
}

static inline uint32_t status_of(const struct cpu *cpu)
{
	return cpu->gr[1];
}

static inline unsigned int rc_of(const struct cpu *cpu)
{
	return AP_STATUS_RC(status_of(cpu));
}

static inline uint64_t psmid_of(const struct cpu *cpu)
{
	return cpu->gr[PSMID_PAIR] << 32 | cpu->gr[PSMID_PAIR + 1];
}

/* State that the instruction ended normally, with the response code @rc. */
static inline void answered(const char *name, unsigned int rc, const struct cpu *cpu)
{
	uint64_t answer = (uint64_t)cpu->check << 32 | rc_of(cpu) << 8 | cc_of(cpu);

	same(name, rc << 8 | (rc ? 3 : 0), answer);
}

/*
 * Wait until the queue is out of reset, and return the answer to the last TAPQ.
 */
static inline struct cpu await_queue(uint16_t apqn)
{
	uint64_t deadline = microseconds() + PATIENCE_US;
	struct cpu cpu;

	do {
		cpu = pqap(TAPQ | apqn, 0, 0);
	} while (rc_of(&cpu) == AP_RC_RESET_IN_PROGRESS && microseconds() < deadline);
	return cpu;
}

/* Wait until the queue has a reply. Return false if it has none in time. */
static inline bool await_reply(uint16_t apqn)
{
	uint64_t deadline = microseconds() + PATIENCE_US;
	struct cpu cpu;

	do {
		cpu = pqap(TAPQ | apqn, 0, 0);
		if (status_of(&cpu) & AP_STATUS_REPLIES_WAITING)
			return true;
	} while (microseconds() < deadline);
	return false;
}

/*
 * Return whether facility 65 is installed, without which AQIC does not exist.
 */
static inline bool has_interruptions(void)
{
	uint64_t list[4] = { 0 };

	asm volatile("lghi	0,3\n"
		     "	.insn	s,0xb2b00000,%0\n"	/* STFLE */
		     : "+Q"(list) : : "cc", "memory", "0");
	return list[1] & BIT(65 - 64);
}

/* State the same for each instruction that addresses a queue. */
static inline void all_answered(uint16_t apqn, unsigned int rc)
{
	static uint8_t area[512];
	struct cpu cpu = pqap(TAPQ | apqn, 0, 0);

	answered("TAPQ", rc, &cpu);
	cpu = pqap(TAPQ | BIT(40) | apqn, 0, 0);
	answered("TAPQ with the T bit", rc, &cpu);
	cpu = pqap(QACT | apqn, 0, 0);
	answered("QACT", rc, &cpu);
	cpu = pqap(RAPQ | apqn, 0, 0);
	answered("RAPQ", rc, &cpu);
	cpu = pqap(ZAPQ | apqn, 0, 0);
	answered("ZAPQ", rc, &cpu);
	if (has_interruptions()) {
		cpu = pqap(AQIC | apqn, BIT(16), (uintptr_t)area);
		answered("AQIC", rc, &cpu);
	}
	cpu = nqap(BIT(33) | apqn, 1, area, sizeof(area));
	answered("NQAP", rc, &cpu);
	cpu = dqap(BIT(32) | apqn, area, sizeof(area));
	answered("DQAP", rc, &cpu);
}

#endif /* APQN_H */
