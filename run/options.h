/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of swcex run. One table parses them, from the command line, from files and
 * from the environment, prints the help and completes words.
 */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

/* Texts are NULL and lists are empty when nothing was said. Lists hold strings. */
#define OPTIONS_MAX	64

struct options {
	/* adapters */
	GPtrArray *adapters, *domains, *faults;
	char *machine, *state, *master_keys;
	bool no_interrupts;
	/* the root file system */
	char *root;
	GPtrArray *packages, *install;
	bool write, net, systemd;
	/* guests */
	bool lpar, guest;
	guint64 guests;
	char *driver;
	/* the VM */
	char *kernel, *modules, *append, *qemu;
	guint64 cpus, memory;
	bool check_kernel, print_qemu_args;
	/* the run */
	char *directory, *console, *bundle;
	guint64 boot_timeout, timeout;
	bool keep, quiet, tty, no_tty;
	/* proof */
	char *summary;
	bool require_requests;
	/* about the program */
	bool help, print_capabilities, print_completion;

	char **command;		/* what follows the options */
	unsigned int source;	/* counts what was read: a list takes the place of earlier ones */
	unsigned char origin[OPTIONS_MAX];	/* by option, the source of its list */
};

void options_init(struct options *options);
void options_free(struct options *options);

/* Take what the command line says, the last source; returns false after a complaint. */
bool options_parse(struct options *options, int argc, char **argv);

/*
 * Take what a file of TOML says, whose keys are the options' names; one that is not there says
 * nothing. Likewise.
 */
bool options_file(struct options *options, const char *path);

/* Take SWCEX_NAME of the environment, for each option --name. Likewise. */
bool options_environment(struct options *options, char **environment);

/* How many guests the command is to run in; 0: it runs in the LPAR. */
int options_guests(const struct options *options);

/* Whether anybody asks what the adapters did. */
bool options_want_sum(const struct options *options);

void options_help(void);

/* Their names, without dashes; the caller puts the array. */
json_object *options_names(void);

/* A script for bash, by which it completes the arguments of swcex run. */
void options_completion(void);

#endif /* RUN_OPTIONS_H */
