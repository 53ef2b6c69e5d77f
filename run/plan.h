/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run needs, before anything is started. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <stdbool.h>

#include "kernel.h"
#include "options.h"
#include "root.h"

/*
 * @share is the command's directory, in the VM as on this machine; NULL: none. @network: QEMU's
 * words for it; NULL: none. @payload: an archive for the initramfs, whose /payload lies over the
 * root, and has what belongs below /lib/modules; NULL: none.
 */
struct plan {
	const struct options *options;
	struct kernel kernel;
	struct root root;
	char *qemu, *plugin, *supervisor, *daemon, *share, *network, *payload;
};

/*
 * Find all of it; what has to be fetched is fetched, which is said on standard error. Returns
 * false after a complaint.
 */
bool plan_make(struct plan *plan, const struct options *options);

/* Does this --kernel name one of Debian's, and not a file? */
bool plan_is_name(const char *kernel);

/* Append the names of the modules that its VM needs, with @possible those that it may need, and NULL. */
void plan_modules(const struct plan *plan, bool possible, GPtrArray *names);

void plan_free(struct plan *plan);

#endif /* RUN_PLAN_H */
