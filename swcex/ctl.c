// SPDX-License-Identifier: GPL-2.0-only
/*
 * swcex ctl sends a command to the swcexd that serves a control socket.
 * swcexd(8) describes the commands.
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/control.h"
#include "daemon/privacy.h"
#include "ask.h"
#include "subcommand.h"

struct options {
	const char *control;
	int argc;
	char **argv;
};

static const struct argp_option table[] = {
	{ "control", 'c', "PATH", 0, "the control socket of the swcexd", 0 },
	{ 0 }
};

static error_t take(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'c':
		options->control = argument;
		return 0;
	case ARGP_KEY_ARGS:
		options->argc = state->argc - state->next;
		options->argv = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a command is needed; the command help lists them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = table,
	.parser = take,
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = "Gives COMMAND to a running swcexd, and prints its answer. The command "
	       "`help` lists the commands. A last word - stands for a line of "
	       "standard input, which no list of processes shows.\v"
	       "Without --control, the socket is $SWCEX_CONTROL, or else "
	       "/run/swcexd/control.",
};

static int print_answer(const struct options *options)
{
	char *answer = ask_daemon("swcex ctl", options->control, options->argc,
			   options->argv);
	bool printed = answer && fputs(answer, stdout) >= 0 && !fflush(stdout);

	free(answer);
	return printed ? EXIT_SUCCESS : EXIT_FAILURE;
}

/*
 * Read a line of standard input, of which stdio keeps no copy. Return false if
 * there is none, or if it is empty or too long.
 */
static bool read_line(char *line, int size)
{
	setvbuf(stdin, NULL, _IONBF, 0);
	if (!fgets(line, size, stdin))
		return false;
	if (!strchr(line, '\n') && !feof(stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return *line;
}

/*
 * Replace the last argument by a line of standard input, which may be a key
 * part.
 */
static int print_answer_to_line(const struct options *options)
{
	char line[CONTROL_LINE_MAX];
	int status = EXIT_FAILURE;

	options->argv[options->argc - 1] = line;
	if (read_line(line, sizeof(line)))
		status = print_answer(options);
	else
		fputs("swcex ctl: standard input has no line for -, or its line is too long\n",
		      stderr);
	OPENSSL_cleanse(line, sizeof(line));
	return status;
}

int swcex_ctl(int argc, char **argv)
{
	struct options options = { .control = subcommand_control() };

	if (!privacy_begin("swcex ctl"))
		return EXIT_FAILURE;
	subcommand_parse("ctl", &argp, argc, argv, &options);
	if (!strcmp(options.argv[options.argc - 1], "-"))
		return print_answer_to_line(&options);
	return print_answer(&options);
}
