/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lock under which chzdev(8) and mdevctl's call-outs change masks, devices
 * and their persistent configuration: a file with the number of the process
 * that has it.
 */
#ifndef APCTL_LOCK_H
#define APCTL_LOCK_H

#include <stdio.h>

#define LOCK "/run/lock/s390apconfig.lock"

/*
 * Takes the lock, waiting for whom has it for half a minute; a lock whose
 * process has ended is nobody's. Returns 0, or -errno after a sentence to @err.
 */
int lock_take(const char *root, FILE *err);
void lock_release(const char *root);

#endif
