/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory that contains a file.
 */
#ifndef DAEMON_DIRECTORY_H
#define DAEMON_DIRECTORY_H

/* Return a descriptor of the directory that contains @path, or -errno. */
int directory_open(const char *path);

/*
 * Make the creation, replacement or removal of @path survive a crash of the
 * host. Return 0 or -errno.
 */
int directory_sync(const char *path);

#endif /* DAEMON_DIRECTORY_H */
