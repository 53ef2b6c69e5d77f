/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store is swcexd's state file, encrypted under a key file
 * (bytes/sealed.h). The file is whole at any time: it is replaced when its
 * successor is on disk.
 */
#ifndef DAEMON_STORE_H
#define DAEMON_STORE_H

#include "key_file.h"

#define STORE_MAX	(256u << 20)

/*
 * @lock: locked file beside the state file, so that only one swcexd uses that
 */
struct store {
	const char *path;
	int lock;
	struct key_file key;
};

/*
 * Lock the state file @path, which need not exist, and open the key file @key.
 * @path must outlive the store. Return 0, or -errno after the reason has been
 * logged.
 */
int store_open(struct store *store, const char *path, const char *key);
void store_close(struct store *store);

/*
 * Read the state file into *@bytes, which the caller wipes and frees, or set
 * that to NULL if there is no file. The file is not changed. Return 0, or
 * -errno after the reason has been logged.
 */
int store_read(struct store *store, uint8_t **bytes, size_t *length);

/*
 * Replace the contents of the state file by @bytes. Return 0, or -errno with
 * the previous contents in place. If only the directory could not be synced,
 * however, @bytes are in place, and a crash of the host may bring back the
 * previous contents.
 */
int store_write(struct store *store, struct slice bytes);

#endif /* DAEMON_STORE_H */
