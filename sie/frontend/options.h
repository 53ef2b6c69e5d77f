/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of qemu-system-s390x, as far as a guest of the lab has a
 * use for it. What is not offered is refused, not ignored.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OPTIONS_DRIVES		8
#define OPTIONS_ID_MAX	64
#define OPTIONS_NAME_MAX	32	/* as in sie/host/request.c */

/*
 * A vfio-ap device, as -device or device_add describes it; @text is that
 * description, for messages. Without an id, @id is "".
 */
struct device {
	char text[PATH_MAX];
	char id[OPTIONS_ID_MAX + 1];
	char sysfsdev[PATH_MAX];
};

/* Strings of a struct options that are not arrays lie in argv. */
struct options {
	bool help, version;
	bool has_guest;		/* no: the machine is none */
	bool daemonizes;
	const char *pidfile;	/* NULL: none */
	char name[OPTIONS_NAME_MAX + 1];	/* "": none was given */
	uint64_t memory;	/* MiB */
	uint64_t cpus;
	const char *kernel, *initrd, *append;
	char drive[OPTIONS_DRIVES][PATH_MAX];
	unsigned int drives;
	const char *monitor, *qmp;	/* for port_open(); NULL: none */
	bool has_console;		/* on stdin and stdout */
	bool ends_at_reboot;
	bool has_device;
	struct device device;
};

/*
 * Read the command line. Returns false with a sentence in @reason that names
 * the option, what is wrong with it and the way out.
 */
bool options_parse(struct options *options, int argc, char *argv[], char *reason, size_t size);

/*
 * Read the description of a device, as "vfio-ap,sysfsdev=PATH,id=ID". Returns false
 * with a sentence in @reason.
 */
bool options_parse_device(struct device *device, const char *list, char *reason, size_t size);

/* Print what -help prints. */
void options_print(FILE *file);

#endif /* OPTIONS_H */
