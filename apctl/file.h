/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files below a root directory: "" for the running system, another directory
 * for a tree that stands for it. A path names a file as the running system has
 * it, and is formatted as by printf(3).
 */
#ifndef APCTL_FILE_H
#define APCTL_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The path below @root; the caller frees it. */
char *file_path(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Returns the text of a file without the newline at its end, which the caller
 * frees, or NULL with errno.
 */
char *file_read(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Likewise of the file @name of the open directory @directory. */
char *file_read_at(int directory, const char *name);

/*
 * Likewise, into @text, as far as it has room: for one file of very many. The
 * text is empty if the file cannot be read.
 */
void file_peek_at(int directory, const char *name, char *text, size_t size);

/* A file of digits (decimal, or hexadecimal with 0x), or @otherwise. */
uint64_t file_number(const char *root, uint64_t otherwise, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

bool file_exists(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Calls @each with the name of every entry of a directory; a directory that
 * does not exist has none. Returns 0 or -errno.
 */
int file_each(const char *root, void (*each)(const char *name, void *arg), void *arg,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Replaces a file as a whole, its directory is made if it is missing. Readers
 * see the one or the other text, and so does the system after a crash. NULL
 * removes the file. Returns 0 or -errno.
 */
int file_replace(const char *root, const char *text, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
