/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run needs, determined before anything is started. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <stdbool.h>

#include "kernel.h"
#include "options.h"
#include "root.h"

/*
 * @share is the command's directory, which has the same path in the VM as on
 * this machine. @network is the value of QEMU's -netdev. @payload is an archive
 * for the initramfs; its /payload is mounted over the root, and contains the
 * files of /lib/modules. Each of them is NULL if there is none.
 */
struct plan {
	const struct options *options;
	struct kernel kernel;
	struct root root;
	char *qemu, *plugin, *supervisor, *daemon, *share, *network, *payload;
};

/*
 * Find everything that a run needs. Missing parts are fetched, which is
 * reported on standard error. Return false after a complaint.
 */
bool plan_make(struct plan *plan, const struct options *options);

/*
 * Return whether the value of --kernel is the name of a kernel of Debian, and
 * not a file.
 */
bool plan_is_name(const char *kernel);

/*
 * Append the names of the modules that the VM needs, and NULL. With @possible,
 * append those, too, that it may need.
 */
void plan_modules(const struct plan *plan, bool possible, GPtrArray *names);

void plan_free(struct plan *plan);

#endif /* RUN_PLAN_H */
