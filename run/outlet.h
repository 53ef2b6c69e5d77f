/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An output stream of the caller to which several guests write. Each line
 * begins with the name of its guest, and lines do not mix.
 */
#ifndef RUN_OUTLET_H
#define RUN_OUTLET_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * @fd is -1 when nobody reads the stream any more. @waiting are bytes that have
 * not been written yet.
 */
struct outlet {
	int fd;
	GByteArray *waiting;
};

/*
 * The output of one guest; @line is its last line, as long as that is
 * incomplete.
 */
struct source {
	struct outlet *outlet;
	const char *name;
	GByteArray *line;
};

void outlet_init(struct outlet *outlet, int fd);
void outlet_end(struct outlet *outlet);

/*
 * Return whether the outlet accepts more output. If not, the caller waits for
 * outlet_out().
 */
bool outlet_has_room(const struct outlet *outlet);

/*
 * Write as many bytes as @fd accepts without blocking, when poll() reports that
 * it is writable.
 */
void outlet_out(struct outlet *outlet);

void source_init(struct source *source, struct outlet *outlet, const char *name);

/* Write output of a guest. A line that is longer than a limit is split. */
void source_say(struct source *source, const void *data, size_t length);

/*
 * End the guest's output, and complete its last line. A second call has no
 * effect.
 */
void source_end(struct source *source);

#endif /* RUN_OUTLET_H */
