/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the subcommands of swcex have in common.
 *
 * Each subcommand is like a main(): argv[0] is its name, and it returns the
 * exit status. That is EXIT_SUCCESS, EXIT_FAILURE if a request could not be
 * carried out, or SWCEX_USAGE if it could not be understood; the reason is then
 * on standard error.
 */
#ifndef SWCEX_SUBCOMMAND_H
#define SWCEX_SUBCOMMAND_H

#include <argp.h>

#define SWCEX_USAGE	2

int swcex_ctl(int argc, char **argv);
int swcex_stat(int argc, char **argv);
int swcex_check(int argc, char **argv);
int swcex_run(int argc, char **argv);	/* defined in run/ */

/*
 * Read the options of the subcommand @name, as the table @argp describes them,
 * into @options. Options end at the first word that is none. A mistake is
 * reported in the name of "swcex NAME", and ends the program with SWCEX_USAGE.
 */
void subcommand_parse(const char *name, const struct argp *argp, int argc,
		      char **argv, void *options);

/* Return the control socket to use when no option names one. */
const char *subcommand_control(void);

#endif /* SWCEX_SUBCOMMAND_H */
