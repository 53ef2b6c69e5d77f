/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that executes AP instructions, with embedded adapters of the VM's
 * own or with those of swcexd.
 */
#ifndef QEMU_MACHINE_H
#define QEMU_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/ap.h"

/*
 * A machine lasts as long as QEMU does.
 *
 * @execute: answer one command, from any vCPU's thread, as cex_execute() does
 * @is_lpar: the VM is the LPAR of swcexd's machine and may call it
 * @is_guest: the VM is a guest of this machine
 * @configures: the VM's operating system may configure adapters (sclp.h)
 * @changes: the counts of the machine for the VM, or NULL
 */
struct machine {
	void (*execute)(struct machine *machine,
			const struct ap_command *command, const void *in,
			struct ap_result *result, void *out);
	bool is_lpar;
	bool is_guest;
	bool configures;
	const struct ap_changes *changes;
};

#endif /* QEMU_MACHINE_H */
