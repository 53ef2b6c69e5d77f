// SPDX-License-Identifier: GPL-2.0-only
/*
 * How messages go into a queue and come out of it.
 *
 * qemu: -plugin $AP,card=5:CEX8A,domain=4+0x47
 */
#include "apqn.h"
#include "type50.h"

#define QUEUE		AP_APQN(5, 4)
#define OTHER_QUEUE	AP_APQN(5, 0x47)
#define LAST_PART	BIT(33)
#define FIRST_PART	BIT(32)
#define BEYOND_STORAGE	(1ull << 40)

static uint8_t room[4096] __attribute__((aligned(4096)));
static const struct reply80 *const reply = (const void *)room;

static unsigned int send(uint16_t apqn, uint64_t psmid, const void *message, size_t length)
{
	struct cpu cpu = nqap(LAST_PART | apqn, psmid, message, length);

	return (unsigned int)cpu.check << 8 | rc_of(&cpu);
}

static struct cpu receive(uint16_t apqn)
{
	memset(room, 0, sizeof(room));
	return dqap(FIRST_PART | apqn, room, sizeof(room));
}

static void reset(uint16_t apqn)
{
	pqap(RAPQ | apqn, 0, 0);
	await_queue(apqn);
}

static void request_and_reply(void)
{
	const uint64_t psmid = 0x123456789abcdef0;
	struct me1 me = me1(2, 3, 0);
	struct cpu cpu = nqap(LAST_PART | QUEUE, psmid, &me, sizeof(me));

	chapter("request");
	same("taken", AP_RC_NORMAL, rc_of(&cpu));
	same("condition code 0", 0, cc_of(&cpu));
	same("address moves to its end", (uintptr_t)(&me + 1), cpu.gr[AREA_PAIR]);
	same("nothing of it is left", 0, cpu.gr[AREA_PAIR + 1]);
	same("psmid stays", psmid, psmid_of(&cpu));
	same("queue is not empty", 0, status_of(&cpu) & AP_STATUS_QUEUE_EMPTY);
	ok(await_reply(QUEUE), "has a reply in time");

	chapter("reply");
	cpu = receive(QUEUE);
	same("received", AP_RC_NORMAL, rc_of(&cpu));
	same("condition code 0", 0, cc_of(&cpu));
	same("its psmid is the request's", psmid, psmid_of(&cpu));
	same("nothing of it is left", 0, cpu.gr[2]);
	same("address moves to its end", (uintptr_t)room + sizeof(*reply), cpu.gr[AREA_PAIR]);
	same("length of the room moves too", sizeof(room) - sizeof(*reply),
	     cpu.gr[AREA_PAIR + 1]);
	ok(is_reply80(reply, 8), "2^3 is 8");
	cpu = pqap(TAPQ | QUEUE, 0, 0);
	same("queue is empty again", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
}

/* Return the reply to @message, or what DQAP says if there is none in time. */
static struct cpu exchange(const void *message, size_t length)
{
	same("taken", AP_RC_NORMAL, send(QUEUE, 1, message, length));
	ok(await_reply(QUEUE), "answered");
	return receive(QUEUE);
}

static void crt(void)
{
	struct crt1 crt = { .header = header50(CRT_1024, sizeof(crt)) };

	chapter("CRT");
	crt.p[63] = 11;
	crt.q[63] = 3;
	crt.dp[63] = 7;
	crt.dq[63] = 1;
	crt.u[63] = 4;
	crt.message[127] = 2;
	exchange(&crt, sizeof(crt));
	ok(is_reply80(reply, 29), "2^7 mod 33 is 29");
}

static void refused_by_adapter(const char *name, const void *message, size_t length)
{
	struct cpu cpu;

	chapter(name);
	cpu = exchange(message, length);
	same("received", AP_RC_NORMAL, rc_of(&cpu));
	ok(room[1] == 0x82 || room[1] == 0x88, "type is that of an error");
	ok(room[4], "it has a code");
	ok(room[1] != 0x82 || room[4] != 0x10, "which does not blame the machine");
}

/*
 * Whatever a VM sends, only the request fails, and the queue continues to work.
 */
static void bad_requests(void)
{
	struct me1 me = me1(2, 3, 6);

	refused_by_adapter("even modulus", &me, sizeof(me));
	me = me1(2, 3, 0);
	memset(me.modulus, 0, sizeof(me.modulus));
	refused_by_adapter("modulus 0", &me, sizeof(me));
	me = me1(7, 3, 5);
	refused_by_adapter("message above modulus", &me, sizeof(me));
	me = me1(2, 3, 0);
	refused_by_adapter("message cut off", &me, sizeof(me) - 1);
	refused_by_adapter("one byte", &me, 1);
	me.header.length++;
	refused_by_adapter("length in the header", &me, sizeof(me));
	me = me1(2, 3, 0);
	me.header.format = 0x21;
	refused_by_adapter("unknown format", &me, sizeof(me));
	me = me1(2, 3, 0);
	me.header.type = 0x51;
	refused_by_adapter("unknown type", &me, sizeof(me));
	me = me1(3, 2, 0);
	chapter("after all of them");
	exchange(&me, sizeof(me));
	ok(is_reply80(reply, 9), "3^2 is 9");
}

static void partial_reply(void)
{
	struct me1 me = me1(2, 5, 0);
	struct cpu cpu;

	chapter("reply in parts");
	same("taken", AP_RC_NORMAL, send(QUEUE, 42, &me, sizeof(me)));
	ok(await_reply(QUEUE), "answered");
	memset(room, 0, sizeof(room));
	cpu = dqap(FIRST_PART | QUEUE, room, 100);
	same("first part: condition code 1", 1, cc_of(&cpu));
	same("the room is full", 0, cpu.gr[AREA_PAIR + 1]);
	same("the rest is told", sizeof(*reply) - 100, cpu.gr[2]);
	same("no psmid yet", 0, psmid_of(&cpu));
	same("no status yet", 0, cpu.gr[1]);
	if (cpu.gr[0] == (FIRST_PART | QUEUE))
		known("GR0 names the rest", "how it does is not public");
	else
		ok(true, "GR0 names the rest");
	same("nothing beyond the room", 0, room[100]);
	cpu = dqap(cpu.gr[0], room + 100, sizeof(room) - 100);
	same("second part: condition code 0", 0, cc_of(&cpu));
	same("nothing is left", 0, cpu.gr[2]);
	same("psmid", 42, psmid_of(&cpu));
	ok(is_reply80(reply, 32), "together they are the reply");
	cpu = receive(QUEUE);
	same("the queue has no more", AP_RC_NO_PENDING_REPLY, rc_of(&cpu));
}

/*
 * Without the L bit, the message of NQAP is not the last part of the request.
 */
static void partial_request(void)
{
	struct me1 me = me1(2, 5, 0);
	struct cpu cpu = nqap(QUEUE, 43, &me, 100);

	chapter("request in parts");
	if (cc_of(&cpu) == 0)
		known("first part: condition code 1", "how parts belong together is not public");
	else
		same("first part: condition code 1", 1, cc_of(&cpu));
	reset(QUEUE);
}

/*
 * A message of three times 4096 bytes, or what the adapter says, is not of type
 * 50.
 */
static void longest_message(void)
{
	static uint8_t message[3 * 4096];
	struct cpu cpu;

	chapter("longest message");
	same("taken", AP_RC_NORMAL, send(QUEUE, 7, message, sizeof(message)));
	ok(await_reply(QUEUE), "answered");
	cpu = receive(QUEUE);
	same("with its psmid", 7, psmid_of(&cpu));
}

static void room_beyond_storage(void)
{
	struct me1 me = me1(2, 6, 0);
	struct cpu cpu;

	chapter("room beyond storage");
	same("taken", AP_RC_NORMAL, send(QUEUE, 1, &me, sizeof(me)));
	ok(await_reply(QUEUE), "answered");
	cpu = dqap(FIRST_PART | QUEUE, (void *)BEYOND_STORAGE, 512);
	same("addressing", CHECK_ADDRESSING, cpu.check);
	cpu = receive(QUEUE);
	same("the reply is still there", AP_RC_NORMAL, rc_of(&cpu));
	ok(is_reply80(reply, 64), "2^6 is 64");
}

static unsigned int depth(void)
{
	return (pqap(TAPQ | QUEUE, 0, 0).gr[2] & 15) + 1;
}

/* Fill the queue. The psmids are 1, 2, 3 and so on. */
static unsigned int fill(void)
{
	unsigned int sent = 0;

	for (struct me1 me = me1(2, 1, 0); sent <= 16; sent++) {
		me.message[127] = sent + 1;
		if (send(QUEUE, sent + 1, &me, sizeof(me)))
			break;
	}
	return sent;
}

static void full_queue(void)
{
	unsigned int filled = fill(), received = 0, wrong = 0, seen = 0;
	struct me1 me = me1(2, 3, 0);
	struct cpu cpu;

	chapter("full queue");
	same("as many requests as the queue is deep", depth(), filled);
	cpu = nqap(LAST_PART | QUEUE, 99, &me, sizeof(me));
	same("one more: queue full", AP_RC_Q_FULL, rc_of(&cpu));
	same("condition code 3", 3, cc_of(&cpu));
	same("status says so", AP_STATUS_QUEUE_FULL, status_of(&cpu) & AP_STATUS_QUEUE_FULL);
	same("the other queue of the adapter takes it", AP_RC_NORMAL,
	     send(OTHER_QUEUE, 1, &me, sizeof(me)));
	for (; received < filled && await_reply(QUEUE); received++) {
		cpu = receive(QUEUE);
		wrong += !is_reply80(reply, psmid_of(&cpu)) || seen & 1u << psmid_of(&cpu);
		seen |= 1u << psmid_of(&cpu);
	}
	same("every request is answered", filled, received);
	same("with its own psmid and result, once", 0, wrong);
	cpu = receive(QUEUE);
	same("and no more", AP_RC_NO_PENDING_REPLY, rc_of(&cpu));
	ok(await_reply(OTHER_QUEUE), "the other queue has its reply");
	receive(OTHER_QUEUE);
	ok(is_reply80(reply, 8), "which is its own");
}

static void reset_drops(const char *name, uint64_t function)
{
	struct cpu cpu;

	chapter(name);
	fill();
	cpu = pqap(function | QUEUE, 0, 0);
	same("accepted", AP_RC_NORMAL, rc_of(&cpu));
	cpu = await_queue(QUEUE);
	same("the queue is empty", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
	cpu = receive(QUEUE);
	same("no reply is left", AP_RC_NO_PENDING_REPLY, rc_of(&cpu));
	same("the queue takes as many requests again", depth(), fill());
	reset(QUEUE);
}

/*
 * A reply of which a part was received is gone after a reset, for every
 * receiver.
 */
static void reset_between_parts(void)
{
	struct me1 me = me1(2, 5, 0);
	struct cpu cpu;

	chapter("reset between two parts");
	same("taken", AP_RC_NORMAL, send(QUEUE, 7, &me, sizeof(me)));
	ok(await_reply(QUEUE), "answered");
	dqap(FIRST_PART | QUEUE, room, 16);
	reset(QUEUE);
	cpu = receive(QUEUE);
	same("the second part is gone", AP_RC_NO_PENDING_REPLY, rc_of(&cpu));
}

/*
 * A reset takes two milliseconds: an instruction that follows at once comes
 * early enough sooner or later.
 */
static void during_reset(void)
{
	struct me1 me = me1(2, 5, 0);
	unsigned int seen[3] = { 0 };

	chapter("reset in progress");
	for (int tries = 0; tries < 100; tries++) {
		struct cpu received, reset_again;

		pqap(ZAPQ | QUEUE, 0, 0);
		seen[0] += send(QUEUE, 1, &me, sizeof(me)) == AP_RC_RESET_IN_PROGRESS;
		received = receive(QUEUE);
		seen[1] += rc_of(&received) == AP_RC_RESET_IN_PROGRESS;
		reset_again = pqap(RAPQ | QUEUE, 0, 0);
		seen[2] += rc_of(&reset_again) == AP_RC_RESET_IN_PROGRESS;
		await_queue(QUEUE);
	}
	ok(seen[0], "NQAP is told");
	ok(seen[1], "DQAP is told");
	ok(seen[2], "RAPQ is told");
	reset(QUEUE);
}

int main(void)
{
	reset(QUEUE);
	reset(OTHER_QUEUE);
	request_and_reply();
	crt();
	bad_requests();
	partial_reply();
	partial_request();
	longest_message();
	room_beyond_storage();
	full_queue();
	reset_drops("RAPQ", RAPQ);
	reset_drops("ZAPQ", ZAPQ);
	reset_between_parts();
	during_reset();
	return 0;
}
