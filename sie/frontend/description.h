/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows -device, -machine and their like: a list, "vfio-ap,id=ap0", or an object
 * of JSON, {"driver":"vfio-ap","id":"ap0"}, read element by element.
 */
#ifndef FRONTEND_DESCRIPTION_H
#define FRONTEND_DESCRIPTION_H

#include <json-c/json.h>
#include <limits.h>
#include <stdbool.h>

/* @value is NULL for an element of a list that has no '='. Both lie in @text. */
struct element {
	char text[PATH_MAX];
	const char *name, *value;
};

struct description {
	const char *list;		/* what is left of it */
	struct json_object *object;	/* NULL: a list */
	struct json_object_iterator next, end;
};

/* Returns false if @text, which has to last, begins as JSON and is no object of it. */
bool description_open(struct description *description, const char *text);

/*
 * Take the next element: of JSON, numbers and truth are texts as well, and so is what
 * lies deeper. An element that is longer than PATH_MAX is cut. Returns false at the end.
 */
bool description_next(struct description *description, struct element *element);
void description_close(struct description *description);

/* Take an element off *@list, in which ",," stands for a comma. Returns false at its end. */
bool element_take(const char **list, struct element *element);

/* Is it @name=@value? And is it @name=on or @name=off? */
bool element_is(const struct element *element, const char *name, const char *value);
bool element_is_switch(const struct element *element);

/* Copy the value of the element @name to @value, @size bytes; false if there is none. */
bool description_find(const char *text, const char *name, char *value, size_t size);

#endif /* FRONTEND_DESCRIPTION_H */
