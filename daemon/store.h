/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's state file: one piece of bytes, encrypted under a key file (sealed.h),
 * always whole: a new one takes the place of the old one when it is on disk.
 */
#ifndef DAEMON_STORE_H
#define DAEMON_STORE_H

#include "key_file.h"

#define STORE_MAX	(256u << 20)

/* @lock: the file beside it that is locked, so that one swcexd uses the state */
struct store {
	const char *path;
	int lock;
	struct key_file key;
};

/*
 * Use the state file @path, which need not be there yet, with the key file
 * @key. @path has to outlive the store. Returns 0, or -errno when the reason was
 * logged.
 */
int store_open(struct store *store, const char *path, const char *key);
void store_close(struct store *store);

/*
 * What is in the file: *@bytes, which the caller wipes and frees, or NULL if
 * there is no file. Returns 0, or -errno when the reason was logged; the file
 * stays as it is.
 */
int store_read(struct store *store, uint8_t **bytes, size_t *length);

/*
 * Returns 0, or -errno: what was there before is there still; or, if only the
 * directory could not be synced, @bytes are there, and a crash of the host may
 * bring back what was.
 */
int store_write(struct store *store, struct slice bytes);

#endif /* DAEMON_STORE_H */
