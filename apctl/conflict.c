// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "conflict.h"
#include "mistakes.h"

struct check {
	const struct machine *machine;
	const struct wish *wish;
	const struct wished_device *claimed[APQNS];
	struct mistakes mistakes;
};

const struct wished_device *wish_find(const struct wish *wish, const char *uuid)
{
	for (unsigned int i = 0; i < wish->devices->len; i++) {
		const struct wished_device *device = g_ptr_array_index(wish->devices, i);

		if (!g_ascii_strcasecmp(device->uuid, uuid))
			return device;
	}
	return NULL;
}

static void check_range(struct check *check, const struct ap_mask *ids, unsigned int max,
			const char *noun, unsigned int line)
{
	unsigned int id = mask_next(ids, max + 1);

	if (id < AP_IDS)
		mistake(&check->mistakes, line,
			"there is no %s 0x%02x: the machine's highest is 0x%02x", noun, id, max);
}

/*
 * Check the queues that a device claims. Devices that are only defined claim
 * none.
 */
static void check_queues(struct check *check, const struct wished_device *device)
{
	char name[APQN_TEXT];
	unsigned int apqn;

	matrix_for_each(apqn, &device->matrix) {
		const struct wished_device *other = check->claimed[apqn];

		apqn_text(apqn, name);
		if (other)
			mistake(&check->mistakes, device->adapters_line,
				"%s: %s claims it, and so does %s in line %u", name, device->name,
				other->name, other->adapters_line);
		else if (share_keeps(&check->wish->share, apqn))
			mistake(&check->mistakes, device->adapters_line,
				"%s: %s claims it, and the host keeps it; [reserve] has neither adapter %u nor domain %u",
				name, device->name, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
		check->claimed[apqn] = device;
	}
}

static void check_device(struct check *check, const struct wished_device *device)
{
	const struct machine *machine = check->machine;

	check_range(check, &device->matrix.apm, machine->max_adapter, "adapter",
		    device->adapters_line);
	check_range(check, &device->matrix.aqm, machine->max_domain, "domain",
		    device->domains_line);
	check_range(check, &device->matrix.adm, machine->max_domain, "control domain",
		    device->line);
	if (wish_find(check->wish, device->uuid) != device)
		mistake(&check->mistakes, device->line,
			"%s: an earlier device has the same UUID, %s", device->name, device->uuid);
	if (device->start)
		check_queues(check, device);
}

/* Check that the device of a running guest is not stopped. */
static void check_running(struct check *check, const struct device *device)
{
	const struct wished_device *wished = wish_find(check->wish, device->uuid);

	if (!device->running || (wished && wished->start))
		return;
	mistake(&check->mistakes, wished ? wished->line : 1,
		"%s: its guest runs, and the file %s; shut the guest down first", device->name,
		wished ? "does not start the device" : "does not name the device");
}

int wish_check(const struct machine *machine, const struct wish *wish, FILE *err)
{
	g_autofree struct check *check = g_new0(struct check, 1);

	check->machine = machine;
	check->wish = wish;
	check->mistakes = (struct mistakes) { .file = wish->file, .err = err };
	for (unsigned int i = 0; i < wish->devices->len; i++)
		check_device(check, g_ptr_array_index(wish->devices, i));
	for (unsigned int i = 0; i < machine->devices->len; i++)
		check_running(check, g_ptr_array_index(machine->devices, i));
	return check->mistakes.found ? -EBUSY : 0;
}
