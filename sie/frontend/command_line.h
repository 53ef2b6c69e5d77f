/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of qemu-system-s390x, as far as it is of use for a guest
 * beside the LPAR. Everything else is refused, not ignored.
 */
#ifndef FRONTEND_COMMAND_LINE_H
#define FRONTEND_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "options.h"

/*
 * Read the command line. Return false with a sentence in @reason that names the
 * option, the problem and the way out.
 */
bool command_line_read(struct options *options, int argc, char *argv[], char *reason, size_t size);

/* Print the text of -help. */
void command_line_print_help(FILE *file);

#endif /* FRONTEND_COMMAND_LINE_H */
