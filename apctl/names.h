/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of mediated devices, which have only UUIDs for the kernel and mdevctl.
 * They are kept in /etc/apctl/names, one line "UUID NAME" each.
 */
#ifndef APCTL_NAMES_H
#define APCTL_NAMES_H

#include <glib.h>
#include <stdbool.h>

#define NAMES "/etc/apctl/names"

bool uuid_is_valid(const char *text);
/*
 * Return whether a name is valid: 1 to 32 letters, digits, '-', '_' and '.',
 * beginning with a letter.
 */
bool name_is_valid(const char *text);

/*
 * Return the name of a UUID, or the first part of the UUID if it has none. The
 * caller frees it.
 */
char *name_of(const char *root, const char *uuid);

/* Return the UUID that has a name, which the caller frees, or NULL. */
char *name_find(const char *root, const char *name);

/*
 * Set the name of the UUID, which replaces an earlier one; NULL removes it.
 * Return 0 or -errno.
 */
int name_set(const char *root, const char *uuid, const char *name);

/*
 * Return the text of the file after that change, which the caller frees. @text
 * is the text before.
 */
char *names_edit(const char *text, const char *uuid, const char *name);

/*
 * Return a UUID for a name, which the caller frees. It is the same on every
 * call and every machine.
 */
char *name_uuid(const char *name);

#endif
