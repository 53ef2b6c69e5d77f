/* SPDX-License-Identifier: GPL-2.0-only */
/* A command that runs in guests, to which an LPAR lends the machine's adapters. */
#ifndef RUN_GUESTS_H
#define RUN_GUESTS_H

#include "directory.h"
#include "machine.h"
#include "plan.h"

/*
 * Run the plan's command in as many guests as its options say; signals come by @signals, which
 * session_signals() made. Returns the first guest's status that is not 0, or 0; 125 after a
 * complaint. No guest is left.
 */
int guests_run(const struct plan *plan, struct machine *machine, const struct directory *directory,
	       int signals);

#endif /* RUN_GUESTS_H */
