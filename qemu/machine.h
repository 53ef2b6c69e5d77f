/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that AP instructions go to: adapters of the VM's own, inside
 * QEMU, or those of apd.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "ap.h"
#include "options.h"

/*
 * @execute: answer one command, from any vCPU's thread, as cex_execute() does
 * @is_lpar: the VM is the LPAR of apd's machine and may call it
 * @is_guest: the VM is a guest of it
 * @configures: the VM's operating system may configure adapters (sclp.h)
 * @changes: what the machine counts for the VM, or NULL
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

/*
 * Make the machine that @options ask for; it lasts as long as QEMU does.
 * NULL: a sentence in @reason says why not, and what to do.
 */
struct machine *machine_open(const struct options *options, char *reason,
			     size_t size);

#endif /* MACHINE_H */
