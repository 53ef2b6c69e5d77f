/* SPDX-License-Identifier: GPL-2.0-only */
/* The initramfs of a run: the supervisor, and the modules that it loads. */
#ifndef RUN_INITRAMFS_H
#define RUN_INITRAMFS_H

#include "kernel.h"

/*
 * Write an initramfs to @path. It has the program @supervisor as /init, and in
 * /modules the modules that @names require, a list that ends in NULL, and the
 * file "order". This has a line for each module, and an empty one behind each
 * group of kernel_groups(). The archive @more is appended unless it is NULL.
 * Modules may be compressed by xz, zstd or gzip. Return false after a
 * complaint.
 */
bool initramfs_write(const char *path, const char *supervisor, const struct kernel *kernel,
		     const char *const *names, const char *more);

#endif /* RUN_INITRAMFS_H */
