/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of qemu-system-s390x, as far as a guest beside the LPAR has a use for it. What
 * is not offered is refused, not ignored.
 */
#ifndef FRONTEND_COMMAND_LINE_H
#define FRONTEND_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "options.h"

/*
 * Read the command line. Returns false with a sentence in @reason that names the option, what is
 * wrong with it and the way out.
 */
bool command_line_read(struct options *options, int argc, char *argv[], char *reason, size_t size);

/* Print what -help prints. */
void command_line_print_help(FILE *file);

#endif /* FRONTEND_COMMAND_LINE_H */
