/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine file: which adapters and domains a machine has. swcexd.machine(5)
 * describes it.
 */
#ifndef DAEMON_MACHINE_FILE_H
#define DAEMON_MACHINE_FILE_H

#include <stdio.h>

#include "cex/cex.h"

/*
 * Read @file, called @name, into @machine, which has no VM yet. Each mistake
 * is told on @errors, in a line that begins with NAME:LINE:, or with NAME: when
 * the file cannot be read. Returns how many there are.
 */
unsigned int machine_file_read(FILE *file, const char *name,
			       struct cex_machine *machine, FILE *errors);

/*
 * Make the machine of the file @path with @workers threads (0: one for each
 * processor). Returns NULL when there are mistakes, all of which were told on
 * standard error, others than the file's in the name of @program.
 */
struct cex_machine *machine_file_load(const char *program, const char *path,
				      unsigned int workers);

#endif /* DAEMON_MACHINE_FILE_H */
