/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The context of a command: its words, its options, its input and its output.
 */
#ifndef APCTL_CONTEXT_H
#define APCTL_CONTEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* Exit statuses of apctl */
enum {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,	/* refused, or the doctor has a finding */
	EXIT_USAGE = 2,		/* the command line is wrong */
	EXIT_DIFFERS = 3,	/* plan: there are differences */
};

/*
 * The options, as GOption sets them. Texts are NULL unless an option sets them.
 */
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
	char *type;
	char *event;
	char *action;
	char *state;
	char *parent;
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
	unsigned int width;	/* of the terminal; 0 if there is none */
	char **words;		/* words after the command; ends in NULL */
	struct options options;
};

#endif
