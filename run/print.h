/* SPDX-License-Identifier: GPL-2.0-only */
/* What swcex run prints about itself, for programs. */
#ifndef RUN_PRINT_H
#define RUN_PRINT_H

#include <stdbool.h>

#include "options.h"

/* QEMU's arguments for the adapters, for who runs QEMU otherwise: one on each line. Returns
 * false after a complaint. */
bool print_qemu_args(const struct options *options);

/* An object of JSON: what this program can do, and on this machine. */
void print_capabilities(void);

#endif /* RUN_PRINT_H */
