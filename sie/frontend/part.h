/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects, block devices and devices that a command line describes in JSON. The host decides
 * which of them a guest gets; vfio-ap alone is a device of the LPAR.
 */
#ifndef FRONTEND_PART_H
#define FRONTEND_PART_H

#include <stdbool.h>

#include "parser.h"

/*
 * Take the argument of -device, -object, -blockdev and -audiodev. Each returns false with a
 * sentence in the parser.
 */
bool part_take_device(struct parser *parser, const char *text);
bool part_take_object(struct parser *parser, const char *text);
bool part_take_blockdev(struct parser *parser, const char *text);
bool part_take_audiodev(struct parser *parser, const char *text);

#endif /* FRONTEND_PART_H */
