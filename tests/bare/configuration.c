// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adapters that are configured and deconfigured by SCLP.
 *
 * qemu: -plugin $AP,card=5+6:CEX8A,domain=4,interrupts=on
 */
#include "apqn.h"
#include "type50.h"

#define QUEUE		AP_APQN(5, 4)
#define OTHER_QUEUE	AP_APQN(6, 4)
#define LAST_PART	BIT(33)

#define READ_SCP_INFO	0x00020001
#define READ_CPU_INFO	0x00010001
#define CONFIGURE	0x001f0001
#define DECONFIGURE	0x001e0001
#define SERVC(r1, r2)	(0xb2200000u | (r1) << 4 | (r2))

#define READ_DONE	0x0010
#define DONE		0x0020
#define ALREADY		0x0120
#define UNKNOWN_COMMAND	0x01f0
#define NO_ADAPTER	0x09f0

static struct {
	uint16_t length;
	uint8_t function;
	uint8_t control[3];
	uint16_t response;
	uint8_t unused[40];
	uint64_t facilities;
	uint8_t rest[4096 - 56];
} block __attribute__((aligned(4096)));

/* Return the response code of a command. */
static uint16_t response_to(uint32_t command)
{
	memset(&block, 0, sizeof(block));
	block.length = sizeof(block);
	service_call(command, &block);
	return block.response;
}

static uint16_t configure(uint32_t command, unsigned int adapter)
{
	return response_to(command | adapter << 8);
}

static unsigned int state_of(uint16_t apqn)
{
	struct cpu cpu = pqap(TAPQ | apqn, 0, 0);

	return rc_of(&cpu);
}

static void facility(void)
{
	chapter("READ SCP INFO");
	same("response", READ_DONE, response_to(READ_SCP_INFO));
	same("adapters can be configured", BIT(31), block.facilities & BIT(31));
	chapter("another command");
	same("response is QEMU's", READ_DONE, response_to(READ_CPU_INFO));
	same("nothing is added to it", 0, block.facilities & BIT(31));
	same("an unknown one stays so", UNKNOWN_COMMAND, response_to(0x00330001));
}

static void off_and_on(void)
{
	struct me1 me = me1(2, 3, 0);

	chapter("deconfigure");
	nqap(LAST_PART | QUEUE, 1, &me, sizeof(me));
	same("done", DONE, configure(DECONFIGURE, 5));
	all_answered(QUEUE, AP_RC_DECONFIGURED);
	same("the other adapter's does not", AP_RC_NORMAL, state_of(OTHER_QUEUE));
	same("again: it is so already", ALREADY, configure(DECONFIGURE, 5));

	chapter("configure");
	same("done", DONE, configure(CONFIGURE, 5));
	same("its queue says so", AP_RC_NORMAL, state_of(QUEUE));
	same("and has lost its request", AP_STATUS_QUEUE_EMPTY,
	     pqap(TAPQ | QUEUE, 0, 0).gr[1] & AP_STATUS_QUEUE_EMPTY);
	same("again: it is so already", ALREADY, configure(CONFIGURE, 5));
	same("no such adapter", NO_ADAPTER, configure(CONFIGURE, 7));
}

/* A command that QEMU ends with a program check has no effect. */
static void refused(const char *name, unsigned int check, uint64_t address, uint64_t mask)
{
	struct cpu cpu = {
		.gr = { [2] = DECONFIGURE | 5 << 8, [3] = address },
		.psw.mask = mask,
	};

	memset(&block, 0, sizeof(block));
	block.length = 4;
	run(&cpu, SERVC(2, 3));
	same(name, check, cpu.check);
	same("the adapter stays", AP_RC_NORMAL, state_of(QUEUE));
}

static void refusals(void)
{
	chapter("SERVC");
	refused("is privileged", CHECK_PRIVILEGED, (uintptr_t)&block, PSW_PROBLEM);
	refused("of a block off its boundary", CHECK_SPECIFICATION, (uintptr_t)&block + 4, 0);
	refused("of a block in the prefix area", CHECK_SPECIFICATION, 0x1000, 0);
	refused("of a block beyond storage", CHECK_ADDRESSING, 1ull << 32, 0);
	refused("of a block that is too short", CHECK_SPECIFICATION, (uintptr_t)&block, 0);
}

int main(void)
{
	facility();
	off_and_on();
	refusals();
	return 0;
}
