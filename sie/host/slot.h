/* SPDX-License-Identifier: GPL-2.0-only */
/* One of a limited number of places, which a process holds until it ends. */
#ifndef HOST_SLOT_H
#define HOST_SLOT_H

#include <glib.h>

/*
 * Take one of @count places, which are files in the directory RUN/@name. Return
 * a descriptor that holds it until it is closed, or -1 with errno set, to EBUSY
 * if all are taken.
 */
int slot_take(const char *run, const char *name, guint64 count);

#endif /* HOST_SLOT_H */
