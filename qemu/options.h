/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of swcex.so.
 *
 * Adapters of the VM's own, embedded in QEMU:
 *
 *	card=NUMBERS:TYPE	plug adapters, e.g. card=5:CEX8A; repeatable
 *	domain=NUMBERS		usage domains, e.g. domain=4+0x47; repeatable
 *	master-keys=same	all domains of coprocessors share one set, or
 *	master-keys=FILE	those of a file (cex_set_master_keys()); the
 *				default is random ones for each domain
 *	workers=N		threads that process requests (default: one per
 *				processor)
 *
 * or adapters of the machine that swcexd serves:
 *
 *	link=PATH		attach to swcexd as the LPAR
 *	link=PATH,guest=ID	attach as the guest that GUEST_CREATE named
 *	link=PATH,guest-fd=N	the same, but the ID is read from descriptor N,
 *				a pipe or file, which is read to its end and
 *				closed, as every process can see the command line
 *
 * With either:
 *
 *	interrupts=on|off	adapter interruptions (default: on if wake= is
 *				given, and the machine has them)
 *	interrupts=qemu		the same as on, but by QEMU's own controller if
 *				it is there (interruption.h)
 *	wake=PATH		the socket of the port that resumes a sleeping
 *				vCPU for them (wake.h)
 *
 *	cpacf=on|off		CPACF's functions for protected keys (cpacf.h;
 *				default: on)
 *
 * or, by itself:
 *
 *	print-capabilities=on	print what this swcex.so can do, and end QEMU
 *
 * NUMBERS is a list of numbers and ranges, joined by +: 4+6-8+0x47. A number is
 * written as in C: decimal, 0x hexadecimal, leading 0 octal.
 */
#ifndef QEMU_OPTIONS_H
#define QEMU_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/ap.h"

#define OPTIONS_TYPE_SIZE	16
#define OPTIONS_WORKERS_MAX	256

struct options {
	char type[AP_ADAPTERS][OPTIONS_TYPE_SIZE];	/* "": not plugged */
	struct ap_mask domains;
	const char *master_keys;	/* NULL: random */
	unsigned int workers;
	const char *link;	/* NULL: adapters of the VM's own */
	bool is_guest;
	uint64_t guest;
	bool interrupts;
	bool by_qemu;
	const char *wake;	/* NULL: none */
	bool cpacf;
	bool print_capabilities;
};

/*
 * Read strings of the form "name=value". Return true, or false with a sentence
 * in @reason that names the option, the problem and the way out. @options
 * refers to strings of @argv and does not copy them.
 */
bool options_parse(struct options *options, int argc, char *const argv[],
		   char *reason, size_t size);

/* Return the name of option number @n, from 0, or NULL behind the last. */
const char *options_name(size_t n);

#endif /* QEMU_OPTIONS_H */
