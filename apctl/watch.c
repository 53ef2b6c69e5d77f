// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "machine.h"
#include "owner.h"
#include "watch.h"

#define INTERVAL_DEFAULT	5
#define UEVENTS_OF_THE_KERNEL	1

struct watching {
	struct context *context;
	unsigned int told;	/* changes printed so far */
};

/*
 * Return a socket for uevents, or -1 after a message. Some changes have no
 * uevent, so the machine is also read periodically.
 */
static int open_uevents(FILE *err)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK, .nl_groups = UEVENTS_OF_THE_KERNEL,
	};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	fprintf(err, "apctl: uevents cannot be received: %s; changes are seen every few seconds only\n",
		strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/*
 * Return whether the event is about the AP bus, vfio_ap or a mediated device.
 */
static bool concerns(const char *event, ssize_t length)
{
	for (const char *at = event; at < event + length; at += strlen(at) + 1)
		if (!strcmp(at, "SUBSYSTEM=ap") || !strcmp(at, "SUBSYSTEM=matrix") ||
		    !strcmp(at, "SUBSYSTEM=mdev"))
			return true;
	return false;
}

/*
 * Receive all pending events. Return whether any of them concerns us; ENOBUFS
 * means that some were lost.
 */
static bool take_uevents(int fd)
{
	bool concerned = false;
	char event[8192];
	ssize_t length;

	while ((length = recv(fd, event, sizeof(event) - 1, 0)) >= 0 || errno == ENOBUFS) {
		if (length < 0) {
			concerned = true;
			continue;
		}
		event[length] = '\0';
		concerned |= concerns(event, length);
	}
	return concerned;
}

/* Wait until something may have changed. */
static void wait_for_change(const struct watching *watching, int fd)
{
	int interval = watching->context->options.interval ?: INTERVAL_DEFAULT;
	gint64 end = g_get_monotonic_time() + interval * G_USEC_PER_SEC;
	gint64 left;

	while ((left = end - g_get_monotonic_time()) > 0) {
		struct pollfd pollfd = { .fd = fd, .events = POLLIN };

		if (poll(&pollfd, 1, left / 1000 + 1) > 0 && take_uevents(fd))
			return;
	}
}

__attribute__((format(printf, 2, 3)))
static void tell(struct watching *watching, const char *format, ...)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
	va_list arguments;

	fprintf(watching->context->out, "%s ", time);
	va_start(arguments, format);
	vfprintf(watching->context->out, format, arguments);
	va_end(arguments);
	fputc('\n', watching->context->out);
	watching->told++;
}

static void compare_queues(struct watching *watching, const struct machine *old,
			   const struct machine *new)
{
	char name[APQN_TEXT];

	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		enum style style;
		g_autofree char *before = NULL;
		g_autofree char *after = NULL;

		if (old->queue[apqn].driver == DRIVER_ABSENT && !old->queue[apqn].device &&
		    new->queue[apqn].driver == DRIVER_ABSENT && !new->queue[apqn].device)
			continue;
		before = owner_text(old, apqn, &style);
		after = owner_text(new, apqn, &style);
		if (!strcmp(before, after))
			continue;
		apqn_text(apqn, name);
		tell(watching, "%s: %s -> %s", name, *before ? before : "absent",
		     *after ? after : "absent");
	}
}

static void compare_adapters(struct watching *watching, const struct machine *old,
			     const struct machine *new)
{
	for (unsigned int id = 0; id < AP_IDS; id++) {
		const char *before = adapter_state(&old->adapter[id]);
		const char *after = adapter_state(&new->adapter[id]);

		if (strcmp(before, after))
			tell(watching, "adapter %02x: %s -> %s", id, *before ? before : "operational",
			     *after ? after : "operational");
	}
}

static void compare_masks(struct watching *watching, const char *name,
			  const struct ap_mask *old, const struct ap_mask *new)
{
	struct ap_mask lost = mask_andnot(old, new), got = mask_andnot(new, old);
	g_autofree char *minus = ids_text(&lost);
	g_autofree char *plus = ids_text(&got);

	if (!mask_equal(old, new))
		tell(watching, "%s: -%s +%s", name, minus, plus);
}

/*
 * Print devices that have appeared or disappeared. If they have no queues,
 * nothing else shows that.
 */
static void compare_devices(struct watching *watching, const struct machine *old,
			    const struct machine *new, const char *what)
{
	for (unsigned int i = 0; i < new->devices->len; i++) {
		const struct device *device = g_ptr_array_index(new->devices, i);

		if (!machine_device(old, device->uuid))
			tell(watching, "%s: device %s (%s)", device->name, what, device->uuid);
	}
}

static void compare(struct watching *watching, const struct machine *old,
		    const struct machine *new)
{
	compare_masks(watching, "apmask", &old->apmask, &new->apmask);
	compare_masks(watching, "aqmask", &old->aqmask, &new->aqmask);
	compare_adapters(watching, old, new);
	compare_devices(watching, old, new, "comes");
	compare_devices(watching, new, old, "goes");
	compare_queues(watching, old, new);
	fflush(watching->context->out);
}

static unsigned int count_queues(const struct machine *machine)
{
	unsigned int count = 0;

	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		count += machine->queue[apqn].driver != DRIVER_ABSENT;
	return count;
}

/*
 * Print changes until the machine cannot be read, or until there have been
 * enough.
 */
static void go_on(struct watching *watching, struct machine *old, int fd)
{
	struct context *context = watching->context;
	unsigned int count = context->options.count;
	struct machine *new;

	while (old && (!count || watching->told < count)) {
		wait_for_change(watching, fd);
		new = machine_read(context->root, context->err);
		if (new)
			compare(watching, old, new);
		machine_free(old);
		old = new;
	}
	if (old)
		machine_free(old);
}

/*
 * The socket is opened first, so that no change is missed before the machine is
 * read.
 */
int watch(struct context *context)
{
	unsigned int count = context->options.count;
	struct watching watching = { .context = context };
	int fd = open_uevents(context->err);
	struct machine *machine = machine_read(context->root, context->err);

	if (machine) {
		fprintf(context->err, "apctl: watching %u queues\n", count_queues(machine));
		fflush(context->err);
		go_on(&watching, machine, fd);
	}
	if (fd >= 0)
		close(fd);
	return count && watching.told >= count ? EXIT_DONE : EXIT_REFUSED;
}
