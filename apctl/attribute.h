/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes an attribute of the kernel: all of @text and a newline by one write.
 * The kernel may take long over it. Returns 0 or the -errno that the kernel
 * answers with.
 */
#ifndef APCTL_ATTRIBUTE_H
#define APCTL_ATTRIBUTE_H

#include <glib.h>

int attribute_write(const char *root, const char *text, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
