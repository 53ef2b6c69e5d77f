/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream of the caller's that several guests write to: each line begins with the name of its
 * guest, and stays whole.
 */
#ifndef RUN_OUTLET_H
#define RUN_OUTLET_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* @fd is -1 when nobody reads it any more; @waiting is what it has not yet taken. */
struct outlet {
	int fd;
	GByteArray *waiting;
};

/* What one guest says there; @line has no end yet. */
struct source {
	struct outlet *outlet;
	const char *name;
	GByteArray *line;
};

void outlet_init(struct outlet *outlet, int fd);
void outlet_end(struct outlet *outlet);

/* May more be said there? If not, wait for outlet_out(). */
bool outlet_has_room(const struct outlet *outlet);

/* Pass on what it takes at once, when poll() says that it takes something. */
void outlet_out(struct outlet *outlet);

void source_init(struct source *source, struct outlet *outlet, const char *name);

/* A line that is longer than a bound is parted. */
void source_say(struct source *source, const void *data, size_t length);

/* It says no more: its last line may have no end. Twice is as good as once. */
void source_end(struct source *source);

#endif /* RUN_OUTLET_H */
