/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine file says which adapters and domains a machine has.
 * swcexd.machine(5) describes it.
 */
#ifndef DAEMON_MACHINE_FILE_H
#define DAEMON_MACHINE_FILE_H

#include <stdio.h>

#include "cex/cex.h"

/*
 * Read @file, which messages call @name, into @machine, which has no VM yet.
 * Write a line to @errors for each mistake; it begins with NAME:LINE:, or with
 * NAME: if the file cannot be read. Return the number of mistakes.
 */
unsigned int machine_file_read(FILE *file, const char *name,
			       struct cex_machine *machine, FILE *errors);

/*
 * Return a machine as the file @path describes it, with @workers threads, or
 * one thread per processor if that is 0. The caller frees it. If there are
 * mistakes, write all of them to standard error and return NULL. Messages that
 * do not concern the contents of the file begin with the name @program.
 */
struct cex_machine *machine_file_load(const char *program, const char *path,
				      unsigned int workers);

#endif /* DAEMON_MACHINE_FILE_H */
