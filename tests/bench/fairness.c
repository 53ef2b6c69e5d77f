// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a VM waits for RSA-1024 while another keeps 255 queues full of
 * RSA-4096: on this machine alone, without QEMU, by libcex.
 *
 * Prints the median and the 99th percentile of the time from NQAP until the
 * interruption, while nothing else happens and beside the crowd, and what they
 * are not to exceed: three times the former and one of the crowd's requests.
 */
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cex/bell.h"
#include "cex/cex.h"
#include "tests/bench/request.h"

#define ADAPTER		5
#define CALLERS		AP_APQN(ADAPTER, 0)
#define CROWD		255
#define DEPTH		8
#define ROUNDS		400
#define PATIENCE	UINT64_C(30000000000)

static struct ap_changes changes;
static struct rsa small, large;
static _Atomic bool is_over;

static struct ap_result execute(struct cex_vm *vm, struct ap_command command,
				const void *in)
{
	static _Thread_local uint8_t out[AP_MESSAGE_MAX];
	struct ap_result result;

	cex_execute(vm, &command, in, &result, out);
	return result;
}

static uint8_t enqueue(struct cex_vm *vm, uint16_t apqn, const struct rsa *rsa)
{
	return AP_STATUS_RC(execute(vm, (struct ap_command){
		.op = AP_OP_NQAP, .apqn = apqn, .length = rsa->length,
	}, rsa->message).status);
}

static uint8_t dequeue(struct cex_vm *vm, uint16_t apqn)
{
	return AP_STATUS_RC(execute(vm, (struct ap_command){
		.op = AP_OP_DQAP, .apqn = apqn, .arg[0] = 4096 }, NULL).status);
}

static uint64_t one_request(struct cex_vm *lpar, const struct rsa *rsa)
{
	uint64_t begin = now();
	uint32_t seen = changes.bell;

	if (enqueue(lpar, CALLERS, rsa))
		errx(1, "the caller's queue takes no request");
	while (dequeue(lpar, CALLERS) == AP_RC_NO_PENDING_REPLY)
		bell_wait(&changes.bell, &seen, PATIENCE);
	return now() - begin;
}

static int compare(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return (first > second) - (first < second);
}

struct times {
	double median, p99;	/* ms */
};

static struct times measure(struct cex_vm *lpar, const struct rsa *rsa,
			    unsigned int rounds)
{
	uint64_t times[ROUNDS];

	for (unsigned int i = 0; i < rounds; i++)
		times[i] = one_request(lpar, rsa);
	qsort(times, rounds, sizeof(times[0]), compare);
	return (struct times){ times[rounds / 2] / 1e6,
			       times[rounds * 99 / 100] / 1e6 };
}

static void *crowd(void *guest)
{
	const struct timespec pause = { 0, 1000000 };

	while (!is_over) {
		for (unsigned int i = 1; i <= CROWD; i++) {
			while (!dequeue(guest, AP_APQN(ADAPTER, i)))
				;
			while (!enqueue(guest, AP_APQN(ADAPTER, i), &large))
				;
		}
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static struct cex_vm *attach_crowd(struct cex_machine *machine,
				   struct cex_vm *lpar)
{
	struct ap_apcb apcb = { 0 };
	struct ap_command masks = { .op = AP_OP_GUEST_MASKS,
				    .length = sizeof(apcb) };

	ap_mask_set(&apcb.apm, ADAPTER);
	for (unsigned int i = 1; i <= CROWD; i++)
		ap_mask_set(&apcb.aqm, i);
	masks.arg[0] = execute(lpar, (struct ap_command){
		.op = AP_OP_GUEST_CREATE }, NULL).value;
	if (execute(lpar, masks, &apcb).value)
		errx(1, "the crowd has no queues");
	return cex_attach_guest(machine, masks.arg[0]);
}

static struct cex_vm *attach_caller(struct cex_machine *machine)
{
	struct cex_vm *lpar = cex_attach_lpar(machine);

	if (!lpar)
		err(1, "the LPAR");
	cex_watch(lpar, &changes);
	if (execute(lpar, (struct ap_command){ .op = AP_OP_AQIC,
			.apqn = CALLERS, .arg = { AP_AQIC_ENABLE, 0x1000 } },
		    NULL).status & AP_STATUS_OF_RC(0xff))
		errx(1, "the caller has no interruptions");
	return lpar;
}

static struct cex_machine *make_machine(void)
{
	struct cex_machine *machine = cex_machine_new(0);

	if (!machine || cex_add_adapter(machine, ADAPTER, "CEX8A"))
		err(1, "the machine");
	for (unsigned int i = 0; i <= CROWD; i++)
		if (cex_add_domain(machine, i))
			err(1, "the machine");
	return machine;
}

static struct times measure_crowded(struct cex_vm *lpar, struct cex_vm *guest)
{
	const struct timespec pause = { 0, 1000000 };
	struct times times;
	pthread_t thread;

	if (pthread_create(&thread, NULL, crowd, guest))
		errx(1, "no thread");
	/* Until all queues are full, the last one included. */
	while (!(execute(guest, (struct ap_command){ .op = AP_OP_TAPQ,
			.apqn = AP_APQN(ADAPTER, CROWD) }, NULL).status &
		 AP_STATUS_QUEUE_FULL))
		nanosleep(&pause, NULL);
	times = measure(lpar, &small, ROUNDS);
	is_over = true;
	pthread_join(thread, NULL);
	return times;
}

/* Figures for tests/bench/run */
static void report(const char *row, struct times times)
{
	printf("fairness\t%s\tmedian\tms\t%.3f\n", row, times.median);
	printf("fairness\t%s\tp99\tms\t%.3f\n", row, times.p99);
}

int main(void)
{
	struct cex_machine *machine = make_machine();
	struct cex_vm *lpar = attach_caller(machine);
	struct cex_vm *guest = attach_crowd(machine, lpar);
	struct times idle, service, crowded;

	if (!guest)
		err(1, "the crowd");
	make(&small, 1, 128);
	make(&large, 3, 512);
	idle = measure(lpar, &small, ROUNDS);
	service = measure(lpar, &large, 50);
	crowded = measure_crowded(lpar, guest);
	report("alone", idle);
	report("beside 255 queues of RSA-4096", crowded);
	report("3 x alone + one RSA-4096", (struct times){
		3 * idle.median + service.median, 3 * idle.p99 + service.p99 });
	cex_detach(guest);
	cex_detach(lpar);
	cex_machine_free(machine);
	return 0;
}
