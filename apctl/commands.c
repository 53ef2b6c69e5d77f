// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "callout.h"
#include "commands.h"
#include "create.h"
#include "doctor.h"
#include "export.h"
#include "list.h"
#include "plan.h"
#include "reserve.h"
#include "show.h"
#include "start.h"
#include "watch.h"

#define VERSION "0.1"

/* All options; a command lists the names of those that it accepts. */
#define AT(member) ((void *)offsetof(struct options, member))
static const GOptionEntry option_table[] = {
	{ "json", 'j', 0, G_OPTION_ARG_NONE, AT(json), "write JSON", NULL },
	{ "keys", 'k', 0, G_OPTION_ARG_NONE, AT(keys), "read the master keys of any number of queues", NULL },
	{ "adapters", 'a', 0, G_OPTION_ARG_STRING, AT(adapters), "adapters; a list, or a change as in +7,-5", "LIST" },
	{ "domains", 'd', 0, G_OPTION_ARG_STRING, AT(domains), "usage domains, likewise", "LIST" },
	{ "control", 'c', 0, G_OPTION_ARG_STRING, AT(control), "control domains, whose master keys the guest may change; likewise", "LIST" },
	{ "uuid", 'u', 0, G_OPTION_ARG_STRING, AT(uuid), "the device's UUID; made of the name without it", "UUID" },
	{ "format", 'f', 0, G_OPTION_ARG_STRING, AT(format), "toml, mdevctl, nodedev, hostdev or qemu", "FORM" },
	{ "auto", 0, 0, G_OPTION_ARG_NONE, AT(autostart), "start it at every boot", NULL },
	{ "fence", 0, 0, G_OPTION_ARG_NONE, AT(fence), "refuse domains with master keys that another device had", NULL },
	{ "start", 's', 0, G_OPTION_ARG_NONE, AT(start), "start it at once", NULL },
	{ "by", 0, 0, G_OPTION_ARG_STRING, AT(by), "reserve by masks, or by override", "WAY" },
	{ "whole", 0, 0, G_OPTION_ARG_STRING, AT(whole), "take whole adapters, or domains, along", "WHICH" },
	{ "persist", 'p', 0, G_OPTION_ARG_NONE, AT(persist), "at every boot as well", NULL },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, AT(dry_run), "tell what would happen, and end", NULL },
	{ "interval", 'i', 0, G_OPTION_ARG_INT, AT(interval), "look every so many seconds (default 5), and at uevents", "SECONDS" },
	{ "type", 't', 0, G_OPTION_ARG_STRING, AT(type), "the device's type", "TYPE" },
	{ "event", 'e', 0, G_OPTION_ARG_STRING, AT(event), "pre, post, notify, get or live", "EVENT" },
	{ "action", 'a', 0, G_OPTION_ARG_STRING, AT(action), "what mdevctl does", "ACTION" },
	{ "state", 's', 0, G_OPTION_ARG_STRING, AT(state), "none, success or failure", "STATE" },
	{ "parent", 'p', 0, G_OPTION_ARG_STRING, AT(parent), "the device's parent", "NAME" },
	{ "count", 0, 0, G_OPTION_ARG_INT, AT(count), "end after so many changes", "N" },
	{ "color", 0, 0, G_OPTION_ARG_STRING, AT(color), "colours: always, never, or on a terminal (auto)", "WHEN" },
	{ "root", 0, 0, G_OPTION_ARG_FILENAME, AT(root), "have the files below DIR instead of /", "DIR" },
	{ "help", 'h', 0, G_OPTION_ARG_NONE, AT(help), "print this", NULL },
};
static const char common_options[] = " color root help ";

struct command {
	const char *name;
	const char *words;	/* arguments, for help */
	unsigned int least;	/* minimum number of words */
	unsigned int most;
	const char *summary;
	const char *options;	/* names, each between spaces */
	int (*run)(struct context *context);
};

static int help(struct context *context);
static int completion(struct context *context);

static const struct command commands[] = {
	{ "show", "", 0, 0, "show adapters, domains and whose each queue is; so does apctl alone",
	  " json keys ", show },
	{ "list", "", 0, 0, "list the mediated devices", " json ", list },
	{ "reserve", "[ADAPTERS]", 0, 1, "give queues of the host to vfio_ap",
	  " domains by whole persist dry-run ", reserve },
	{ "release", "[ADAPTERS]", 0, 1, "give queues of vfio_ap back to the host",
	  " domains whole persist dry-run ", release },
	{ "create", "NAME", 1, 1, "define a device for a guest",
	  " adapters domains control uuid auto start fence ", create },
	{ "set", "DEVICE", 1, 1, "change what a device has, active and defined",
	  " adapters domains control auto fence ", set },
	{ "remove", "DEVICE", 1, 1, "remove the definition of a device", "", remove_device },
	{ "start", "DEVICE", 1, 1, "make a device active, for a guest to use", " fence ", start },
	{ "stop", "DEVICE", 1, 1, "make a device inactive; its queues are free", "", stop },
	{ "plan", "FILE", 1, 1, "tell what apply would do, and every conflict", " fence ", plan },
	{ "apply", "FILE", 1, 1, "make the machine as the file has it, now and at boot", " fence ", apply },
	{ "export", "[DEVICE]", 0, 1, "write the present state, or a device, in the form of another program",
	  " format ", export_state },
	{ "doctor", "", 0, 0, "find what commonly goes wrong, and the way out", " keys ", doctor },
	{ "watch", "", 0, 0, "write a line for every change", " interval count ", watch },
	{ "callout", "", 0, 0, "do what mdevctl asks of a call-out script",
	  " type event action state uuid parent ", callout },
	{ "help", "[COMMAND]", 0, 1, "tell of a command", "", help },
	{ "completion", "", 0, 0, "print what bash reads to complete command lines", "", completion },
};

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static bool takes(const struct command *command, const char *option)
{
	g_autofree char *word = g_strdup_printf(" %s ", option);

	return strstr(common_options, word) || strstr(command->options, word);
}

/*
 * Return the command's options, whose values are stored in @options. The caller
 * frees the table.
 */
static GOptionEntry *entries_of(const struct command *command, struct options *options)
{
	GOptionEntry *entries = g_new0(GOptionEntry, G_N_ELEMENTS(option_table) + 1);
	size_t used = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(option_table); i++) {
		if (!takes(command, option_table[i].long_name))
			continue;
		entries[used] = option_table[i];
		entries[used++].arg_data = (char *)options + (size_t)option_table[i].arg_data;
	}
	return entries;
}

static void print_option(FILE *out, const GOptionEntry *option)
{
	g_autofree char *both = g_strdup_printf("--%s%s%s", option->long_name,
						option->arg_description ? " " : "",
						option->arg_description ?: "");
	char letter[] = "    ";

	if (option->short_name)
		g_snprintf(letter, sizeof(letter), "-%c, ", option->short_name);
	fprintf(out, "  %s%-20s %s\n", letter, both, option->description);
}

static void print_command_help(FILE *out, const struct command *command)
{
	fprintf(out, "Usage: apctl %s%s%s [OPTION...]\n\n%s.\n\n", command->name,
		*command->words ? " " : "", command->words, command->summary);
	for (size_t i = 0; i < G_N_ELEMENTS(option_table); i++)
		if (takes(command, option_table[i].long_name))
			print_option(out, &option_table[i]);
}

static void print_help(FILE *out)
{
	fputs("Usage: apctl [COMMAND] [OPTION...]\n\n", out);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *both = g_strdup_printf("%s %s", commands[i].name,
							commands[i].words);

		fprintf(out, "  %-24s %s\n", both, commands[i].summary);
	}
	fputs("\napctl COMMAND --help tells the options of a command, apctl(8) everything.\n", out);
}

static int help(struct context *context)
{
	const struct command *command;

	if (!*context->words) {
		print_help(context->out);
		return EXIT_DONE;
	}
	command = command_find(*context->words);
	if (!command) {
		fprintf(context->err, "apctl: there is no command %s; apctl --help lists them\n",
			*context->words);
		return EXIT_USAGE;
	}
	print_command_help(context->out, command);
	return EXIT_DONE;
}

/*
 * Print a function for bash that completes the commands and the options of
 * each.
 */
static int completion(struct context *context)
{
	FILE *out = context->out;

	fputs("_apctl()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]} of=\n\tcase ${COMP_WORDS[1]} in\n", out);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		fprintf(out, "\t%s) of='", commands[i].name);
		for (size_t j = 0; j < G_N_ELEMENTS(option_table); j++)
			if (takes(&commands[i], option_table[j].long_name))
				fprintf(out, "--%s ", option_table[j].long_name);
		fputs("' ;;\n", out);
	}
	fputs("\tesac\n\t((COMP_CWORD > 1)) || of='", out);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(out, "%s ", commands[i].name);
	fputs("--help --version'\n\tmapfile -t COMPREPLY < <(compgen -W \"$of\" -- \"$word\")\n}\n"
	      "complete -o default -F _apctl apctl\n", out);
	return EXIT_DONE;
}

static int usage_error(FILE *err, const struct command *command, const char *what)
{
	fprintf(err, "apctl: %s; apctl %s --help tells more\n", what, command->name);
	return EXIT_USAGE;
}

/*
 * Set colour and width for the output. Return 0, or -1 if the value of --color
 * is invalid.
 */
static int set_colour_and_width(struct context *context)
{
	const char *when = context->options.color ?: "auto";
	int fd = fileno(context->out);
	bool terminal = fd >= 0 && isatty(fd);
	struct winsize size;

	context->colour = terminal && !getenv("NO_COLOR");
	if (terminal && !ioctl(fd, TIOCGWINSZ, &size))
		context->width = size.ws_col;
	if (!strcmp(when, "always"))
		context->colour = true;
	else if (!strcmp(when, "never"))
		context->colour = false;
	else if (strcmp(when, "auto"))
		return -1;
	return 0;
}

static int run(const struct command *command, struct context *context)
{
	unsigned int words = g_strv_length(context->words);

	if (context->options.help) {
		print_command_help(context->out, command);
		return EXIT_DONE;
	}
	if (words < command->least || words > command->most) {
		g_autofree char *wanted = g_strdup_printf("%s takes %s%s", command->name,
				*command->words ? command->words : "no words",
				words && command_find(*context->words) ?
				"; a command stands before its options" : "");

		return usage_error(context->err, command, wanted);
	}
	if (context->options.interval < 0 || context->options.count < 0)
		return usage_error(context->err, command, "--interval and --count take numbers from 1");
	if (set_colour_and_width(context))
		return usage_error(context->err, command, "--color takes always, never or auto");
	context->root = context->options.root ?: getenv("APCTL_ROOT") ?: "";
	return command->run(context);
}

static void free_options(struct options *options)
{
	for (size_t i = 0; i < G_N_ELEMENTS(option_table); i++)
		if (option_table[i].arg == G_OPTION_ARG_STRING ||
		    option_table[i].arg == G_OPTION_ARG_FILENAME)
			g_free(*(char **)((char *)options + (size_t)option_table[i].arg_data));
}

/*
 * Parse a command's words and run it. @argv begins with the command's name, in
 * place of the program's.
 */
static int parse_and_run(const struct command *command, char **argv, struct context *context)
{
	g_autofree GOptionEntry *entries = entries_of(command, &context->options);
	GOptionContext *parser = g_option_context_new(NULL);
	g_auto(GStrv) words = g_strdupv(argv);
	g_autoptr(GError) error = NULL;
	int status;

	g_option_context_set_help_enabled(parser, FALSE);
	g_option_context_add_main_entries(parser, entries, NULL);
	if (!g_option_context_parse_strv(parser, &words, &error)) {
		status = usage_error(context->err, command, error->message);
	} else {
		context->words = words + 1;
		status = run(command, context);
	}
	g_option_context_free(parser);
	free_options(&context->options);
	return status;
}

int apctl(int argc, char **argv, FILE *out, FILE *err)
{
	struct context context = { .root = "", .out = out, .err = err };
	const struct command *command = &commands[0];
	g_auto(GStrv) words = NULL;
	bool named = argc > 1 && *argv[1] != '-';

	if (argc > 1 && !strcmp(argv[1], "--version")) {
		fputs("apctl " VERSION "\n", out);
		return EXIT_DONE;
	}
	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		print_help(out);
		return EXIT_DONE;
	}
	if (named)
		command = command_find(argv[1]);
	if (!command) {
		fprintf(err, "apctl: there is no command %s; apctl --help lists them\n", argv[1]);
		return EXIT_USAGE;
	}
	words = g_strdupv(argv + named);
	return parse_and_run(command, words, &context);
}
