/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the subcommands of swcex have in common.
 *
 * Each is a main() of its own: argv[0] is its name. It returns the exit status:
 * EXIT_SUCCESS, EXIT_FAILURE when what was asked for could not be done, or
 * SWCEX_USAGE when it was not understood; the reason is then told on standard
 * error.
 */
#ifndef SWCEX_SUBCOMMAND_H
#define SWCEX_SUBCOMMAND_H

#include <argp.h>

#define SWCEX_USAGE	2

int swcex_ctl(int argc, char **argv);
int swcex_stat(int argc, char **argv);
int swcex_check(int argc, char **argv);
int swcex_run(int argc, char **argv);	/* run/ */

/*
 * Read the options of the subcommand @name by its table @argp into @options.
 * A mistake is told in the name of "swcex NAME", and ends the program with
 * SWCEX_USAGE. Options end where the first other word stands.
 */
void subcommand_parse(const char *name, const struct argp *argp, int argc,
		      char **argv, void *options);

/* The control socket that is meant where no option names one. */
const char *subcommand_control(void);

#endif /* SWCEX_SUBCOMMAND_H */
