// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "claim.h"

static int check_range(const struct ap_mask *ids, unsigned int max, const char *noun, FILE *err)
{
	unsigned int id = mask_next(ids, max + 1);

	if (id >= AP_IDS)
		return 0;
	fprintf(err, "apctl: there is no %s 0x%02x: the machine's highest is 0x%02x\n", noun, id, max);
	return -EINVAL;
}

int claim_check_range(const struct machine *machine, const struct matrix *wanted, FILE *err)
{
	int adapters = check_range(&wanted->apm, machine->max_adapter, "adapter", err);
	int domains = check_range(&wanted->aqm, machine->max_domain, "domain", err);
	int controlled = check_range(&wanted->adm, machine->max_domain, "control domain", err);

	return adapters ?: domains ?: controlled;
}

/*
 * Return whether the host keeps the queue. The masks decide, as for the kernel,
 * even if there is no such queue.
 */
static bool host_keeps(const struct machine *machine, unsigned int apqn)
{
	if (machine->queue[apqn].driver == DRIVER_VFIO)
		return false;
	return machine->queue[apqn].driver == DRIVER_HOST ||
	       masks_keep(&machine->apmask, &machine->aqmask, apqn);
}

int claim_check(const struct machine *machine, const char *uuid,
		const struct matrix *wanted, FILE *err)
{
	int rc = claim_check_range(machine, wanted, err);
	char name[APQN_TEXT];
	unsigned int apqn;

	matrix_for_each(apqn, wanted) {
		const struct device *owner = machine_owner(machine, apqn);

		apqn_text(apqn, name);
		if (owner && (!uuid || strcmp(owner->uuid, uuid))) {
			fprintf(err, "apctl: %s: %s has it%s; `apctl set %s` without it, or `apctl stop %s`\n",
				name, owner->name, owner->running ? " in its running guest" : "",
				owner->name, owner->name);
			rc = -EBUSY;
		} else if (!owner && host_keeps(machine, apqn)) {
			fprintf(err, "apctl: %s: the host has it; `apctl reserve %u` takes the adapter from it\n",
				name, APQN_ADAPTER(apqn));
			rc = -EBUSY;
		}
	}
	return rc;
}
