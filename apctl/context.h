/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a command runs with: its words, its options, and where it reads and
 * writes.
 */
#ifndef APCTL_CONTEXT_H
#define APCTL_CONTEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* How apctl ends. */
enum {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,	/* it cannot be done, or something is wrong */
	EXIT_USAGE = 2,		/* the command line is wrong */
	EXIT_DIFFERS = 3,	/* plan: there is something to do */
};

/* As GOption fills them in; texts that were not given are NULL. */
struct options {
	char *root;
	char *color;
	gboolean help;
	gboolean json;
	gboolean keys;
	char *adapters;
	char *domains;
	char *control;
	char *uuid;
	char *format;
	char *by;
	char *whole;
	gboolean persist;
	gboolean dry_run;
	gboolean autostart;
	gboolean start;
	gboolean fence;
	int interval;
	int count;
};

struct context {
	const char *root;	/* "" or a directory that stands for / */
	FILE *out;
	FILE *err;
	bool colour;
	unsigned int width;	/* of the terminal, 0 if it is none */
	char **words;		/* what follows the command, NULL at the end */
	struct options options;
};

#endif
