/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attribute_write() writes @text and a newline to an attribute of the kernel
 * below @root, by a single write. The kernel may take long to answer. It
 * returns 0, or the kernel's -errno.
 */
#ifndef APCTL_ATTRIBUTE_H
#define APCTL_ATTRIBUTE_H

#include <glib.h>

int attribute_write(const char *root, const char *text, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
