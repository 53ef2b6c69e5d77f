// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that works, for as long as it is told, on the queue 05.00ab, and
 * knows what each result has to be: a random number to the power of 1. When it
 * finds its queue empty, it sends again what has not been answered, as Linux
 * does.
 *
 * Unless it is told how long, it goes on for ever, tells each second what it
 * has done, and resets its queue every two.
 */
#include "tests/bare/apqn.h"
#include "tests/bare/machine.h"
#include "tests/bare/type50.h"
#include "told.h"

#define QUEUE	AP_APQN(5, 0xab)
#define DEPTH	4

static struct me1 request[DEPTH];
static bool pending[DEPTH];
static uint64_t state, right, wrong, strange, repeated, longest;
static uint8_t room[4096];

static void send(unsigned int slot)
{
	struct me1 *me = &request[slot];
	struct cpu cpu;

	*me = me1(0, 1, 0);
	for (unsigned int i = 1; i < sizeof(me->message); i++)
		me->message[i] = random_of(&state);
	cpu = nqap(BIT(33) | QUEUE, slot, me, sizeof(*me));
	pending[slot] = !cpu.check && rc_of(&cpu) == AP_RC_NORMAL;
}

static void judge(uint64_t slot)
{
	const struct reply80 *reply = (const struct reply80 *)room;

	if (slot >= DEPTH || !pending[slot]) {
		strange++;
		return;
	}
	pending[slot] = false;
	if (reply->type == 0x80 && !reply->code &&
	    !memcmp(reply->result, request[slot].message, sizeof(reply->result)))
		right++;
	else
		wrong++;
}

static void forget_requests(void)
{
	for (unsigned int i = 0; i < DEPTH; i++) {
		repeated += pending[i];
		pending[i] = false;
	}
}

/* Return whether there was a reply. */
static bool receive(void)
{
	struct cpu cpu = dqap(BIT(32) | QUEUE, room, sizeof(room));

	if (cpu.check)
		return false;
	if (rc_of(&cpu) == AP_RC_NORMAL) {
		judge(psmid_of(&cpu));
		return true;
	}
	if (rc_of(&cpu) == AP_RC_NO_PENDING_REPLY && status_of(&cpu) & AP_STATUS_QUEUE_EMPTY)
		forget_requests();
	return false;
}

static unsigned int pending_now(void)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < DEPTH; i++)
		sum += pending[i];
	return sum;
}

static void work(uint64_t deadline)
{
	uint64_t last = microseconds(), now = last;

	while (now < deadline) {
		for (unsigned int i = 0; i < DEPTH; i++)
			if (!pending[i])
				send(i);
		now = microseconds();
		if (receive())
			last = now;
		if (now - last > longest)
			longest = now - last;
	}
}

static void receive_rest(void)
{
	uint64_t deadline = microseconds() + PATIENCE_US;

	while (pending_now() && microseconds() < deadline)
		receive();
}

static _Noreturn void work_for_ever(void)
{
	for (unsigned int second = 0;; second++) {
		work(microseconds() + 1000000);
		tell("wrong results", wrong + strange);
		tell("right results", right);
		if (second % 2)
			pqap(RAPQ | QUEUE, 0, 0);
	}
}

int main(void)
{
	state = sequence_of(0);
	if (!TOLD->seconds)
		work_for_ever();
	work(microseconds() + TOLD->seconds * 1000000);
	receive_rest();
	chapter("honest guest");
	tell("right results", right);
	tell("longest time without a reply, in microseconds", longest);
	ok(right > 100, "has computed");
	same("wrong results", 0, wrong);
	same("replies to no request", 0, strange);
	same("requests without a reply", 0, pending_now() + repeated);
	return 0;
}
