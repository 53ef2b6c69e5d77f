/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A part of a guest, as the LPAR describes it for QEMU in JSON: an object, a block device or a
 * device. A list says which there are, and which of their properties the LPAR may set.
 */
#ifndef HOST_PART_H
#define HOST_PART_H

#include <json-c/json.h>
#include <stdbool.h>

#include "request.h"

/*
 * Read the description @json; @kind is "object", "blockdev" or "device", as QEMU's options are
 * called. @start says what else the guest has. Returns what QEMU may be given, to be freed by
 * json_object_put(), or NULL with a sentence in @reason, REQUEST_REASON bytes. It names no file
 * that is opened: of a block device whose driver is "file", the caller has to replace
 * "filename", which is one that request_file() accepts.
 */
struct json_object *part_read(const char *kind, const char *json, const struct start *start,
			      char *reason);

/* The text of a property, or NULL. */
const char *part_text(struct json_object *part, const char *property);

/* Is it such a block device, or the guest's storage? */
bool part_is_file(struct json_object *part);
bool part_is_storage(struct json_object *part);

#endif /* HOST_PART_H */
