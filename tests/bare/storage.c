// SPDX-License-Identifier: GPL-2.0-only
/*
 * Message areas in virtual storage: pages that are not adjacent, that are
 * protected or invalid, in the primary and the secondary space.
 *
 * qemu: -plugin $AP,card=5:CEX8A,domain=4
 */
#include "apqn.h"
#include "lowcore.h"
#include "type50.h"
#include "window.h"

#define QUEUE		AP_APQN(5, 4)
#define LAST_PART	BIT(33)
#define FIRST_PART	BIT(32)

static struct cpu qci_at(uint64_t address, uint64_t space)
{
	struct cpu cpu = {
		.gr = { [0] = QCI, [2] = address },
		.psw.mask = PSW_DAT | space,
	};

	memset(area, 0x5a, sizeof(area));
	LC(uint64_t, LC_TEID) = 0;
	run(&cpu, PQAP);
	return cpu;
}

static bool is_untouched(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != 0x5a)
			return false;
	return true;
}

/* The first 6 bytes of the block, and its adapter mask, identify it. */
static void crossing_pages(void)
{
	uint64_t border = WINDOW + CROSSED * PAGE;
	struct cpu cpu = qci_at(border - 16, 0);

	chapter("QCI across a page border");
	same("no program check", 0, cpu.check);
	same("highest adapter, in the first page", 255, area[3 * PAGE - 16 + 4]);
	same("adapter 5, in the second page", 0x04, area[0]);
	ok(is_untouched(area + 112, 2 * PAGE - 112), "nothing behind it");
	ok(is_untouched(area + 2 * PAGE, PAGE - 16), "nothing before it");

	chapter("QCI in the secondary space");
	cpu = qci_at(border - 16, PSW_SECONDARY);
	same("no program check", 0, cpu.check);
	same("highest adapter, in the first page", 255, area[2 * PAGE - 16 + 4]);
	same("adapter 5, in the second page", 0x04, area[3 * PAGE]);
}

/*
 * State that a store of QCI to @address ends with a program check; @goes_on
 * describes the old PSW.
 */
static void is_refused(const char *name, uint64_t address, uint64_t space, uint16_t code,
		       unsigned int goes_on, uint64_t teid)
{
	struct cpu cpu = qci_at(address, space);

	chapter(name);
	same("interruption code", code, cpu.check);
	same("instruction length", 4, cpu.ilc);
	same("address in the old PSW", goes_on, cpu.psw.addr);
	same("translation-exception identification", teid, LC(uint64_t, LC_TEID));
	ok(is_untouched(area, sizeof(area)), "nothing is stored");
}

static void refusals(void)
{
	uint64_t protected = WINDOW + PROTECTED * PAGE, invalid = WINDOW + INVALID * PAGE;

	is_refused("protected page", protected, 0, CHECK_PROTECTION, 4,
		   protected | TEID_STORE | 4);
	is_refused("invalid page", invalid + 64, 0, CHECK_PAGE, 0, invalid | TEID_STORE);
	is_refused("invalid page of the secondary space", invalid, PSW_SECONDARY, CHECK_PAGE, 0,
		   invalid | TEID_STORE | TEID_SECONDARY);
	is_refused("protected page behind a good one", protected - 64, 0, CHECK_PROTECTION, 4,
		   protected | TEID_STORE | 4);
	is_refused("invalid segment", 128ull << 20, 0, CHECK_SEGMENT, 0,
		   128ull << 20 | TEID_STORE);
	is_refused("address beyond the space", 1ull << 40, 0, CHECK_ASCE_TYPE, 0,
		   1ull << 40 | TEID_STORE);
}

static struct cpu message_at(uint32_t instruction, uint64_t gr0, uint64_t address,
			     uint64_t length)
{
	struct cpu cpu = {
		.gr = {
			[0] = gr0,
			[PSMID_PAIR + 1] = 1,
			[AREA_PAIR] = address,
			[AREA_PAIR + 1] = length,
		},
		.psw.mask = PSW_DAT,
	};

	run(&cpu, instruction);
	return cpu;
}

/* A request and its reply cross the border, and a reply waits for room. */
static void messages(void)
{
	const uint32_t send = NQAP(PSMID_PAIR, AREA_PAIR), receive = DQAP(PSMID_PAIR, AREA_PAIR);
	uint64_t border = WINDOW + CROSSED * PAGE, protected = WINDOW + PROTECTED * PAGE;
	struct me1 me = me1(2, 5, 0);
	struct reply80 reply;
	struct cpu cpu;

	chapter("message across a page border");
	memcpy(area + 3 * PAGE - 100, &me, 100);
	memcpy(area, (uint8_t *)&me + 100, sizeof(me) - 100);
	cpu = message_at(send, LAST_PART | QUEUE, border - 100, sizeof(me));
	same("taken", 0, cpu.check << 8 | rc_of(&cpu));
	same("address moves to its end", border - 100 + sizeof(me), cpu.gr[AREA_PAIR]);
	ok(await_reply(QUEUE), "answered");
	cpu = message_at(receive, FIRST_PART | QUEUE, protected, 512);
	same("a protected page takes no reply", CHECK_PROTECTION, cpu.check);
	cpu = message_at(receive, FIRST_PART | QUEUE, protected - 64, 512);
	same("neither does a part of one", CHECK_PROTECTION, cpu.check);
	cpu = message_at(receive, FIRST_PART | QUEUE, border - 100, sizeof(reply));
	same("received", 0, cpu.check << 8 | rc_of(&cpu));
	memcpy(&reply, area + 3 * PAGE - 100, 100);
	memcpy((uint8_t *)&reply + 100, area, sizeof(reply) - 100);
	ok(is_reply80(&reply, 32), "2^5 is 32");

	chapter("request");
	cpu = message_at(send, LAST_PART | QUEUE, WINDOW + INVALID * PAGE, 64);
	same("out of an invalid page", CHECK_PAGE, cpu.check);
	same("is a fetch", (WINDOW + INVALID * PAGE) | TEID_FETCH, LC(uint64_t, LC_TEID));
	same("leaves the operand", WINDOW + INVALID * PAGE, cpu.gr[AREA_PAIR]);
	cpu = message_at(send, LAST_PART | QUEUE, WINDOW + INVALID * PAGE - 32, 64);
	same("into an invalid page", CHECK_PAGE, cpu.check);
	same("which is named", (WINDOW + INVALID * PAGE) | TEID_FETCH, LC(uint64_t, LC_TEID));
	cpu = pqap(TAPQ | QUEUE, 0, 0);
	same("the queue has none of it", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
	cpu = message_at(send, LAST_PART | AP_APQN(9, 9), protected, 64);
	same("out of a protected page", AP_RC_Q_NOT_AVAIL, cpu.check << 8 | rc_of(&cpu));
}

int main(void)
{
	make_spaces();
	crossing_pages();
	refusals();
	messages();
	return 0;
}
