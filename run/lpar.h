/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LPAR that lends a run's adapters to guests. Its root is that of the lab,
 * with the files that it needs for lending mounted over it.
 */
#ifndef RUN_LPAR_H
#define RUN_LPAR_H

#include <stdbool.h>

#include "directory.h"
#include "machine.h"
#include "options.h"
#include "plan.h"
#include "session.h"

/* @log is the path of the file with the output of the LPAR's command. */
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
 * Prepare the LPAR to run @command, with the kernel and the QEMU that @options
 * name. The list @command ends in NULL and has to live as long as the LPAR.
 * Each of the LPAR's connections to 10.0.2.100 is served by the program guestd,
 * which reads @conf. Return false after a complaint. lpar_end() is needed in
 * either case.
 */
bool lpar_prepare(struct lpar *lpar, const struct options *options, const struct machine *machine,
		  const struct directory *directory, const char *conf, char **command);

/*
 * Start the LPAR, so that its session can be served. Return false after a
 * complaint.
 */
bool lpar_start(struct lpar *lpar, const struct directory *directory);

/*
 * End the LPAR and everything that the guestd processes have started, and wait
 * for those.
 */
void lpar_end(struct lpar *lpar, const struct directory *directory);

#endif /* RUN_LPAR_H */
