/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine of a run: a private swcexd with the adapters that the options
 * demand.
 */
#ifndef RUN_MACHINE_H
#define RUN_MACHINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "directory.h"
#include "options.h"

#define MACHINE_NUMBERS	256	/* number of adapters, and of domains */

/*
 * @link is the socket of the LPAR, @guest_link that of its guests. @owner
 * maps a domain to the guest that has it; the first guest is 1, and 0 is none.
 */
struct machine {
	char *link, *guest_link, *control;
	pid_t daemon;
	int lock;	/* lock of the state directory; -1 if there is none */
	GHashTable *before;	/* by queue: served requests at the mark */
	bool adapter[MACHINE_NUMBERS], domain[MACHINE_NUMBERS];
	unsigned char owner[MACHINE_NUMBERS];
};

/*
 * Return the text of the machine file that --adapter, --domain and
 * --no-interrupts describe, which the caller frees. Return NULL after a
 * complaint.
 */
char *machine_text(const struct options *options);

/*
 * Start @program, the daemon, with its files in @directory, and set its master
 * keys and faults as the options demand. Return false after a complaint;
 * machine_end() is needed in either case.
 */
bool machine_start(struct machine *machine, const struct options *options,
		   const struct directory *directory, const char *program);

/* Distribute the domains to @count guests. Return false after a complaint. */
bool machine_share(struct machine *machine, int count);

/*
 * Return the numbers of the adapters, or of the domains of @guest, separated by
 * commas. The caller frees the string.
 */
char *machine_adapters(const struct machine *machine);
char *machine_domains(const struct machine *machine, int guest);

/*
 * Note that the command begins in @guest, or in the LPAR if that is 0. Requests
 * that the queues of @guest have served so far are not counted as the
 * command's.
 */
void machine_mark(struct machine *machine, int guest);

/*
 * Return the number of requests that the adapters have served since
 * machine_mark(), or -1 after a complaint. Print the summary on standard error
 * if the options ask for one.
 */
long long machine_sum(const struct machine *machine, const struct options *options);

void machine_end(struct machine *machine);

#endif /* RUN_MACHINE_H */
