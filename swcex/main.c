// SPDX-License-Identifier: GPL-2.0-only
/*
 * swcex is the program that people use, with a subcommand for each of its
 * tasks. See swcex(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "subcommand.h"

static const struct subcommand {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{ "run", "run a command in a VM that has adapters", swcex_run },
	{ "ctl", "give a command to a running swcexd", swcex_ctl },
	{ "stat", "watch the queues that a swcexd serves", swcex_stat },
	{ "check", "name every mistake in a machine file", swcex_check },
};

#define SUBCOMMANDS	(sizeof(subcommands) / sizeof(subcommands[0]))

static int help(void)
{
	puts("Usage: swcex COMMAND [OPTION...]\n"
	     "\n"
	     "Software Crypto Express adapters for s390x virtual machines.\n");
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		printf("  %-8s %s\n", subcommands[i].name,
		       subcommands[i].summary);
	puts("\n"
	     "`swcex COMMAND --help` tells more about each, swcex(1) everything.");
	return EXIT_SUCCESS;
}

static int usage_error(const char *what, const char *word)
{
	fprintf(stderr, "swcex: %s%s; swcex --help lists the commands\n", what,
		word);
	return SWCEX_USAGE;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage_error("a command is needed", "");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help"))
		return help();
	if (!strcmp(argv[1], "--version")) {
		puts("swcex " VERSION);
		return EXIT_SUCCESS;
	}
	if (!strcmp(argv[1], "--print-capabilities"))
		return swcex_run(argc, argv);
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		if (!strcmp(argv[1], subcommands[i].name))
			return subcommands[i].run(argc - 1, argv + 1);
	return usage_error("unknown command ", argv[1]);
}
