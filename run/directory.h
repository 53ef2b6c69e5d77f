/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of a run: sockets, the machine file, the initramfs, logs.
 *
 * A keeper, a process that waits for nothing but the end of this one, removes it. So the
 * directory goes even when this process is killed.
 */
#ifndef RUN_DIRECTORY_H
#define RUN_DIRECTORY_H

#include <stdbool.h>

struct directory {
	char *path;
	int keeper;	/* its end of a pipe; -1: none */
	int pid;
};

/*
 * Make a directory below $XDG_RUNTIME_DIR, or $TMPDIR, or /tmp. Call this before anything
 * is open that the keeper should not have. Returns false after a complaint.
 */
bool directory_make(struct directory *directory);

/* PATH/NAME; the caller frees it. */
char *directory_file(const struct directory *directory, const char *name);

/* Remove the directory, unless @keep, and wait until that is done. */
void directory_end(struct directory *directory, bool keep);

#endif /* RUN_DIRECTORY_H */
