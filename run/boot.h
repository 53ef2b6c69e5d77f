/* SPDX-License-Identifier: GPL-2.0-only */
/* Turning a plan into a VM that can be started. */
#ifndef RUN_BOOT_H
#define RUN_BOOT_H

#include <glib.h>
#include <stdbool.h>

#include "directory.h"
#include "plan.h"
#include "vm.h"

/*
 * Write the initramfs for the kernel of @plan to @path. Return false after a
 * complaint.
 */
bool boot_write_initramfs(const struct plan *plan, const char *path);

/* Return the kernel's parameters, which the caller frees. */
char *boot_parameters(const struct plan *plan);

/*
 * Write the initramfs to @directory, collect QEMU's arguments in @vm, and
 * append the messages for the supervisor to @order. @link is the socket of the
 * adapters' daemon. Return false after a complaint.
 */
bool boot_prepare(const struct plan *plan, const struct directory *directory, const char *link,
		  struct vm *vm, GByteArray *order);

/*
 * Prepare a VM whose QEMU another program starts, with the initramfs and the
 * parameters: collect only the arguments that it needs in addition to those.
 * @name becomes the VM's host name.
 */
void boot_prepare_foreign(const struct plan *plan, const char *name, struct vm *vm, GByteArray *order);

#endif /* RUN_BOOT_H */
