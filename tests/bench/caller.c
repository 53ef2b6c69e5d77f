// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMs without QEMU, which ask swcexd by the link, as swcex.so does, and measure
 * how long it takes. Prints figures for tests/bench/run.
 *
 *	caller SOCKET GUESTS ROW instructions	TAPQ, GUEST_MASKS, the reset of a guest
 *	caller SOCKET GUESTS ROW flight N	N requests in flight, N <= 256
 *	caller SOCKET GUESTS ROW guests N	N guests with one request each, N <= 64
 *	caller SOCKET GUESTS ROW message N	requests of N bytes
 *	caller SOCKET GUESTS ROW beside WHAT CONTROL
 *						TAPQ of a guest, alone and beside what
 *						another VM does
 *
 * ROW is the row of the figures. The machine has accelerators from 00 on,
 * domains from 0 on, and for "message" a coprocessor 00.
 */
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cex/bell.h"
#include "qemu/attachment.h"
#include "tests/bench/request.h"

#define SAMPLES		4000
#define CHANGES		200
#define GUESTS_MAX	64
#define FLIGHT_MAX	256
#define DEPTH		8
#define ROOM		4096	/* for any reply here */
#define SECONDS		1
#define P99_SECONDS	3
#define PAUSE_US	100
#define PATIENCE	UINT64_C(1000000)	/* ns */
#define INDICATOR	0x1000

static const char *row;
static struct machine *lpar;
static const char *guests_socket;
static _Atomic bool is_over;

static void figure(const char *table, const char *column, const char *unit, double value)
{
	printf("%s\t%s\t%s\t%s\t%.3f\n", table, row, column, unit, value);
}

static int compare(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return (first > second) - (first < second);
}

static struct ap_result execute(struct machine *vm, struct ap_command command, const void *in)
{
	static _Thread_local uint8_t out[AP_MESSAGE_MAX];
	struct ap_result result;

	vm->execute(vm, &command, in, &result, out);
	if (result.check)
		errx(1, "instruction %u ends with program interruption %u", command.op, result.check);
	return result;
}

static struct machine *attach(const char *path, const uint64_t *guest)
{
	char reason[256];
	struct machine *vm = attachment_open(path, guest, true, reason, sizeof(reason));

	if (!vm)
		errx(1, "%s", reason);
	return vm;
}

static void set_masks(uint64_t guest, unsigned int adapters, unsigned int first, unsigned int domains)
{
	struct ap_apcb apcb = { 0 };

	for (unsigned int i = 0; i < adapters; i++)
		ap_mask_set(&apcb.apm, i);
	for (unsigned int i = 0; i < domains; i++)
		ap_mask_set(&apcb.aqm, first + i);
	if (execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_MASKS, .arg = { guest },
			.length = sizeof(apcb) }, &apcb).value)
		errx(1, "GUEST_MASKS is refused");
}

/* A guest with one adapter and one domain */
static uint64_t create(unsigned int domain)
{
	uint64_t guest = execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_CREATE }, NULL).value;

	set_masks(guest, 1, domain, 1);
	return guest;
}

static struct machine *guest_of(uint64_t number)
{
	return attach(guests_socket, &number);
}

static uint64_t tapq(struct machine *vm, uint16_t apqn)
{
	uint64_t begin = now();

	execute(vm, (struct ap_command){ .op = AP_OP_TAPQ, .apqn = apqn }, NULL);
	return now() - begin;
}

/* The quantile @q of @count times, which become sorted, in microseconds */
static double quantile(uint64_t *times, unsigned int count, double q)
{
	qsort(times, count, sizeof(*times), compare);
	return times[(unsigned int)((count - 1) * q)] / 1e3;
}

static void instructions(void)
{
	uint64_t times[SAMPLES], guest = create(0);
	struct machine *vm = guest_of(guest);

	for (int i = 0; i < SAMPLES; i++)
		times[i] = tapq(vm, AP_APQN(0, 0));
	figure("daemon", "TAPQ", "us", quantile(times, SAMPLES, 0.5));
	for (int i = 0; i < CHANGES; i++) {
		uint64_t begin = now();

		set_masks(guest, 1, 0, 1 + i % 4);
		times[i] = now() - begin;
	}
	figure("daemon", "GUEST_MASKS", "us", quantile(times, CHANGES, 0.5));
	for (int i = 0; i < CHANGES; i++) {
		uint64_t begin = now();

		execute(vm, (struct ap_command){ .op = AP_OP_RESET }, NULL);
		times[i] = now() - begin;
	}
	figure("daemon", "reset of a guest", "us", quantile(times, CHANGES, 0.5));
}

static bool enqueue(struct machine *vm, uint16_t apqn, const struct rsa *rsa)
{
	return !AP_STATUS_RC(execute(vm, (struct ap_command){ .op = AP_OP_NQAP, .apqn = apqn,
		.length = rsa->length }, rsa->message).status);
}

static bool dequeue(struct machine *vm, uint16_t apqn)
{
	return !AP_STATUS_RC(execute(vm, (struct ap_command){ .op = AP_OP_DQAP, .apqn = apqn,
		.arg = { ROOM } }, NULL).status);
}

/* A queue that the last LPAR has used is being reset. */
static void interrupt(struct machine *vm, uint16_t apqn)
{
	const struct ap_command aqic = {
		.op = AP_OP_AQIC, .apqn = apqn, .arg = { AP_AQIC_ENABLE, INDICATOR },
	};
	uint8_t rc;

	while ((rc = AP_STATUS_RC(execute(vm, aqic, NULL).status)) == AP_RC_RESET_IN_PROGRESS)
		usleep(PAUSE_US);
	if (rc)
		errx(1, "the LPAR has no interruptions");
}

/*
 * Keep @n requests in flight in the queues of adapter 0, for a second. Return how
 * many were answered per second.
 */
static double keep(const struct rsa *rsa, unsigned int n)
{
	unsigned int queues = (n + DEPTH - 1) / DEPTH, done = 0, sent = 0;
	uint64_t begin;
	uint32_t seen;

	for (unsigned int i = 0; i < queues; i++)
		interrupt(lpar, AP_APQN(0, i));
	for (begin = now(); now() - begin < SECONDS * UINT64_C(1000000000);) {
		unsigned int before = done;

		seen = lpar->changes->bell;
		for (unsigned int i = 0; i < queues; i++) {
			while (dequeue(lpar, AP_APQN(0, i)))
				done++;
			while (sent - done < n && enqueue(lpar, AP_APQN(0, i), rsa))
				sent++;
		}
		if (before == done)
			bell_wait(&lpar->changes->bell, &seen, PATIENCE);
	}
	return done / ((now() - begin) / 1e9);
}

static void flight(unsigned int n)
{
	static struct rsa rsa;

	if (n > FLIGHT_MAX)
		errx(2, "at most %d requests can be in flight", FLIGHT_MAX);
	make(&rsa, 1, 128);
	figure("flight", "RSA-1024", "1/s", keep(&rsa, n));
}

static void message(unsigned int n)
{
	static struct rsa rsa;
	double rate;

	rsa.length = n;
	rate = keep(&rsa, 1);
	figure("message", "requests", "1/s", rate);
	figure("message", "a request", "us", 1e6 / rate);
}

struct caller {
	pthread_t thread;
	struct machine *vm;
	uint16_t apqn;
	unsigned int done;
};

static struct rsa shared;

static void *call(void *argument)
{
	struct caller *c = argument;

	while (!is_over) {
		if (!enqueue(c->vm, c->apqn, &shared))
			continue;
		while (!dequeue(c->vm, c->apqn) && !is_over)
			usleep(PAUSE_US);
		c->done++;
	}
	return NULL;
}

static void guests(unsigned int n)
{
	static struct caller callers[GUESTS_MAX];
	unsigned int all = 0, least = -1, most = 0;

	if (n > GUESTS_MAX)
		errx(2, "there are at most %d guests", GUESTS_MAX);
	make(&shared, 1, 128);
	for (unsigned int i = 0; i < n; i++)
		callers[i] = (struct caller){ .vm = guest_of(create(i)), .apqn = AP_APQN(0, i) };
	for (unsigned int i = 0; i < n; i++)
		if (pthread_create(&callers[i].thread, NULL, call, &callers[i]))
			errx(1, "no thread");
	sleep(SECONDS);
	is_over = true;
	for (unsigned int i = 0; i < n; i++) {
		pthread_join(callers[i].thread, NULL);
		all += callers[i].done;
		least = callers[i].done < least ? callers[i].done : least;
		most = callers[i].done > most ? callers[i].done : most;
	}
	figure("attached", "RSA-1024", "1/s", (double)all / SECONDS);
	figure("attached", "least/most", "ratio", (double)least / most);
}

/* What another VM, or the operator, does over and over */

static uint64_t other_guest;
static const char *control;

static void change_masks(unsigned int turn)
{
	set_masks(other_guest, 2, 1, 1 + turn % 10);
}

static void change_many_masks(unsigned int turn)
{
	set_masks(other_guest, 255, 1, 1 + turn % 200);
}

static void say(const char *command)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char answer[256];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", control);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    write(fd, command, strlen(command)) < 0)
		err(1, "%s", control);
	while (read(fd, answer, sizeof(answer)) > 0)
		;
	close(fd);
}

/* An adapter that no guest but the crowd's has leaves the profile, and returns. */
static void remove_adapter(unsigned int turn)
{
	say(turn % 2 ? "add adapter 1\n" : "remove adapter 1\n");
}

static struct machine *flooder;
static struct rsa large;

static void flood(unsigned int turn)
{
	uint16_t apqn = AP_APQN(0, 1 + turn % 200);

	while (dequeue(flooder, apqn))
		;
	while (enqueue(flooder, apqn, &large))
		;
	if (turn % 200 == 199)
		usleep(1000);
}

/* Each AQIC is a change of the state file. */
static void change_state(unsigned int turn)
{
	execute(lpar, (struct ap_command){ .op = AP_OP_AQIC, .apqn = AP_APQN(1, turn / 2 % 256),
		.arg = { turn % 2 ? 0 : AP_AQIC_ENABLE, INDICATOR } }, NULL);
}

static const struct disturbance {
	const char *name;
	void (*turn)(unsigned int turn);
} disturbances[] = {
	{ "masks", change_masks }, { "many-masks", change_many_masks },
	{ "remove", remove_adapter }, { "state", change_state }, { "flood", flood },
};

static void *disturb(void *argument)
{
	const struct disturbance *d = argument;

	for (unsigned int turn = 0; !is_over; turn++)
		d->turn(turn);
	return NULL;
}

static const struct disturbance *find(const char *name)
{
	for (size_t i = 0; i < sizeof(disturbances) / sizeof(disturbances[0]); i++)
		if (!strcmp(name, disturbances[i].name))
			return &disturbances[i];
	errx(2, "nothing is called '%s'", name);
}

/* A VM that asks now and then, as one does, and not as fast as it can */
static double p99_of(struct machine *vm)
{
	static uint64_t times[SAMPLES];
	uint64_t until = now() + P99_SECONDS * UINT64_C(1000000000);
	unsigned int n;

	for (n = 0; n < SAMPLES && now() < until; n++) {
		usleep(PAUSE_US);
		times[n] = tapq(vm, AP_APQN(0, 0));
	}
	return quantile(times, n, 0.99);
}

static void beside(const char *name)
{
	const struct disturbance *d = find(name);
	struct machine *vm = guest_of(create(0));
	double alone, disturbed;
	pthread_t thread;

	other_guest = create(1);
	set_masks(other_guest, 1, 1, 200);
	flooder = guest_of(other_guest);
	make(&large, 3, 512);
	alone = p99_of(vm);
	if (pthread_create(&thread, NULL, disturb, (void *)d))
		errx(1, "no thread");
	disturbed = p99_of(vm);
	is_over = true;
	pthread_join(thread, NULL);
	figure("beside", "p99 alone", "us", alone);
	figure("beside", "p99 beside it", "us", disturbed);
	figure("beside", "ratio", "ratio", disturbed / alone);
}

int main(int argc, char **argv)
{
	const char *what = argc > 4 ? argv[4] : "";
	unsigned int n = argc > 5 ? strtoul(argv[5], NULL, 10) : 0;

	if (argc < 5 || (strcmp(what, "instructions") && argc < 6))
		errx(2, "see the head of caller.c for the arguments");
	guests_socket = argv[2];
	row = argv[3];
	lpar = attach(argv[1], NULL);
	control = argc > 6 ? argv[6] : NULL;
	if (!strcmp(what, "instructions"))
		instructions();
	else if (!strcmp(what, "flight"))
		flight(n);
	else if (!strcmp(what, "guests"))
		guests(n);
	else if (!strcmp(what, "message"))
		message(n);
	else
		beside(argv[5]);
	fflush(stdout);
	/* Threads of the attachments are still there. */
	_exit(0);
}
