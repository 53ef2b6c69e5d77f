/* SPDX-License-Identifier: GPL-2.0-only */
/* The queues of a run, as its daemon describes them. */
#ifndef RUN_QUEUES_H
#define RUN_QUEUES_H

#include <json-c/json.h>

/*
 * Ask the daemon at @control about its queues. Return an array of objects,
 * which the caller puts, or NULL after a complaint.
 */
json_object *queues_ask(const char *control);

#endif /* RUN_QUEUES_H */
