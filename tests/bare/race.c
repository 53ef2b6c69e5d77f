// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two CPUs at one queue and at two queues of one adapter: every request is answered
 * once, to its own psmid, whichever CPU takes the reply; or not at all, if a CPU resets the
 * queue meanwhile.
 *
 * qemu: -smp 2 -plugin $AP,card=5:CEX8A,domain=4+0x47
 */
#include "apqn.h"
#include "type50.h"

#define REQUESTS	200	/* of each CPU; base: low byte of psmid */

struct worker {
	uint16_t apqn;
	uint16_t tag;		/* upper part of the psmid */
	unsigned int sent;
	uint8_t room[4096];
};

static struct worker workers[2];
static uint8_t answers[2][REQUESTS];
static unsigned int wrong, received;
static unsigned int stage;

/* The CPUs synchronize: one announces a stage, the other waits for it. */
static void reach(unsigned int now)
{
	__atomic_store_n(&stage, now, __ATOMIC_SEQ_CST);
}

static void await(unsigned int wanted)
{
	while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) != wanted)
		;
}

static bool send_next(struct worker *w)
{
	uint64_t psmid = (uint64_t)w->tag << 32 | w->sent;
	struct me1 me = me1(w->sent, 1, 0);
	struct cpu cpu = nqap(BIT(33) | w->apqn, psmid, &me, sizeof(me));

	if (rc_of(&cpu) != AP_RC_NORMAL)
		return false;
	w->sent++;
	return true;
}

/* Count by atomic additions, as both CPUs do. */
static void receive_one(struct worker *w)
{
	struct cpu cpu = dqap(BIT(32) | w->apqn, w->room, sizeof(w->room));
	uint64_t psmid = psmid_of(&cpu);
	unsigned int tag = psmid >> 32, number = (uint32_t)psmid;

	if (rc_of(&cpu) != AP_RC_NORMAL)
		return;
	if (tag > 1 || number >= REQUESTS || !is_reply80((void *)w->room, number))
		__atomic_add_fetch(&wrong, 1, __ATOMIC_SEQ_CST);
	else
		__atomic_add_fetch(&answers[tag][number], 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&received, 1, __ATOMIC_SEQ_CST);
}

static unsigned int received_now(void)
{
	return __atomic_load_n(&received, __ATOMIC_SEQ_CST);
}

static void work(struct worker *w)
{
	uint64_t deadline = microseconds() + PATIENCE_US;

	while (received_now() < 2 * REQUESTS && microseconds() < deadline) {
		if (w->sent < REQUESTS)
			send_next(w);
		receive_one(w);
	}
}

#define RESETS	100

static void reset_again_and_again(uint16_t apqn)
{
	for (int i = 0; i < RESETS; i++) {
		pqap(i % 2 ? RAPQ | apqn : ZAPQ | apqn, 0, 0);
		await_queue(apqn);
	}
}

static void cpu1(void)
{
	await(1);
	work(&workers[1]);
	reach(2);
	await(3);
	work(&workers[1]);
	reach(4);
	await(5);
	reset_again_and_again(AP_APQN(5, 4));
	reach(6);
}

static void start(uint16_t apqn0, uint16_t apqn1)
{
	memset(answers, 0, sizeof(answers));
	received = 0;
	workers[0] = (struct worker){ .apqn = apqn0, .tag = 0 };
	workers[1] = (struct worker){ .apqn = apqn1, .tag = 1 };
}

static void judge(void)
{
	unsigned int once = 0;

	for (unsigned int i = 0; i < REQUESTS; i++)
		once += (answers[0][i] == 1) + (answers[1][i] == 1);
	same("every request is answered once", 2 * REQUESTS, once);
	same("no more replies than requests", 2 * REQUESTS, received);
	same("no reply is wrong", 0, wrong);
}

/* No reply belongs to no request, and nothing hangs. */
static void against_resets(void)
{
	unsigned int twice = 0;
	struct cpu cpu;

	chapter("a queue that the other CPU resets");
	start(AP_APQN(5, 4), AP_APQN(5, 4));
	reach(5);
	while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) != 6) {
		if (workers[0].sent == REQUESTS)
			workers[0].sent = 0;
		send_next(&workers[0]);
		receive_one(&workers[0]);
	}
	same("no reply is wrong", 0, wrong);
	pqap(RAPQ | AP_APQN(5, 4), 0, 0);
	cpu = await_queue(AP_APQN(5, 4));
	same("the queue is empty", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
	start(AP_APQN(5, 4), AP_APQN(5, 4));
	workers[1].sent = REQUESTS;
	received = REQUESTS;
	work(&workers[0]);
	for (unsigned int i = 0; i < REQUESTS; i++)
		twice += answers[0][i] != 1;
	same("it answers each request once again", 0, twice);
}

int main(void)
{
	chapter("one queue");
	ok(start_cpu(1, cpu1), "CPU 1 starts");
	start(AP_APQN(5, 4), AP_APQN(5, 4));
	reach(1);
	work(&workers[0]);
	await(2);
	judge();

	chapter("two queues of one adapter");
	start(AP_APQN(5, 4), AP_APQN(5, 0x47));
	reach(3);
	work(&workers[0]);
	await(4);
	judge();
	against_resets();
	return 0;
}
