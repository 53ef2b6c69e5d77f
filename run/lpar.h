/* SPDX-License-Identifier: GPL-2.0-only */
/* The LPAR that lends a run's adapters to guests. Its root is the lab's, with what lends them over it. */
#ifndef RUN_LPAR_H
#define RUN_LPAR_H

#include <stdbool.h>

#include "directory.h"
#include "machine.h"
#include "options.h"
#include "plan.h"
#include "session.h"

/* @log is the path of what its command says. */
struct lpar {
	struct options options;
	struct plan plan;
	struct vm vm;
	struct console console;
	struct limits limits;
	struct session session;
	GByteArray *order;
	char *log;
};

/*
 * Prepare it to run @command, whose list ends in NULL and has to live as long, with what the
 * run's options say of it: kernel and QEMU. Each of its connections to 10.0.2.100 is served by the
 * program guestd, which reads @conf. Returns false after a complaint. End it in either case.
 */
bool lpar_prepare(struct lpar *lpar, const struct options *options, const struct machine *machine,
		  const struct directory *directory, const char *conf, char **command);

/* Start it: its session may be served. Likewise. */
bool lpar_start(struct lpar *lpar, const struct directory *directory);

/* It ends, and with it all that the programs guestd have started: wait for them. */
void lpar_end(struct lpar *lpar, const struct directory *directory);

#endif /* RUN_LPAR_H */
