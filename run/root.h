/* SPDX-License-Identifier: GPL-2.0-only */
/* The root file system of the VM. */
#ifndef RUN_ROOT_H
#define RUN_ROOT_H

#include <glib.h>

#include "vm.h"

#define ROOT_TARGET	"/root"	/* where it is before it becomes "/" */

/* @path: an image of a file system of that type, which is not written to. */
struct root {
	char *path;
	const char *type;
};

/* That of the kit, whose directory is @kit. */
void root_find(struct root *root, const char *kit);
void root_free(struct root *root);

/* Let QEMU have it, and the supervisor mount it at ROOT_TARGET. */
void root_use(const struct root *root, struct vm *vm, GByteArray *order);

#endif /* RUN_ROOT_H */
