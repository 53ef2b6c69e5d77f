/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files below a root directory: "" for the running system, or another directory
 * that stands for /. Paths are relative to the root, and formatted as by
 * printf(3).
 */
#ifndef APCTL_FILE_H
#define APCTL_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Return the path below @root, which the caller frees. */
char *file_path(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Return the text of a file without the newline at its end, which the caller
 * frees, or NULL with errno set.
 */
char *file_read(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Return the text of the file @name in the open directory @directory likewise.
 */
char *file_read_at(int directory, const char *name);

/*
 * Store the text of a file in @text, as far as it fits. The text is empty if
 * the file cannot be read. This is for reading very many files.
 */
void file_peek_at(int directory, const char *name, char *text, size_t size);

/*
 * Return the number in a file, which is decimal, or hexadecimal with 0x, or
 * @otherwise if there is none.
 */
uint64_t file_number(const char *root, uint64_t otherwise, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

bool file_exists(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Call @each with the name of every entry of a directory. A missing directory
 * has no entries. Return 0 or -errno.
 */
int file_each(const char *root, void (*each)(const char *name, void *arg), void *arg,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Replace a file atomically. Its directory is created if it is missing. A
 * reader sees either the old or the new text, even after a crash of the system.
 * NULL removes the file. Return 0 or -errno.
 */
int file_replace(const char *root, const char *text, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
