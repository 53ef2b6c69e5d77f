// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <unistd.h>

#include "attribute.h"
#include "file.h"
#include "owner.h"
#include "share.h"

#define PATIENCE	(10 * G_USEC_PER_SEC)
#define INTERVAL	(50 * 1000)

void share_read(const struct machine *machine, struct share *share)
{
	memset(share, 0, sizeof(*share));
	share->by_override = machine_uses_overrides(machine);
	share->apmask = machine->apmask;
	share->aqmask = machine->aqmask;
	for (unsigned int apqn = 0; share->by_override && apqn < APQNS; apqn++)
		share->reserved[apqn] = machine->queue[apqn].driver == DRIVER_VFIO;
}

bool share_keeps(const struct share *share, unsigned int apqn)
{
	return share->by_override ? !share->reserved[apqn] :
				    masks_keep(&share->apmask, &share->aqmask, apqn);
}

static bool changes_hands(const struct machine *machine, const struct share *from,
			  const struct share *to, unsigned int apqn)
{
	return machine->queue[apqn].driver != DRIVER_ABSENT &&
	       share_keeps(from, apqn) != share_keeps(to, apqn);
}

unsigned int share_tell(const struct machine *machine, const struct share *from,
			const struct share *to, FILE *out)
{
	unsigned int count = 0;
	char name[APQN_TEXT];

	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		if (!changes_hands(machine, from, to, apqn))
			continue;
		apqn_text(apqn, name);
		fprintf(out, "%s: %s\n", name,
			share_keeps(to, apqn) ? "vfio_ap -> host" : "host -> vfio_ap");
		count++;
	}
	return count;
}

/*
 * Queues that the machine does not have are checked, too, as the kernel
 * considers only the masks.
 */
int share_check(const struct machine *machine, const struct share *from,
		const struct share *to, FILE *err)
{
	int rc = 0;
	char name[APQN_TEXT];

	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		const struct device *device = machine_owner(machine, apqn);

		if (!device || !share_keeps(to, apqn) || share_keeps(from, apqn))
			continue;
		apqn_text(apqn, name);
		fprintf(err, "apctl: %s: %s %s; `apctl set %s` or `apctl stop %s` lets it go\n", name,
			device->name, device->running ? "has it in its running guest" : "has it assigned",
			device->name, device->name);
		rc = -EBUSY;
	}
	return rc;
}

static int write_mask(const struct machine *machine, const char *name, const struct ap_mask *old,
		      const struct ap_mask *mask)
{
	char text[MASK_TEXT];

	if (mask_equal(old, mask))
		return 0;
	mask_text(mask, text);
	return attribute_write(machine->root, text, AP_BUS "/%s", name);
}

/*
 * Change the masks by way of the common adapters, so that the host never
 * requests a queue that it does not keep in the end.
 */
static int change_masks(const struct machine *machine, const struct share *from,
			const struct share *to)
{
	struct ap_mask common = mask_and(&from->apmask, &to->apmask);
	int rc = write_mask(machine, "apmask", &from->apmask, &common);

	if (rc)
		return rc;
	rc = write_mask(machine, "aqmask", &from->aqmask, &to->aqmask);
	if (!rc)
		rc = write_mask(machine, "apmask", &common, &to->apmask);
	if (rc) {
		write_mask(machine, "aqmask", &to->aqmask, &from->aqmask);
		write_mask(machine, "apmask", &common, &from->apmask);
	}
	return rc;
}

/* Unbind the queue from its driver, and let the kernel look for another one. */
static int rebind(const struct machine *machine, unsigned int apqn)
{
	g_autofree char *link = file_path(machine->root, AP_DEVICES "/card%02x/%02x.%04x/driver",
					  APQN_ADAPTER(apqn), APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
	char driver[256] = "", name[APQN_TEXT];
	g_autofree char *base = NULL;
	int rc = 0;

	apqn_text(apqn, name);
	if (readlink(link, driver, sizeof(driver) - 1) > 0) {
		base = g_path_get_basename(driver);
		rc = attribute_write(machine->root, name, AP_BUS "/drivers/%s/unbind", base);
	}
	return rc ? rc : attribute_write(machine->root, name, AP_BUS "/drivers_probe");
}

static int override(const struct machine *machine, unsigned int apqn, bool reserve)
{
	int rc = attribute_write(machine->root, reserve ? "vfio_ap" : "",
				 AP_DEVICES "/card%02x/%02x.%04x/driver_override",
				 APQN_ADAPTER(apqn), APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));

	return rc ? rc : rebind(machine, apqn);
}

/*
 * Change the overrides of all queues, or of none: if one fails, those before it
 * are undone.
 */
static int change_overrides(const struct machine *machine, const struct share *from,
			    const struct share *to)
{
	unsigned int apqn;
	int rc = 0;

	for (apqn = 0; apqn < APQNS && !rc; apqn++)
		if (changes_hands(machine, from, to, apqn))
			rc = override(machine, apqn, !share_keeps(to, apqn));
	while (rc && apqn-- > 0)
		if (changes_hands(machine, from, to, apqn))
			override(machine, apqn, !share_keeps(from, apqn));
	return rc;
}

static const char *reason_of(int rc)
{
	switch (rc) {
	case -EBUSY:
		return "a queue is still a device's, or not zeroized since; see /sys/devices/vfio_ap/matrix/refusal or the kernel's log";
	case -EINVAL:
		return "masks and overrides exclude each other: while a queue has an override the masks have to be full, and the other way round";
	case -EACCES:
	case -EPERM:
		return "only root may change it";
	default:
		return strerror(-rc);
	}
}

int share_change(const struct machine *machine, const struct share *from,
		 const struct share *to, FILE *err)
{
	int rc = to->by_override ? change_overrides(machine, from, to) :
				   change_masks(machine, from, to);

	if (rc) {
		g_autofree char *refusal = file_read(machine->root, MATRIX "/refusal");

		fprintf(err, "apctl: the kernel refuses: %s\n", reason_of(rc));
		if (refusal && *refusal)
			fprintf(err, "%s\n", refusal);
	}
	return rc;
}

/*
 * Return whether the queue has its intended driver, or none if that is vfio_ap
 * and is not loaded.
 */
static bool has_driver(const struct machine *machine, const struct share *to, unsigned int apqn)
{
	enum driver driver = machine->queue[apqn].driver;

	if (share_keeps(to, apqn))
		return driver == DRIVER_HOST;
	return driver == (machine->vfio_ap ? DRIVER_VFIO : DRIVER_NONE);
}

/*
 * Return the number of queues that do not have their driver yet, and probe
 * those without a driver, which Linux 7 does not do when a mask grows.
 */
static unsigned int probe_missing(const struct machine *before, const struct share *from,
				  const struct share *to, FILE *err)
{
	struct machine *machine = machine_read(before->root, err);
	unsigned int count = 0;
	char name[APQN_TEXT];

	for (unsigned int apqn = 0; machine && apqn < APQNS; apqn++) {
		if (!changes_hands(before, from, to, apqn) || has_driver(machine, to, apqn))
			continue;
		count++;
		apqn_text(apqn, name);
		if (machine->queue[apqn].driver == DRIVER_NONE)
			attribute_write(machine->root, name, AP_BUS "/drivers_probe");
	}
	if (machine)
		machine_free(machine);
	return count;
}

void share_wait(const struct machine *machine, const struct share *from,
		const struct share *to, FILE *err)
{
	gint64 deadline = g_get_monotonic_time() + PATIENCE;
	unsigned int left;

	while ((left = probe_missing(machine, from, to, err)) &&
	       g_get_monotonic_time() < deadline)
		g_usleep(INTERVAL);
	if (left)
		fprintf(err, "apctl: %u queues are not bound yet; `apctl` shows which, and `echo 1 >/sys/bus/ap/scans` looks for them again\n",
			left);
}
