/* SPDX-License-Identifier: GPL-2.0-only */
/* The root file system of the VM. */
#ifndef RUN_ROOT_H
#define RUN_ROOT_H

#include <glib.h>
#include <stdbool.h>

#include "options.h"
#include "vm.h"

#define ROOT_TARGET	"/root"	/* mount point before the root becomes "/" */

/*
 * @path is a directory if @type is 9p, else an image whose file system is
 * @type. If @type is NULL, the supervisor determines where the file system is
 * and of which type. @format is QEMU's name of the image's format.
 */
struct root {
	char *path;
	const char *type, *format;
	bool write;
	int lock;	/* lock of the caller's own image */
};

/*
 * Find the root that the options name, or make it, which is reported on
 * standard error. @kit is the kit's directory. Return false after a complaint.
 */
bool root_find(struct root *root, const struct options *options, const char *kit);
void root_free(struct root *root);

/*
 * Give the root to QEMU, and let the supervisor mount it at ROOT_TARGET. With
 * @payload, the payload of the initramfs is mounted over it.
 */
void root_use(const struct root *root, bool payload, struct vm *vm, GByteArray *order);

/*
 * Return the modules that the root needs, a list that ends in NULL. For a disk
 * with an unknown file system, that is those that it may need if @possible is
 * set, else none.
 */
const char *const *root_modules(const struct root *root, bool possible);

#endif /* RUN_ROOT_H */
