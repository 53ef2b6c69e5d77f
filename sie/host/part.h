/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A part of a guest, as the LPAR describes it for QEMU in JSON: an object, a
 * block device or a device. A list contains those that are offered, and the
 * properties that the LPAR may set.
 */
#ifndef HOST_PART_H
#define HOST_PART_H

#include <json-c/json.h>
#include <stdbool.h>

#include "request.h"

/*
 * Read the description @json. @kind is "object", "blockdev" or "device", as in
 * QEMU's options, and @start contains the rest of the guest. Return what QEMU
 * may be given, which the caller frees by json_object_put(), or NULL with a
 * sentence in @reason, REQUEST_REASON bytes. The result names no file for QEMU
 * to open: for a block device whose driver is "file", the caller has to replace
 * "filename", which is one that request_file() accepts.
 */
struct json_object *part_read(const char *kind, const char *json, const struct start *start,
			      char *reason);

/* Return whether the part is such a block device, or the guest's storage. */
bool part_is_file(struct json_object *part);
bool part_is_storage(struct json_object *part);

#endif /* HOST_PART_H */
