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
 * Print the capabilities of this program as a JSON object, which swcex-run(1)
 * describes.
 */
void print_capabilities(void);

#endif /* RUN_PRINT_H */
