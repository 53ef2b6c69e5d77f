/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of a run: sockets, the machine file, the initramfs, logs.
 *
 * A keeper removes it, a process that only waits until this one ends. So the
 * directory is removed even when this process is killed.
 */
#ifndef RUN_DIRECTORY_H
#define RUN_DIRECTORY_H

#include <stdbool.h>

struct directory {
	char *path;
	int keeper;	/* the keeper's pipe; -1 if there is none */
	int pid;
};

/*
 * Create a directory below $XDG_RUNTIME_DIR, or $TMPDIR, or /tmp. This has to
 * be called before any file is open that the keeper must not inherit. Return
 * false after a complaint.
 */
bool directory_make(struct directory *directory);

/* Return PATH/NAME, which the caller frees. */
char *directory_file(const struct directory *directory, const char *name);

/* Remove the directory, unless @keep is set, and wait until it is removed. */
void directory_end(struct directory *directory, bool keep);

#endif /* RUN_DIRECTORY_H */
