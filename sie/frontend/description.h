/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The argument of -device, -machine and similar options, read element by
 * element: a list, "vfio-ap,id=ap0", or a JSON object,
 * {"driver":"vfio-ap","id":"ap0"}.
 */
#ifndef FRONTEND_DESCRIPTION_H
#define FRONTEND_DESCRIPTION_H

#include <json-c/json.h>
#include <limits.h>
#include <stdbool.h>

/*
 * @value is NULL for an element of a list without '='. Both point into @text.
 */
struct element {
	char text[PATH_MAX];
	const char *name, *value;
};

struct description {
	const char *list;		/* the part not read yet */
	struct json_object *object;	/* NULL for a list */
	struct json_object_iterator next, end;
};

/*
 * Start to read @text, which has to stay valid. Return false if it begins as
 * JSON and is not a JSON object.
 */
bool description_open(struct description *description, const char *text);

/*
 * Take the next element. Numbers, booleans and nested values of JSON are
 * returned as texts. An element longer than PATH_MAX is truncated. Return false
 * at the end.
 */
bool description_next(struct description *description, struct element *element);
void description_close(struct description *description);

/*
 * Take the next element from *@list, in which ",," stands for a comma. Return
 * false at the end of the list.
 */
bool element_take(const char **list, struct element *element);

/*
 * element_is() returns whether the element is @name=@value, and
 * element_is_switch() whether its value is on or off.
 */
bool element_is(const struct element *element, const char *name, const char *value);
bool element_is_switch(const struct element *element);

/*
 * Copy the value of the element @name to @value, @size bytes. Return false if
 * there is no such element.
 */
bool description_find(const char *text, const char *name, char *value, size_t size);

#endif /* FRONTEND_DESCRIPTION_H */
