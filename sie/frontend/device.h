/* SPDX-License-Identifier: GPL-2.0-only */
/* The vfio-ap device of a guest, as described by -device or device_add. */
#ifndef FRONTEND_DEVICE_H
#define FRONTEND_DEVICE_H

#include <limits.h>
#include <stdbool.h>

#include "parser.h"

#define DEVICE_ID_MAX	64

/* @text is the description, for messages. @id is "" if there is none. */
struct device {
	char text[PATH_MAX];
	char id[DEVICE_ID_MAX + 1];
	char sysfsdev[PATH_MAX];
};

/*
 * Read a description, "vfio-ap,sysfsdev=PATH,id=ID" or the same in JSON. Return
 * false with a sentence in the parser if it is refused.
 */
bool device_take(struct parser *parser, struct device *device, const char *text);

/*
 * Read a description without a command line. Return false with a sentence in
 * @reason if it is refused.
 */
bool device_read(struct device *device, const char *text, char *reason, size_t size);

#endif /* FRONTEND_DEVICE_H */
