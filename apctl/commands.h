/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of commands. Dispatch, --help and completion are made of it.
 */
#ifndef APCTL_COMMANDS_H
#define APCTL_COMMANDS_H

#include "context.h"

/*
 * Runs a whole command line. The root is that of --root or of the environment's
 * APCTL_ROOT, else "". Returns an exit status.
 */
int apctl(int argc, char **argv, FILE *out, FILE *err);

#endif
