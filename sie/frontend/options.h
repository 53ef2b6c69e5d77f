/* SPDX-License-Identifier: GPL-2.0-only */
/* The contents of a command line of qemu-system-s390x. */
#ifndef FRONTEND_OPTIONS_H
#define FRONTEND_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "device.h"

#define OPTIONS_DRIVES		8
#define OPTIONS_PARTS		32
#define OPTIONS_CHARDEVS	8
#define OPTIONS_NAME_MAX	32	/* as in sie/host/request.c */

/*
 * An object, a block device or a device, described by @json, that the host
 * gives the guest.
 */
struct part {
	const char *name, *json;
};

/* @port: "stdio", "pty", "none", or a name for port_open() */
struct chardev {
	char id[DEVICE_ID_MAX + 1];
	char port[PATH_MAX];
};

/*
 * Strings of struct options that are not arrays point into argv, or into arrays
 * of the struct.
 */
struct options {
	bool help, version;
	bool has_guest;		/* false for the machine none */
	bool is_tcg;		/* of the machine none: without KVM */
	bool daemonizes;
	const char *pidfile;	/* NULL: none */
	char name[OPTIONS_NAME_MAX + 1];	/* "" if not given */
	char machine[DEVICE_ID_MAX + 1];
	char cpu[PATH_MAX];	/* "": the real QEMU's default */
	const char *uuid;
	uint64_t memory;	/* MiB */
	uint64_t cpus;
	const char *kernel, *initrd, *append;
	char drive[OPTIONS_DRIVES][PATH_MAX];
	unsigned int drives;
	const char *monitor, *qmp;	/* for port_open(); NULL: none */
	const char *console;		/* "stdio", "pty" or "none" */
	const char *console_id;	/* the device's chardev, or NULL */
	struct chardev chardev[OPTIONS_CHARDEVS];
	unsigned int chardevs;
	struct part part[OPTIONS_PARTS];
	unsigned int parts;
	bool ends_at_reboot, is_paused, stays_after_shutdown;
	bool is_nographic, console_is_said;	/* -nographic, console option */
	bool has_device;
	struct device device;
};

#endif /* FRONTEND_OPTIONS_H */
