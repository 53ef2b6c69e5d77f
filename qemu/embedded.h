/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine of the VM's own, whose adapters live inside QEMU.
 */
#ifndef QEMU_EMBEDDED_H
#define QEMU_EMBEDDED_H

#include "machine.h"
#include "options.h"

/*
 * Make the machine whose adapters and domains @options name. Returns NULL when
 * it cannot be made; a sentence in @reason then says why, and what to do.
 */
struct machine *embedded_open(const struct options *options, char *reason,
			      size_t size);

#endif /* QEMU_EMBEDDED_H */
