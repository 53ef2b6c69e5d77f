/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file whose bytes are the secret that swcexd's state is encrypted under. It
 * is a regular file of the user who runs swcexd, which nobody else may read.
 */
#ifndef DAEMON_KEY_FILE_H
#define DAEMON_KEY_FILE_H

#include "bytes/cursor.h"

#define KEY_FILE_MIN	32
#define KEY_FILE_MAX	4096

/* @fd: open and locked, so that one swcexd uses it */
struct key_file {
	int fd;
	size_t length;
	uint8_t bytes[KEY_FILE_MAX];
};

/*
 * Read the file at @path. If there is none and @may_make, it is made with
 * random bytes, which outlive a crash of the host from then on, or not at all.
 * Returns 0, or -errno when the reason was logged, and there is nothing to close.
 */
int key_file_open(struct key_file *key, const char *path, bool may_make);
void key_file_close(struct key_file *key);

#endif /* DAEMON_KEY_FILE_H */
