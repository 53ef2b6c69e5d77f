/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory that a file is in.
 */
#ifndef DAEMON_DIRECTORY_H
#define DAEMON_DIRECTORY_H

/* A descriptor of the directory of the file @path, or -errno. */
int directory_open(const char *path);

/*
 * Have the name @path, which was made, replaced or removed, survive a crash of
 * the host. Returns 0 or -errno.
 */
int directory_sync(const char *path);

#endif /* DAEMON_DIRECTORY_H */
