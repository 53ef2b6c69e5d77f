/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The request of the LPAR in the fields of a START or EXEC frame.
 *
 * The LPAR is not trusted: whatever request_start() and request_exec() accept
 * may become an argument of a program or a part of a path.
 */
#ifndef HOST_REQUEST_H
#define HOST_REQUEST_H

#include "sie/frame.h"

#define REQUEST_DRIVES	8
#define REQUEST_PARTS	32
#define REQUEST_CHARDEVS	8
#define REQUEST_REASON	256

/*
 * Strings point into the frame; optional ones are NULL if missing. Parts are as
 * part_read() takes them, and chardevs, which are the LPAR's, are
 * "ID=DESCRIPTION".
 */
struct start {
	uint64_t guest;
	uint64_t memory;	/* MiB */
	uint64_t cpus;
	uint64_t process;	/* process ID of front end; 0 if unknown */
	const char *name;
	const char *kernel;
	const char *initrd;
	const char *append;
	const char *machine;
	const char *cpu;
	const char *uuid;
	const char *console;	/* chardev that a part uses as console */
	bool ends_at_reboot, is_paused, stays_after_shutdown;
	const char *drive[REQUEST_DRIVES];
	unsigned int drives;
	struct {
		const char *kind, *json;
	} part[REQUEST_PARTS];
	unsigned int parts;
	const char *chardev[REQUEST_CHARDEVS];
	unsigned int chardevs;
};

struct exec {
	const char *name;
	const char *command;
	uint64_t seconds;
};

/*
 * Read a request. Each function returns false with a sentence in @reason,
 * REQUEST_REASON bytes, if it refuses it.
 */
bool request_start(struct start *start, const struct frame *frame, char *reason);
bool request_exec(struct exec *exec, const struct frame *frame, char *reason);

/*
 * Return "a/b" in the directory of guests' files for the path "/guest/a/b", or
 * NULL for any other path.
 */
const char *request_file(const char *path);

#endif /* HOST_REQUEST_H */
