/* SPDX-License-Identifier: GPL-2.0-only */
/* The vfio-ap device of a guest, as -device or device_add describes it. */
#ifndef FRONTEND_DEVICE_H
#define FRONTEND_DEVICE_H

#include <limits.h>
#include <stdbool.h>

#include "parser.h"

#define DEVICE_ID_MAX	64

/* @text is the description, for messages. Without an id, @id is "". */
struct device {
	char text[PATH_MAX];
	char id[DEVICE_ID_MAX + 1];
	char sysfsdev[PATH_MAX];
};

/*
 * Read a description, as "vfio-ap,sysfsdev=PATH,id=ID" or the same in JSON. Returns false with a
 * sentence in the parser.
 */
bool device_take(struct parser *parser, struct device *device, const char *text);

/* The same without a command line: returns false with the sentence in @reason. */
bool device_read(struct device *device, const char *text, char *reason, size_t size);

#endif /* FRONTEND_DEVICE_H */
