/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that holds keys is for its own process only.
 */
#ifndef DAEMON_PRIVACY_H
#define DAEMON_PRIVACY_H

#include <stdbool.h>

/*
 * Have this process leave no core file, and be traced by nobody without
 * privilege. Returns false when the kernel refuses that; the reason was then
 * told on standard error in the name of @program.
 */
bool privacy_begin(const char *program);

#endif /* DAEMON_PRIVACY_H */
