// SPDX-License-Identifier: GPL-2.0-only
#include "description.h"

#include <stdio.h>
#include <string.h>

bool element_take(const char **list, struct element *element)
{
	size_t length = 0;
	const char *c;
	char *sign;

	if (!*list)
		return false;
	for (c = *list; *c && (*c != ',' || c[1] == ','); c++) {
		if (*c == ',')
			c++;
		if (length < sizeof(element->text) - 1)
			element->text[length++] = *c;
	}
	*list = *c ? c + 1 : NULL;
	element->text[length] = '\0';
	element->name = element->text;
	sign = strchr(element->text, '=');
	if (sign)
		*sign = '\0';
	element->value = sign ? sign + 1 : NULL;
	return true;
}

bool element_is(const struct element *element, const char *name, const char *value)
{
	return !strcmp(element->name, name) && element->value && !strcmp(element->value, value);
}

bool element_is_switch(const struct element *element)
{
	return element_is(element, element->name, "on") ||
	       element_is(element, element->name, "off");
}

static bool take_member(struct description *d, struct element *element)
{
	const char *name, *value;
	int length;

	if (json_object_iter_equal(&d->next, &d->end))
		return false;
	name = json_object_iter_peek_name(&d->next);
	value = json_object_get_string(json_object_iter_peek_value(&d->next));
	length = snprintf(element->text, sizeof(element->text) - 1, "%s", name);
	if ((size_t)length > sizeof(element->text) - 2)
		length = sizeof(element->text) - 2;
	element->name = element->text;
	element->value = element->text + length + 1;
	snprintf(element->text + length + 1, sizeof(element->text) - length - 1, "%s",
		 value ? value : "null");
	json_object_iter_next(&d->next);
	return true;
}

bool description_open(struct description *d, const char *text)
{
	memset(d, 0, sizeof(*d));
	if (*text != '{') {
		d->list = text;
		return true;
	}
	d->object = json_tokener_parse(text);
	if (!json_object_is_type(d->object, json_type_object)) {
		description_close(d);
		return false;
	}
	d->next = json_object_iter_begin(d->object);
	d->end = json_object_iter_end(d->object);
	return true;
}

bool description_next(struct description *d, struct element *element)
{
	return d->object ? take_member(d, element) : element_take(&d->list, element);
}

void description_close(struct description *d)
{
	json_object_put(d->object);
	d->object = NULL;
}

bool description_find(const char *text, const char *name, char *value, size_t size)
{
	struct description d;
	struct element element;
	bool found = false;

	if (!description_open(&d, text))
		return false;
	while (!found && description_next(&d, &element))
		found = !strcmp(element.name, name) && element.value;
	if (found)
		snprintf(value, size, "%s", element.value);
	description_close(&d);
	return found;
}
