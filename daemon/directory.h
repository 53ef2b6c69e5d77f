/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory that a file is in.
 */
#ifndef DAEMON_DIRECTORY_H
#define DAEMON_DIRECTORY_H

#include <stdbool.h>

/* A descriptor of the directory of the file @path, or -1 with errno set. */
int directory_open(const char *path);

/*
 * Have the name @path, which was made, replaced or removed, survive a crash of
 * the host. False with errno set.
 */
bool directory_sync(const char *path);

#endif /* DAEMON_DIRECTORY_H */
