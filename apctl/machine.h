/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine as sysfs shows it at one moment: adapters, queues, masks and the
 * active mediated devices of vfio_ap.
 */
#ifndef APCTL_MACHINE_H
#define APCTL_MACHINE_H

#include <stdint.h>

#include "ids.h"

#define AP_BUS		"/sys/bus/ap"
#define AP_DEVICES	"/sys/devices/ap"
#define MATRIX		"/sys/devices/vfio_ap/matrix"
#define MDEV_TYPE	MATRIX "/mdev_supported_types/vfio_ap-passthrough"

enum driver {
	DRIVER_ABSENT,		/* there is no such queue */
	DRIVER_NONE,		/* no driver is bound to the queue */
	DRIVER_HOST,		/* one of zcrypt's */
	DRIVER_VFIO,
};

enum condition {
	CONDITION_GOOD,
	CONDITION_RESETTING,
	CONDITION_UNAVAILABLE,
	CONDITION_QUARANTINED,
};

struct queue {
	uint16_t device;	/* the active device that it is assigned to, 0: none */
	uint8_t driver;
	uint8_t condition;
	bool in_guest;		/* the guest of that device has it, or would get it */
};

struct adapter {
	bool exists;
	bool deconfigured;
	bool checkstopped;
	bool offline;
	char type[8];		/* "CEX8C" */
};

/* An active mediated device. */
struct device {
	char *uuid;
	char *name;		/* what apctl calls it */
	struct matrix assigned;
	struct ap_mask guest_control;
	bool staged;		/* claims nothing yet */
	bool controls_usage;	/* its usage domains are control domains of its guest */
	bool running;		/* a guest has queues of it */
};

struct machine {
	const char *root;
	struct ap_mask apmask;
	struct ap_mask aqmask;
	unsigned int max_adapter;
	unsigned int max_domain;
	struct ap_mask usage;		/* domains of the LPAR */
	struct ap_mask control;
	bool overrides;			/* queues have driver_override */
	bool vfio_ap;			/* the driver is there */
	bool explains;			/* ... and it is one with refusal */
	struct adapter adapter[AP_IDS];
	struct queue queue[APQNS];
	GPtrArray *devices;		/* of struct device, the first has number 1 */
};

/*
 * Returns the machine, which machine_free() frees, or NULL after a sentence to
 * @err. @root has to stay.
 */
struct machine *machine_read(const char *root, FILE *err);
void machine_free(struct machine *machine);

/* The device that an APQN is assigned to, or NULL. */
const struct device *machine_owner(const struct machine *machine, unsigned int apqn);
/* The active device of this UUID, or NULL. */
const struct device *machine_device(const struct machine *machine, const char *uuid);

/* Whether the masks keep an APQN for the host. */
bool masks_keep(const struct ap_mask *apmask, const struct ap_mask *aqmask, unsigned int apqn);
/* Whether queues are kept from the host by driver_override. */
bool machine_uses_overrides(const struct machine *machine);

#endif
