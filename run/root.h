/* SPDX-License-Identifier: GPL-2.0-only */
/* The root file system of the VM. */
#ifndef RUN_ROOT_H
#define RUN_ROOT_H

#include <glib.h>
#include <stdbool.h>

#include "options.h"
#include "vm.h"

#define ROOT_TARGET	"/root"	/* where it is before it becomes "/" */

/*
 * @path: a directory if @type is 9p, else an image whose file system is @type; with @type NULL
 * the supervisor finds out what and where it is. @format is QEMU's word for the image.
 */
struct root {
	char *path;
	const char *type, *format;
	bool write;
	int lock;	/* of an image that is the caller's own */
};

/*
 * Find what the options name, or make it, which is said on standard error. @kit is the kit's
 * directory. Returns false after a complaint.
 */
bool root_find(struct root *root, const struct options *options, const char *kit);
void root_free(struct root *root);

/* Let QEMU have it, and the supervisor mount it at ROOT_TARGET, with @payload, the initramfs's
 * own, over it. */
void root_use(const struct root *root, bool payload, struct vm *vm, GByteArray *order);

/*
 * The modules that it needs, a list that ends in NULL. Of a disk, whose file system is not known,
 * with @possible those that it may need, else none.
 */
const char *const *root_modules(const struct root *root, bool possible);

#endif /* RUN_ROOT_H */
