/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptions of swcex run for programs. */
#ifndef RUN_PRINT_H
#define RUN_PRINT_H

#include <stdbool.h>

#include "options.h"

/*
 * Print QEMU's arguments for the adapters, one per line, for users who start
 * QEMU by other means. Return false after a complaint.
 */
bool print_qemu_args(const struct options *options);

/*
 * Print a JSON object: the capabilities of this program, and of this machine.
 */
void print_capabilities(void);

#endif /* RUN_PRINT_H */
