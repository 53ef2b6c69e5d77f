/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects, block devices and devices that a command line describes in JSON.
 * The host decides which of them a guest gets; only vfio-ap is a device of the
 * LPAR.
 */
#ifndef FRONTEND_PART_H
#define FRONTEND_PART_H

#include <stdbool.h>

#include "parser.h"

/*
 * Process the argument of -device, -object, -blockdev or -audiodev. Each
 * function returns false with a sentence in the parser if it refuses the
 * argument.
 */
bool part_take_device(struct parser *parser, const char *text);
bool part_take_object(struct parser *parser, const char *text);
bool part_take_blockdev(struct parser *parser, const char *text);
bool part_take_audiodev(struct parser *parser, const char *text);

#endif /* FRONTEND_PART_H */
