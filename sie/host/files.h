/* SPDX-License-Identifier: GPL-2.0-only */
/* The files that appear as /guest/ in the LPAR. */
#ifndef HOST_FILES_H
#define HOST_FILES_H

#include "config.h"

/*
 * Open a regular file for reading. @path is one that request_file() allows: it
 * is named in the configuration, or lies in its directory of files, and no part
 * of it below that directory is a symbolic link. Return a descriptor, or -1
 * with a sentence in @reason, REQUEST_REASON bytes.
 */
int files_open(const struct config *config, const char *path, char *reason);

#endif /* HOST_FILES_H */
