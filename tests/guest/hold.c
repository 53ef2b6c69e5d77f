// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds a vfio-ap mediated device as the QEMU of a guest does, without running one; or, given
 * that of a guest which runs, for the same VM.
 *
 * Says "open" when it has the device, then obeys its standard input until that ends; each
 * line is answered by one:
 *
 *	info		"flags 0x22 regions 0 irqs 2"
 *	reset		"0", or what errno says
 *	changed		"yes" if the CFG_CHG interrupt came since the last question, in 5 s
 *	requested	the same for the REQ interrupt
 *	unchanged	"yes" if CFG_CHG did not come since
 *	close		closes the device, keeps the VM; "closed"
 *	open		opens the device that was closed for the same VM; "open"
 *	reopen		closes the device and opens it for another VM, without any interrupt, but
 *			keeps the eventfds of before; "open"
 *	forget		closes the VM, keeps the device; "forgotten"
 *	lock		holds the lock of the VM from now on, as KVM may; "locked"
 *	unlock		ends that; "unlocked"
 *	quit		ends
 */
#include <errno.h>
#include <linux/vfio.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sie/frontend/kvm.h"
#include "sie/frontend/report.h"
#include "sie/frontend/vfio.h"
#include "sie/sie.h"
#include "borrow.h"

#define PATIENCE_MS	5000

static struct device device;
static struct kvm kvm;
static struct vfio vfio;

static void info(void)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (ioctl(vfio.device, VFIO_DEVICE_GET_INFO, &info))
		puts(strerror(errno));
	else
		printf("flags 0x%x regions %u irqs %u\n", info.flags, info.num_regions,
		       info.num_irqs);
}

static void reset(void)
{
	puts(ioctl(vfio.device, VFIO_DEVICE_RESET) ? strerror(errno) : "0");
}

/* Did the event come, and if not, does it in time? */
static bool came(int event, int milliseconds)
{
	struct pollfd fd = { .fd = event, .events = POLLIN };
	uint64_t count;

	return poll(&fd, 1, milliseconds) == 1 && read(event, &count, sizeof(count)) > 0;
}

static void changed(void)
{
	puts(came(vfio.changed, PATIENCE_MS) ? "yes" : "no");
}

static void requested(void)
{
	puts(came(vfio.request, PATIENCE_MS) ? "yes" : "no");
}

static void unchanged(void)
{
	puts(came(vfio.changed, 0) ? "no" : "yes");
}

static bool borrow_vm(int pid)
{
	kvm = (struct kvm){
		.dev = -1,
		.vm = borrow(pid, "anon_inode:kvm-vm"),
		.vfio = borrow(pid, "anon_inode:kvm-vfio"),
	};
	return kvm.vm >= 0 && kvm.vfio >= 0;
}

static void close_device(void)
{
	vfio_close(&vfio);
	puts("closed");
}

static void open_again(void)
{
	puts(vfio_open(&vfio, &device, &kvm) ? "open" : "not open");
}

static void reopen(void)
{
	int request = vfio.request, changed = vfio.changed;

	vfio.request = vfio.changed = -1;
	vfio_close(&vfio);
	kvm_close(&kvm);
	puts(kvm_open(&kvm) && vfio_attach(&vfio, &device, &kvm) ? "open" : "not open");
	vfio.request = request;
	vfio.changed = changed;
}

static void forget_vm(void)
{
	kvm_close(&kvm);
	puts("forgotten");
}

static pthread_t locker;
static struct sie_hold lock;

static void ignore(int signal)
{
	(void)signal;
}

static void *hold_lock(void *unused)
{
	(void)unused;
	ioctl(kvm.vm, SIE_HOLD, &lock);
	return NULL;
}

static void lock_vm(void)
{
	const struct sigaction action = { .sa_handler = ignore };

	lock = (struct sie_hold){ .ms = INT32_MAX };
	sigaction(SIGUSR1, &action, NULL);
	if (pthread_create(&locker, NULL, hold_lock, NULL)) {
		puts("no thread");
		return;
	}
	while (!__atomic_load_n(&lock.held, __ATOMIC_ACQUIRE))
		sched_yield();
	puts("locked");
}

static void unlock_vm(void)
{
	pthread_kill(locker, SIGUSR1);
	pthread_join(locker, NULL);
	puts("unlocked");
}

static const struct {
	const char *name;
	void (*obey)(void);
} table[] = {
	{ "info", info },
	{ "reset", reset },
	{ "changed", changed },
	{ "requested", requested },
	{ "unchanged", unchanged },
	{ "close", close_device },
	{ "open", open_again },
	{ "reopen", reopen },
	{ "forget", forget_vm },
	{ "lock", lock_vm },
	{ "unlock", unlock_vm },
};

static void obey(const char *line)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!strcmp(line, table[i].name)) {
			table[i].obey();
			return;
		}
	}
	printf("what is '%s'?\n", line);
}

int main(int argc, char *argv[])
{
	char line[32];

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: hold PATH-OF-DEVICE [PROCESS]\n");
		return 2;
	}
	snprintf(device.sysfsdev, sizeof(device.sysfsdev), "%s", argv[1]);
	snprintf(device.text, sizeof(device.text), "%s", argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 ? !borrow_vm(atoi(argv[2])) : !kvm_open(&kvm))
		return 1;
	if (!vfio_open(&vfio, &device, &kvm))
		return 1;
	puts("open");
	while (fgets(line, sizeof(line), stdin) && strcmp(line, "quit\n")) {
		line[strcspn(line, "\n")] = '\0';
		obey(line);
	}
	return 0;
}
