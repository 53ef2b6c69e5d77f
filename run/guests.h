/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running a command in guests, to which an LPAR lends the machine's adapters.
 */
#ifndef RUN_GUESTS_H
#define RUN_GUESTS_H

#include "directory.h"
#include "machine.h"
#include "plan.h"

/*
 * Run the plan's command in as many guests as its options demand. @signals is
 * the descriptor that session_signals() returned. Return the status of the
 * first guest whose status is not 0, or 0 if there is none; return 125 after a
 * complaint. All guests have ended when this returns.
 */
int guests_run(const struct plan *plan, struct machine *machine, const struct directory *directory,
	       int signals);

#endif /* RUN_GUESTS_H */
