/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of mediated devices, which the kernel and mdevctl know by UUIDs only.
 * They are kept in /etc/apctl/names, a line for each: "UUID NAME".
 */
#ifndef APCTL_NAMES_H
#define APCTL_NAMES_H

#include <glib.h>
#include <stdbool.h>

#define NAMES "/etc/apctl/names"

bool uuid_is_valid(const char *text);
/* 1 to 32 letters, digits, '-', '_' and '.', the first one a letter. */
bool name_is_valid(const char *text);

/* The name of a UUID, or the first part of it; the caller frees it. */
char *name_of(const char *root, const char *uuid);

/* The UUID that has a name, which the caller frees, or NULL. */
char *name_find(const char *root, const char *name);

/*
 * Gives the UUID a name instead of the one that it had; NULL takes it away.
 * Returns 0 or -errno.
 */
int name_set(const char *root, const char *uuid, const char *name);

/* The file's text after that, which the caller frees, instead of @text. */
char *names_edit(const char *text, const char *uuid, const char *name);

/* A UUID for a name: the same on every call and every machine. */
char *name_uuid(const char *name);

#endif
