/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine of the VM's own, with adapters inside QEMU.
 */
#ifndef QEMU_EMBEDDED_H
#define QEMU_EMBEDDED_H

#include "machine.h"
#include "options.h"

/*
 * Make the machine with the adapters and domains of @options. Return NULL if
 * that fails, with a sentence in @reason that says why, and what to do.
 */
struct machine *embedded_open(const struct options *options, char *reason,
			      size_t size);

#endif /* QEMU_EMBEDDED_H */
