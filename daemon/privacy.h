/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that holds keys is for its own process only.
 */
#ifndef DAEMON_PRIVACY_H
#define DAEMON_PRIVACY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Have this process leave no core file, and be traced by nobody without
 * privilege. Returns false when the kernel refuses that; the reason was then
 * told on standard error in the name of @program.
 */
bool privacy_begin(const char *program);

/*
 * Have the kernel write none of this process's memory to swap space, nor any
 * that it gets later. Returns 0; or -EPERM when the limit of locked memory
 * forbids that, and all is as before.
 */
int privacy_lock_all(void);

/* The same for @length bytes, as far as the limit allows. */
void privacy_lock(const void *bytes, size_t length);

#endif /* DAEMON_PRIVACY_H */
