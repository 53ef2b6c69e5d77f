/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that contains keys is kept from other processes and from the disk.
 */
#ifndef DAEMON_PRIVACY_H
#define DAEMON_PRIVACY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Prevent core files of this process, and tracing of it by processes without
 * privilege. Return false if the kernel refuses that, after the reason has been
 * written to standard error in the name of @program.
 */
bool privacy_begin(const char *program);

/*
 * Keep all memory of this process, including memory that it allocates later,
 * out of swap space. Return 0; or -EPERM with nothing changed if the limit of
 * locked memory forbids it.
 */
int privacy_lock_all(void);

/*
 * Keep @length @bytes out of swap space, as far as the limit of locked memory
 * allows.
 */
void privacy_lock(const void *bytes, size_t length);

#endif /* DAEMON_PRIVACY_H */
