/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lock that chzdev(8) and mdevctl's call-outs hold while they change masks,
 * devices and their persistent configuration: a file with the process ID of the
 * holder.
 */
#ifndef APCTL_LOCK_H
#define APCTL_LOCK_H

#include <stdio.h>

#define LOCK "/run/lock/s390apconfig.lock"

/*
 * Take the lock, and wait for its holder up to 30 seconds. A lock whose process
 * has ended is taken over. Return 0, or -errno after a message on @err.
 */
int lock_take(const char *root, FILE *err);
void lock_release(const char *root);

#endif
