// SPDX-License-Identifier: GPL-2.0-only
/*
 * Response codes of adapters and queues that have faults, and of a profile that
 * changes. The test causes all of it by swcexd's control socket, see hmc().
 *
 * swcexd: adapter 05 CEX8A
 * swcexd: adapter 06 CEX8C
 * swcexd: adapter 07 CEX8P
 * swcexd: adapter ff CEX8A
 * swcexd: domain 0004
 * qemu: -plugin $AP,link=$RUN/swcexd.socket,interrupts=on
 */
#include "apqn.h"
#include "machine.h"
#include "type50.h"

#define QUEUE		AP_APQN(5, 4)
#define OTHER_QUEUE	AP_APQN(6, 4)
#define SIGNAL		AP_APQN(0xff, 4)
#define FIRST_PART	BIT(32)
#define LAST_PART	BIT(33)
#define SPECIAL		BIT(41)

static uint8_t room[4096];

static void await_code(uint16_t apqn, unsigned int rc)
{
	uint64_t deadline = microseconds() + PATIENCE_US;
	struct cpu cpu;

	do {
		cpu = pqap(TAPQ | apqn, 0, 0);
	} while (rc_of(&cpu) != rc && microseconds() < deadline);
	if (rc_of(&cpu) != rc)
		ok(false, "the control socket is heard");
}

static void command(const char *line)
{
	say("# hmc ");
	say(line);
	say("\n");
}

/*
 * Make tests/bare/boot send @line to swcexd. Lines are sent in order; adapter
 * ff shows when that is done.
 */
static void hmc(const char *line)
{
	command(line);
	command("deconfigure ff");
	await_code(SIGNAL, AP_RC_DECONFIGURED);
	command("configure ff");
	await_code(SIGNAL, AP_RC_NORMAL);
}

static struct cpu send(void)
{
	struct me1 me = me1(2, 3, 0);

	return nqap(LAST_PART | QUEUE, 7, &me, sizeof(me));
}

static struct cpu receive(void)
{
	return dqap(FIRST_PART | QUEUE, room, sizeof(room));
}

/* State that the queue works as before, and contains no leftovers. */
static void works(void)
{
	struct cpu cpu = pqap(TAPQ | QUEUE, 0, 0);

	answered("the queue operates", AP_RC_NORMAL, &cpu);
	same("and is empty", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
	send();
	ok(await_reply(QUEUE), "it answers");
	cpu = receive();
	answered("the reply comes", AP_RC_NORMAL, &cpu);
	same("with its psmid", 7, psmid_of(&cpu));
}

static void checkstop(void)
{
	struct cpu cpu;

	chapter("checkstop");
	send();
	hmc("checkstop 05");
	all_answered(QUEUE, AP_RC_CHECKSTOPPED);
	cpu = pqap(TAPQ | QUEUE, 0, 0);
	ok(cpu.gr[2], "TAPQ tells the type still");
	cpu = pqap(TAPQ | OTHER_QUEUE, 0, 0);
	answered("another adapter's queue", AP_RC_NORMAL, &cpu);
	hmc("configure 05");
	works();
}

static void busy(void)
{
	struct cpu cpu;

	chapter("busy");
	hmc("fault 05.0004 busy");
	all_answered(QUEUE, AP_RC_BUSY);
	hmc("fault 05.0004 busy 2");
	cpu = pqap(TAPQ | QUEUE, 0, 0);
	answered("TAPQ only shows it", AP_RC_BUSY, &cpu);
	cpu = receive();
	answered("DQAP meets it", AP_RC_BUSY, &cpu);
	cpu = send();
	answered("NQAP meets it", AP_RC_BUSY, &cpu);
	same("and takes nothing", sizeof(struct me1), cpu.gr[AREA_PAIR + 1]);
	works();
}

static void full(void)
{
	struct cpu cpu;

	chapter("full");
	hmc("fault 05.0004 full 1");
	cpu = pqap(TAPQ | QUEUE, 0, 0);
	answered("TAPQ", AP_RC_NORMAL, &cpu);
	cpu = send();
	answered("NQAP", AP_RC_Q_FULL, &cpu);
	same("and takes nothing", sizeof(struct me1), cpu.gr[AREA_PAIR + 1]);
	works();
}

static void reset_error(void)
{
	struct cpu cpu;

	chapter("reset that is not begun");
	hmc("fault 05.0004 reset-error 2");
	send();
	ok(await_reply(QUEUE), "a reply waits");
	cpu = pqap(RAPQ | QUEUE, 0, 0);
	answered("RAPQ", AP_RC_OTHERWISE_CHANGED, &cpu);
	cpu = pqap(ZAPQ | QUEUE, 0, 0);
	answered("ZAPQ", AP_RC_OTHERWISE_CHANGED, &cpu);
	cpu = receive();
	answered("the reply is still there", AP_RC_NORMAL, &cpu);
	cpu = pqap(RAPQ | QUEUE, 0, 0);
	answered("RAPQ, the third time", AP_RC_NORMAL, &cpu);
	await_queue(QUEUE);
	works();
}

static void stuck_reset(void)
{
	struct cpu cpu;

	chapter("reset that does not end");
	hmc("reset-time 05.0004 never");
	cpu = pqap(ZAPQ | QUEUE, 0, 0);
	answered("ZAPQ", AP_RC_NORMAL, &cpu);
	all_answered(QUEUE, AP_RC_RESET_IN_PROGRESS);
	hmc("reset-time 05.0004 2");
	cpu = await_queue(QUEUE);
	works();
}

static void lost_reply(void)
{
	uint64_t deadline = microseconds() + PATIENCE_US;
	struct cpu cpu;

	chapter("reply that is lost");
	hmc("fault 05.0004 reply-lost 1");
	send();
	do {
		cpu = pqap(TAPQ | QUEUE, 0, 0);
	} while (!(status_of(&cpu) & AP_STATUS_QUEUE_EMPTY) && microseconds() < deadline);
	same("the queue becomes empty", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
	cpu = receive();
	answered("DQAP", AP_RC_NO_PENDING_REPLY, &cpu);
	works();
}

static bool in_profile(unsigned int adapter, unsigned int domain)
{
	static struct ap_qci block __attribute__((aligned(4096)));

	pqap(QCI, 0, (uintptr_t)&block);
	return ap_mask_test(&block.apcb.apm, adapter) && ap_mask_test(&block.apcb.aqm, domain);
}

static void removed(const char *name, const char *remove, const char *add)
{
	chapter(name);
	ok(in_profile(5, 4), "QCI shows the queue");
	send();
	hmc(remove);
	ok(!in_profile(5, 4), "QCI does not");
	all_answered(QUEUE, AP_RC_Q_NOT_AVAIL);
	hmc(add);
	ok(in_profile(5, 4), "QCI shows it again");
	works();
}

/*
 * Adapter ff has the domain, too, so it cannot show anything while the domain
 * is removed.
 */
static void removed_domain(void)
{
	chapter("domain that is removed");
	send();
	command("remove domain 0004");
	await_code(QUEUE, AP_RC_Q_NOT_AVAIL);
	ok(!in_profile(5, 4), "QCI does not show it");
	all_answered(QUEUE, AP_RC_Q_NOT_AVAIL);
	all_answered(OTHER_QUEUE, AP_RC_Q_NOT_AVAIL);
	command("add domain 0004");
	await_code(QUEUE, AP_RC_NORMAL);
	ok(in_profile(5, 4), "QCI shows it again");
	works();
}

/*
 * An EP11 coprocessor accepts special commands, too, although TAPQ does not
 * indicate APSC.
 */
static void special_commands(void)
{
	static const uint16_t coprocessors[] = { AP_APQN(6, 4), AP_APQN(7, 4) };
	struct cpu cpu = nqap(SPECIAL | LAST_PART | QUEUE, 1, room, 16);

	chapter("NQAP of a special command");
	answered("an accelerator has none", AP_RC_REQ_FAC_NOT_INST, &cpu);
	for (int i = 0; i < 2; i++) {
		cpu = nqap(SPECIAL | LAST_PART | coprocessors[i], 1, room, 16);
		answered(i ? "EP11 takes it" : "CCA takes it", AP_RC_NORMAL, &cpu);
		ok(await_reply(coprocessors[i]), "and answers");
		cpu = dqap(FIRST_PART | coprocessors[i], room, sizeof(room));
		same("with an error, of type 82", 0x82, room[1]);
	}
}

int main(void)
{
	works();
	checkstop();
	busy();
	full();
	reset_error();
	stuck_reset();
	lost_reply();
	removed("adapter that is removed", "remove adapter 05", "add adapter 05");
	removed_domain();
	special_commands();
	return 0;
}
