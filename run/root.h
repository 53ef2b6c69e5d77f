/* SPDX-License-Identifier: GPL-2.0-only */
/* The root file system of the VM. */
#ifndef RUN_ROOT_H
#define RUN_ROOT_H

#include <glib.h>
#include <stdbool.h>

#include "vm.h"

#define ROOT_TARGET	"/root"	/* where it is before it becomes "/" */

/* @path: a directory if @type is 9p, else an image whose file system is @type. */
struct root {
	char *path;
	const char *type;
	bool write;
};

/* Let QEMU have it, and the supervisor mount it at ROOT_TARGET. */
void root_use(const struct root *root, struct vm *vm, GByteArray *order);

/* The module that it needs. */
const char *root_module(const struct root *root);

#endif /* RUN_ROOT_H */
