/* SPDX-License-Identifier: GPL-2.0-only */
/* What the daemon of a run tells of its queues. */
#ifndef RUN_QUEUES_H
#define RUN_QUEUES_H

#include <json-c/json.h>

/* Ask the daemon at @control: an array of objects, which the caller puts. NULL after a complaint. */
json_object *queues_ask(const char *control);

#endif /* RUN_QUEUES_H */
