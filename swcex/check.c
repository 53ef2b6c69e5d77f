// SPDX-License-Identifier: GPL-2.0-only
/*
 * swcex check reports every mistake in a machine file, as swcexd would.
 */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/machine_file.h"
#include "subcommand.h"

static error_t take(int key, char *argument, struct argp_state *state)
{
	const char **path = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*path)
			argp_error(state, "give one machine file at a time, without %s", argument);
		*path = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a machine file is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = take,
	.args_doc = "FILE",
	.doc = "Names every mistake in the machine file FILE, see swcexd.machine(5).",
};

int swcex_check(int argc, char **argv)
{
	const char *path = NULL;
	struct cex_machine *machine;

	subcommand_parse("check", &argp, argc, argv, &path);
	machine = machine_file_load("swcex check", path, 1);
	if (!machine)
		return EXIT_FAILURE;
	cex_machine_free(machine);
	printf("%s: ok\n", path);
	return EXIT_SUCCESS;
}
