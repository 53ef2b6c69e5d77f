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
	uint16_t device;	/* number of its active device; 0 if none */
	uint8_t driver;
	uint8_t condition;
	bool in_guest;		/* its device's guest has it, or would */
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
	char *name;		/* its name in apctl */
	struct matrix assigned;
	struct ap_mask guest_control;
	bool staged;		/* claims nothing until it is activated */
	bool controls_usage;	/* its guest controls its usage domains */
	bool running;		/* a guest uses its queues */
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
	bool vfio_ap;			/* the driver is loaded */
	bool explains;			/* ... and has the attribute refusal */
	struct adapter adapter[AP_IDS];
	struct queue queue[APQNS];
	GPtrArray *devices;		/* of struct device; numbered from 1 */
};

/*
 * Return the machine, which the caller frees by machine_free(), or NULL after a
 * message on @err. @root has to live as long as the machine.
 */
struct machine *machine_read(const char *root, FILE *err);
void machine_free(struct machine *machine);

/* Return the device that an APQN is assigned to, or NULL. */
const struct device *machine_owner(const struct machine *machine, unsigned int apqn);
/* Return the active device with this UUID, or NULL. */
const struct device *machine_device(const struct machine *machine, const char *uuid);

/* Return whether the masks keep an APQN for the host. */
bool masks_keep(const struct ap_mask *apmask, const struct ap_mask *aqmask, unsigned int apqn);
/* Return whether queues are reserved for vfio_ap by driver_override. */
bool machine_uses_overrides(const struct machine *machine);

#endif
