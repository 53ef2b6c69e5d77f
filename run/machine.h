/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine of a run: a private swcexd, with the adapters that the options ask for. */
#ifndef RUN_MACHINE_H
#define RUN_MACHINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "directory.h"
#include "options.h"

#define MACHINE_NUMBERS	256	/* of adapters, and of domains */

/*
 * @link is the socket of the LPAR, @guest_link that of its guests. @owner: by domain, the guest
 * that has it, the first one being 1; 0: none.
 */
struct machine {
	char *link, *guest_link, *control;
	pid_t daemon;
	int lock;	/* of the state's directory; -1: none */
	GHashTable *before;	/* by queue, the requests served before the command began */
	bool adapter[MACHINE_NUMBERS], domain[MACHINE_NUMBERS];
	unsigned char owner[MACHINE_NUMBERS];
};

/*
 * The text of the machine file that --adapter, --domain and --no-interrupts describe; the
 * caller frees it. NULL after a complaint.
 */
char *machine_text(const struct options *options);

/*
 * Start @program, the daemon, with its files in @directory; its master keys and faults are
 * as the options say when this returns. Returns false after a complaint.
 */
bool machine_start(struct machine *machine, const struct options *options,
		   const struct directory *directory, const char *program);

/* Share the domains out among @count guests. Returns false after a complaint. */
bool machine_share(struct machine *machine, int count);

/* The numbers of the adapters, and of a guest's domains, with commas between; the caller frees them. */
char *machine_adapters(const struct machine *machine);
char *machine_domains(const struct machine *machine, int guest);

/* The command begins in this guest, 0 being the LPAR: what the guest's queues served up to this
 * moment is not the command's own. */
void machine_mark(struct machine *machine, int guest);

/* What became of it: prints the summary, if one is asked for, on standard error. Returns how
 * many requests the adapters served since machine_mark(), or -1 after a complaint. */
long long machine_sum(const struct machine *machine, const struct options *options);

void machine_end(struct machine *machine);

#endif /* RUN_MACHINE_H */
