/* SPDX-License-Identifier: GPL-2.0-only */
/* The initramfs of a run: the supervisor, and the modules that it loads. */
#ifndef RUN_INITRAMFS_H
#define RUN_INITRAMFS_H

#include "kernel.h"

/*
 * Write to @path an initramfs with the program @supervisor as /init, and in /modules what
 * @names, a list that ends in NULL, need, with a file "order". @more, an archive or NULL, comes
 * behind it. Returns false after a complaint. Modules may be compressed by xz, zstd or gzip.
 */
bool initramfs_write(const char *path, const char *supervisor, const struct kernel *kernel,
		     const char *const *names, const char *more);

#endif /* RUN_INITRAMFS_H */
