/* SPDX-License-Identifier: GPL-2.0-only */
/* From a plan to a VM that can be started. */
#ifndef RUN_BOOT_H
#define RUN_BOOT_H

#include <glib.h>
#include <stdbool.h>

#include "directory.h"
#include "plan.h"
#include "vm.h"

/* Write to @path the initramfs for its kernel. Returns false after a complaint. */
bool boot_write_initramfs(const struct plan *plan, const char *path);

/* The kernel's parameters; the caller frees them. */
char *boot_parameters(const struct plan *plan);

/*
 * Write the initramfs to @directory, collect QEMU's arguments in @vm, and append what the
 * supervisor is told to @order. @link is the socket of the adapters' daemon. Returns false
 * after a complaint.
 */
bool boot_prepare(const struct plan *plan, const struct directory *directory, const char *link,
		  struct vm *vm, GByteArray *order);

/*
 * The same for a VM whose QEMU is started elsewhere, with the initramfs and the parameters: collect
 * only what that has to be given beside them. @name becomes the VM's host name.
 */
void boot_prepare_foreign(const struct plan *plan, const char *name, struct vm *vm, GByteArray *order);

#endif /* RUN_BOOT_H */
