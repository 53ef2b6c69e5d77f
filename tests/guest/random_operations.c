// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random operations on mediated devices by two administrators and two guests at once.
 *
 *	random_operations SEED COUNT GUESTS
 *
 * Loads nothing: vfio_ap is there and has queues. What each of the four does depends on SEED
 * alone; how they come between each other does not. An operation may succeed or be refused for
 * a reason of its own; any other end of it is a problem, and so is a violation of what
 * invariants.h lists, which is looked for all the time and, every now and then, when all four
 * rest. The numbers by which the machine knows the guests are written to GUESTS, a line each.
 * In the end everything is given back to the host.
 *
 * Each problem is a line on standard output, followed by a table of what was done. The exit
 * status is 0 if there was no problem and every kind of operation has succeeded once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "invariants.h"
#include "sie/frontend/kvm.h"
#include "sie/frontend/report.h"
#include "sie/frontend/vfio.h"
#include "tests/unit/seeded.h"

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))
#define ACTORS		4	/* the first two are administrators */
#define ADMINISTRATORS	2
#define REST_EVERY	500	/* operations */
#define STUCK_SECONDS	120	/* without any operation */
#define RETURN_SECONDS	60
#define TYPE		MATRIX_DEVICE "/mdev_supported_types/vfio_ap-passthrough"

/* 07 and 0008 are nowhere; adapter 04 is the host's unless a domain is not. */
static const unsigned int adapters[] = { 5, 6, 4, 5, 6, 7 };
static const unsigned int domains[] = { 0x04, 0x06, 0x47, 0xab, 0xff, 0x08 };

struct operation {
	const char *name;
	unsigned int weight;
	int (*perform)(void);		/* 0 or an errno value */
	int refusals[8];		/* those that may come, up to 0 */
};

struct tally {
	atomic_uint taken;
	atomic_uint refused;
};

/* What all processes see. */
static struct shared {
	atomic_bool stop;
	atomic_bool rest;
	atomic_uint resting;
	atomic_uint done;
	atomic_uint problems;
	struct tally tally[2][24];	/* of administrators and of guests */
	struct actor {
		pid_t process;
		uint64_t random;	/* where its sequence goes on */
		const char *_Atomic doing;
	} actor[ACTORS];
} *shared;

static unsigned int me;			/* an index of shared->actor */
static int guests_file;

static void __attribute__((format(printf, 1, 2))) problem(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	dprintf(STDOUT_FILENO, "problem: %s\n", text);
	shared->problems++;
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

/* Administrators */

static unsigned int any_device(void)
{
	return seeded_below(DEVICES);
}

/* One to three of @ids, some as a range, some with a sign. */
static const char *any_ids(const unsigned int *ids, size_t count)
{
	static const char *const sign[] = { "", "", "", "", "", "", "+", "-" };
	unsigned int items = 1 + seeded_below(3);
	static char text[64];
	size_t at = 0;

	for (unsigned int i = 0; i < items; i++) {
		unsigned int id = ids[seeded_below(count)];

		at += snprintf(text + at, sizeof(text) - at, "%s%s0x%x", i ? "," : "",
			       sign[seeded_below(LENGTH(sign))], id);
		if (!seeded_below(8))
			at += snprintf(text + at, sizeof(text) - at, "-0x%x", id + 1);
	}
	return text;
}

static int assign(const char *attribute, const unsigned int *ids, size_t count)
{
	return write_text(device_path(any_device(), attribute), any_ids(ids, count));
}

static int assign_adapter(void)
{
	return assign("assign_adapter", adapters, LENGTH(adapters));
}

static int assign_domain(void)
{
	return assign("assign_domain", domains, LENGTH(domains));
}

static int assign_control_domain(void)
{
	return assign("assign_control_domain", domains, LENGTH(domains));
}

static int unassign_adapter(void)
{
	return assign("unassign_adapter", adapters, LENGTH(adapters));
}

static int unassign_domain(void)
{
	return assign("unassign_domain", domains, LENGTH(domains));
}

static int unassign_control_domain(void)
{
	return assign("unassign_control_domain", domains, LENGTH(domains));
}

static size_t any_mask(char *text, const unsigned int *ids, size_t count)
{
	unsigned char mask[32] = { 0 };
	size_t at = 0;

	for (unsigned int i = seeded_below(4); i; i--) {
		unsigned int id = ids[seeded_below(count)];

		mask[id / 8] |= 0x80 >> id % 8;
	}
	for (size_t i = 0; i < sizeof(mask); i++)
		at += sprintf(text + at, "%02x", mask[i]);
	return at;
}

static int ap_config(void)
{
	char text[256];
	size_t at;

	at = any_mask(text, adapters, LENGTH(adapters));
	text[at++] = ',';
	at += any_mask(text + at, domains, LENGTH(domains));
	text[at++] = ',';
	any_mask(text + at, domains, LENGTH(domains));
	return write_text(device_path(any_device(), "ap_config"), text);
}

static int activate(void)
{
	return write_text(device_path(any_device(), "activate"), seeded_below(4) ? "1" : "0");
}

static int create(void)
{
	char uuid[64];

	snprintf(uuid, sizeof(uuid), UUID_FORMAT, any_device());
	return write_text(TYPE "/create", uuid);
}

/* Waits for the guest that has the device, which is asked to close it. */
static int remove_device(void)
{
	return write_text(device_path(any_device(), "remove"), "1");
}

static int apmask(void)
{
	static const char *const text[] = { "-5", "-6", "-5,-6", "-5,-6", "+5", "+6" };

	return write_text(AP_BUS "/apmask", text[seeded_below(LENGTH(text))]);
}

static int aqmask(void)
{
	static const char *const text[] = { "-4", "-0x47", "+4", "+0x47", "+4,+0x47" };

	return write_text(AP_BUS "/aqmask", text[seeded_below(LENGTH(text))]);
}

/* If vfio_ap may not have the queue any more, the driver that may gets it. */
static int rebind(void)
{
	unsigned int adapter = adapters[seeded_below(3)];
	unsigned int domain = domains[seeded_below(LENGTH(domains) - 1)];
	char queue[16];
	int error;

	snprintf(queue, sizeof(queue), "%02x.%04x", adapter, domain);
	error = write_text(AP_BUS "/drivers/vfio_ap/unbind", queue);
	if (error)
		return error;
	error = write_text(AP_BUS "/drivers/vfio_ap/bind", queue);
	if (error)
		write_text(AP_BUS "/drivers_probe", queue);
	return error;
}

#define ASSIGNS	{ EADDRINUSE, EADDRNOTAVAIL, ENOENT, ENODEV }
#define GONE	{ ENOENT, ENODEV }

static const struct operation administration[] = {
	{ "assign_adapter", 130, assign_adapter, ASSIGNS },
	{ "assign_domain", 150, assign_domain, ASSIGNS },
	{ "assign_control_domain", 50, assign_control_domain, GONE },
	{ "unassign_adapter", 100, unassign_adapter, ASSIGNS },
	{ "unassign_domain", 110, unassign_domain, ASSIGNS },
	{ "unassign_control_domain", 50, unassign_control_domain, GONE },
	{ "ap_config", 120, ap_config, ASSIGNS },
	{ "activate", 60, activate, { EBUSY, EADDRINUSE, EADDRNOTAVAIL, ENOENT, ENODEV } },
	{ "create", 60, create, { EEXIST } },
	/* EAGAIN: mdev has not finished creating it, and then does not offer to remove it again. */
	{ "remove", 15, remove_device, { ENOENT, ENODEV, EAGAIN } },
	{ "apmask", 12, apmask, { EBUSY } },
	{ "aqmask", 8, aqmask, { EBUSY } },
	{ "unbind, bind", 15, rebind, { ENODEV, EBUSY } },
	{ 0 }
};

/* Guests */

static struct kvm kvm;
static struct vfio vfio;
static char reported[512];

/* What opening a device has to say is kept. */
bool report(const char *format, ...)
{
	size_t length = strlen(reported);
	va_list args;

	va_start(args, format);
	vsnprintf(reported + length, sizeof(reported) - length, format, args);
	va_end(args);
	return false;
}

/* The device is gone or going, another guest's, staged, or has a queue that is not well. */
static bool reason_is_known(void)
{
	static const int reasons[] = { ENOENT, ENODEV, EBUSY, EIO };

	if (strstr(reported, "failed to set iommu for container"))
		return true;
	for (size_t i = 0; i < LENGTH(reasons); i++)
		if (strstr(reported, strerror(reasons[i])))
			return true;
	return false;
}

static int open_device(void)
{
	struct device device = { 0 };

	if (vfio_is_open(&vfio))
		vfio_close(&vfio);
	snprintf(device.sysfsdev, sizeof(device.sysfsdev), "%s", device_path(any_device(), ""));
	reported[0] = '\0';
	if (vfio_open(&vfio, &device, &kvm))
		return 0;
	vfio_close(&vfio);
	if (reason_is_known())
		return EAGAIN;
	problem("open: %s", reported);
	return EAGAIN;
}

static int close_device(void)
{
	if (!vfio_is_open(&vfio))
		return ENOENT;
	vfio_close(&vfio);
	return 0;
}

static int reset_device(void)
{
	if (!vfio_is_open(&vfio))
		return ENOENT;
	return ioctl(vfio.device, VFIO_DEVICE_RESET) ? errno : 0;
}

static int device_info(void)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (!vfio_is_open(&vfio))
		return ENOENT;
	return ioctl(vfio.device, VFIO_DEVICE_GET_INFO, &info) ? errno : 0;
}

/* Leaves the device as a process that is killed does; another guest comes. */
static int die(void)
{
	if (!vfio_is_open(&vfio))
		return ENOENT;
	return -1;
}

static const struct operation guesting[] = {
	{ "open", 340, open_device, { EAGAIN } },
	{ "close", 160, close_device, { ENOENT } },
	{ "reset", 280, reset_device, { ENOENT, EIO } },
	{ "info", 100, device_info, { ENOENT } },
	{ "die", 8, die, { ENOENT } },
	{ 0 }
};

/* The host wants the device back. */
static void heed_request(void)
{
	struct pollfd fd = { .fd = vfio.request, .events = POLLIN };

	if (vfio_is_open(&vfio) && poll(&fd, 1, 0) == 1)
		vfio_close(&vfio);
}

static void become_guest(void)
{
	uint64_t number;

	vfio_init(&vfio);
	if (!kvm_open(&kvm) || !kvm_guest(&kvm, &number)) {
		problem("a guest: %s", reported);
		exit(1);
	}
	dprintf(guests_file, "%llu\n", (unsigned long long)number);
}

/* All four */

static bool is_guest(void)
{
	return me >= ADMINISTRATORS;
}

static const struct operation *any_operation(const struct operation *table)
{
	unsigned int sum = table->weight, at;

	for (const struct operation *op = table + 1; op->name; op++)
		sum += op->weight;
	at = seeded_below(sum);
	while (at >= table->weight)
		at -= table++->weight;
	return table;
}

static bool is_refusal(const struct operation *op, int error)
{
	for (const int *refusal = op->refusals; *refusal; refusal++)
		if (*refusal == error)
			return true;
	return false;
}

static void account(const struct operation *op, struct tally *tally, int error)
{
	if (error <= 0) {
		tally->taken++;
		return;
	}
	tally->refused++;
	if (!is_refusal(op, error))
		problem("%s: %s", op->name, strerror(error));
}

/* Returns whether the actor lives on. */
static bool operate(void)
{
	const struct operation *table = is_guest() ? guesting : administration;
	const struct operation *op = any_operation(table);
	int error;

	shared->actor[me].doing = op->name;
	error = op->perform();
	shared->actor[me].random = seeded_state;
	shared->actor[me].doing = "nothing";
	account(op, &shared->tally[is_guest()][op - table], error);
	shared->done++;
	return error >= 0;
}

static void rest(void)
{
	shared->resting++;
	while (shared->rest && !shared->stop) {
		usleep(1000);
		if (is_guest())
			heed_request();
	}
	shared->resting--;
}

static void act(void)
{
	seeded_state = shared->actor[me].random;
	if (is_guest())
		become_guest();
	while (!shared->stop) {
		if (shared->rest)
			rest();
		if (is_guest())
			heed_request();
		if (!operate())
			break;
	}
	_exit(0);
}

/* The one who watches */

static void start(unsigned int actor)
{
	pid_t parent = getpid(), process = fork();

	if (!process) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		me = actor;
		act();
	}
	shared->actor[actor].process = process;
}

/* Who died by an operation comes back. */
static void reap(bool restart)
{
	int status;
	pid_t dead;

	while ((dead = waitpid(-1, &status, WNOHANG)) > 0) {
		if (status)
			problem("process %d ended with status 0x%x", dead, status);
		for (unsigned int i = 0; i < ACTORS; i++) {
			if (shared->actor[i].process != dead)
				continue;
			shared->actor[i].process = 0;
			if (restart)
				start(i);
		}
	}
}

static void tell_violation(const char *violation)
{
	if (violation)
		problem("after %u operations: %s", shared->done, violation);
}

/* Waits until all of the four have reached what @reached tells. */
static void await(bool (*reached)(void), bool restart)
{
	unsigned int done = shared->done;
	time_t since = time(NULL);

	while (!reached()) {
		reap(restart);
		usleep(2000);
		if (shared->done != done) {
			done = shared->done;
			since = time(NULL);
		}
		if (time(NULL) - since <= STUCK_SECONDS)
			continue;
		for (unsigned int i = 0; i < ACTORS; i++)
			problem("actor %u is stuck in: %s", i, shared->actor[i].doing);
		exit(1);
	}
}

static bool all_rest(void)
{
	return shared->resting == ACTORS;
}

static bool none_rests(void)
{
	return !shared->resting;
}

static bool all_ended(void)
{
	for (unsigned int i = 0; i < ACTORS; i++)
		if (shared->actor[i].process)
			return false;
	return true;
}

static void let_rest(void)
{
	shared->rest = true;
	await(all_rest, true);
	tell_violation(violation_at_rest());
	shared->rest = false;
	await(none_rests, true);
}

static unsigned int next_rest;

static bool rest_is_due(void)
{
	tell_violation(violation_at_any_time());
	return shared->done >= next_rest;
}

static void watch(unsigned int count)
{
	for (unsigned int i = 0; i < ACTORS; i++)
		start(i);
	for (next_rest = REST_EVERY; shared->done < count; next_rest += REST_EVERY) {
		await(rest_is_due, true);
		let_rest();
	}
	shared->stop = true;
	await(all_ended, false);
	tell_violation(violation_at_rest());
}

/* The end */

static bool is_driven_by(const char *queue, const char *driver)
{
	char one[PATH_MAX], two[PATH_MAX];
	struct stat a, b;

	snprintf(one, sizeof(one), AP_BUS "/devices/%s/driver", queue);
	snprintf(two, sizeof(two), AP_BUS "/drivers/%s", driver);
	return !stat(one, &a) && !stat(two, &b) && a.st_ino == b.st_ino;
}

/* A queue that just has a fault may keep the host from it for a while. */
static void must(const char *path, const char *text)
{
	time_t deadline = time(NULL) + RETURN_SECONDS;
	int error;

	while ((error = write_text(path, text)) == EBUSY && time(NULL) < deadline)
		usleep(20000);
	if (error)
		problem("in the end '%s' to %s: %s", text, path, strerror(error));
}

static void return_queue(const char *queue)
{
	time_t deadline = time(NULL) + RETURN_SECONDS;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), AP_BUS "/devices/%s/driver", queue);
	if (access(path, F_OK))
		write_text(AP_BUS "/drivers_probe", queue);
	while (!is_driven_by(queue, "cex4queue")) {
		if (time(NULL) > deadline) {
			problem("in the end the host does not get %s back", queue);
			return;
		}
		usleep(20000);
	}
}

static void return_all(void)
{
	char queue[16];

	for (unsigned int i = 0; i < DEVICES; i++) {
		if (access(device_path(i, ""), F_OK))
			continue;
		must(device_path(i, "ap_config"), "0,0,0");
		if (!access(device_path(i, "remove"), F_OK))
			must(device_path(i, "remove"), "1");
	}
	must(AP_BUS "/aqmask", "+4,+0x47");
	must(AP_BUS "/apmask", "+4,+5,+6");
	for (unsigned int adapter = 4; adapter <= 6; adapter++) {
		for (size_t i = 0; i < LENGTH(domains) - 1; i++) {
			snprintf(queue, sizeof(queue), "%02x.%04x", adapter, domains[i]);
			return_queue(queue);
		}
	}
}

static void tell_table(const struct operation *table, const struct tally *tally)
{
	for (size_t i = 0; table[i].name; i++) {
		printf("%-24s %6u done %6u refused\n", table[i].name, tally[i].taken,
		       tally[i].refused);
		if (!tally[i].taken)
			problem("%s never succeeded", table[i].name);
	}
}

int main(int argc, char *argv[])
{
	if (argc != 4) {
		fprintf(stderr, "usage: random_operations SEED COUNT GUESTS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	guests_file = open(argv[3], O_WRONLY | O_APPEND | O_CLOEXEC);
	if (shared == MAP_FAILED || guests_file < 0) {
		perror("random_operations");
		return 2;
	}
	for (unsigned int i = 0; i < ACTORS; i++)
		shared->actor[i].random = (strtoull(argv[1], NULL, 0) * ACTORS + i + 1) *
					  0x9e3779b97f4a7c15u;
	watch(strtoul(argv[2], NULL, 0));
	return_all();
	tell_table(administration, shared->tally[0]);
	tell_table(guesting, shared->tally[1]);
	return shared->problems != 0;
}
