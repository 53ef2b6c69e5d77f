/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of swcex run. One table serves to parse them from the command
 * line, from files and from the environment, to print the help and to complete
 * words.
 */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <glib.h>
#include <json-c/json.h>
#include <stdbool.h>

#define OPTIONS_MAX	64

/*
 * Texts are NULL, and lists of strings are empty, unless an option sets them.
 * @source counts the sources that have been read. @origin is, by option, the
 * source of its list: a list replaces that of an earlier source.
 */
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

	char **command;		/* words after the options */
	unsigned int source;	/* number of the last one */
	unsigned char origin[OPTIONS_MAX];	/* of lists */
};

void options_init(struct options *options);
void options_free(struct options *options);

/*
 * Take the options of the command line, which is the last source. Return false
 * after a complaint.
 */
bool options_parse(struct options *options, int argc, char **argv);

/*
 * Take the options of a TOML file, whose keys are the options' names. A missing
 * file is no error. Return false after a complaint.
 */
bool options_file(struct options *options, const char *path);

/*
 * Take the variable SWCEX_NAME of the environment for each option --name.
 * Return false after a complaint.
 */
bool options_environment(struct options *options, char **environment);

/*
 * Return the number of guests that run the command; 0 means that the LPAR runs
 * it.
 */
int options_guests(const struct options *options);

/*
 * Return whether an option needs the number of requests that the adapters
 * served.
 */
bool options_want_sum(const struct options *options);

void options_help(void);

/*
 * Return the names of the options, without dashes, as an array, which the
 * caller puts.
 */
json_object *options_names(void);

/*
 * Return the words that the option @name may have, besides what a user names,
 * as an array, which the caller puts.
 */
json_object *options_values(const char *name);

/* Print a script for bash that completes the arguments of swcex run. */
void options_completion(void);

#endif /* RUN_OPTIONS_H */
