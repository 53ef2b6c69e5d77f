/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine of a run: a private swcexd, with the adapters that the options ask for. */
#ifndef RUN_MACHINE_H
#define RUN_MACHINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "directory.h"
#include "options.h"

struct machine {
	char *socket, *control;
	pid_t daemon;
	int lock;	/* of the state's directory; -1: none */
	GHashTable *before;	/* by queue, the requests served before the command began */
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

/* The command begins: what was served up to this moment is not its own. */
void machine_mark(struct machine *machine);

/* What became of it: prints the summary, if one is asked for, on standard error. Returns how
 * many requests the adapters served since machine_mark(), or -1 after a complaint. */
long long machine_sum(const struct machine *machine, const struct options *options);

void machine_end(struct machine *machine);

#endif /* RUN_MACHINE_H */
