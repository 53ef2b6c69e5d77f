/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The folder that a file is in.
 */
#ifndef DAEMON_DIRECTORY_H
#define DAEMON_DIRECTORY_H

#include <stdbool.h>

/* A descriptor of the folder of the file @path, or -1 with errno set. */
int folder_open(const char *path);

/*
 * Have the name @path, which was made, replaced or removed, survive a crash of
 * the host. False with errno set.
 */
bool folder_sync(const char *path);

#endif /* DAEMON_DIRECTORY_H */
