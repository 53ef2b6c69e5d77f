/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The key file: its bytes are the secret under which swcexd's state is
 * encrypted. It must be a regular file that belongs to the user who runs
 * swcexd, and that nobody else may read.
 */
#ifndef DAEMON_KEY_FILE_H
#define DAEMON_KEY_FILE_H

#include "bytes/cursor.h"

#define KEY_FILE_MIN	32
#define KEY_FILE_MAX	4096

/*
 * @fd: descriptor of the file, which is locked so that only one swcexd uses it
 */
struct key_file {
	int fd;
	size_t length;
	uint8_t bytes[KEY_FILE_MAX];
};

/*
 * Read and lock the key file @path. If it does not exist and @may_make is set,
 * create it with random bytes; a crash of the host leaves either the whole file
 * or none. Return 0, or -errno with nothing to close after the reason has been
 * logged.
 */
int key_file_open(struct key_file *key, const char *path, bool may_make);
void key_file_close(struct key_file *key);

#endif /* DAEMON_KEY_FILE_H */
