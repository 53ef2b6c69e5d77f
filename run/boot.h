/* SPDX-License-Identifier: GPL-2.0-only */
/* From a plan to a VM that can be started. */
#ifndef RUN_BOOT_H
#define RUN_BOOT_H

#include <glib.h>
#include <stdbool.h>

#include "directory.h"
#include "plan.h"
#include "vm.h"

/*
 * Write the initramfs to @directory, collect QEMU's arguments in @vm, and append what the
 * supervisor is told to @order. @link is the socket of the adapters' daemon. Returns false
 * after a complaint.
 */
bool boot_prepare(const struct plan *plan, const struct directory *directory, const char *link,
		  struct vm *vm, GByteArray *order);

#endif /* RUN_BOOT_H */
