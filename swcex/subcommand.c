// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "subcommand.h"

#define CONTROL_DEFAULT	"/run/swcexd/control"

/* argp reports mistakes in the name that argv[0] has. */
void subcommand_parse(const char *name, const struct argp *argp, int argc,
		      char **argv, void *options)
{
	static char program[32];

	snprintf(program, sizeof(program), "swcex %s", name);
	argv[0] = program;
	program_invocation_name = program;
	argp_err_exit_status = SWCEX_USAGE;
	argp_parse(argp, argc, argv, ARGP_IN_ORDER, NULL, options);
}

const char *subcommand_control(void)
{
	const char *path = getenv("SWCEX_CONTROL");

	return path && *path ? path : CONTROL_DEFAULT;
}
