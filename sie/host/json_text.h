/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts in objects of JSON that somebody else wrote. */
#ifndef HOST_JSON_TEXT_H
#define HOST_JSON_TEXT_H

#include <json-c/json.h>

/*
 * Return the text that @object has at @key. Return NULL if @object, which may be
 * any value or NULL, is no object, or has no text there. @object owns the text.
 */
const char *json_text(struct json_object *object, const char *key);

#endif /* HOST_JSON_TEXT_H */
