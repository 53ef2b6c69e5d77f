/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of commands, which serves for dispatch, --help and completion.
 */
#ifndef APCTL_COMMANDS_H
#define APCTL_COMMANDS_H

#include "context.h"

/*
 * Run a whole command line. The root is that of --root, or of the environment's
 * APCTL_ROOT, or else "". Return an exit status.
 */
int apctl(int argc, char **argv, FILE *out, FILE *err);

#endif
