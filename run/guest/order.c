// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/protocol.h"
#include "supervisor.h"

/* A list of strings that ends in NULL */
struct strings {
	char **list;
	size_t count;
};

/* Pieces of the string that is being received */
struct pieces {
	char *text;
	size_t length, sum;
};

static void *grow(void *memory, size_t size)
{
	memory = realloc(memory, size);
	if (!memory)
		fail(125, "there is no memory for the command's words");
	return memory;
}

static void add_piece(struct pieces *pieces, const struct frame *frame)
{
	pieces->sum += frame->length;
	if (pieces->length + frame->length > RUN_STRING_MAX || pieces->sum > RUN_STRINGS_MAX)
		fail(125, "the command's words or its environment are too long");
	pieces->text = grow(pieces->text, pieces->length + frame->length + 1);
	if (frame->length)
		memcpy(pieces->text + pieces->length, frame->payload, frame->length);
	pieces->length += frame->length;
	pieces->text[pieces->length] = '\0';
}

static void add_string(struct strings *strings, struct pieces *pieces, const struct frame *frame)
{
	add_piece(pieces, frame);
	strings->list = grow(strings->list, (strings->count + 2) * sizeof(*strings->list));
	strings->list[strings->count++] = pieces->text;
	strings->list[strings->count] = NULL;
	pieces->text = NULL;
	pieces->length = 0;
}

static void set_up(const struct frame *frame)
{
	const char *name, *value;
	struct fields fields;
	size_t length;

	fields_of(&fields, frame);
	while (field_next(&fields, &name, &length, &value) > 0)
		setup_field(name, length, value);
}

static char *copy(const char *text)
{
	return strcpy(grow(NULL, strlen(text) + 1), text);
}

static void take_start(struct order *order, const struct frame *frame)
{
	const char *name, *value;
	struct fields fields;
	size_t length;

	fields_of(&fields, frame);
	while (field_next(&fields, &name, &length, &value) > 0) {
		if (!strncmp(name, "directory=", length + 1))
			order->directory = copy(value);
		else if (!strncmp(name, "name=", length + 1))
			order->name = copy(value);
		else if (!strncmp(name, "terminal=", length + 1))
			order->terminal = atoi(value);
		else if (!strncmp(name, "umask=", length + 1))
			order->mask = strtoul(value, NULL, 8);
	}
}

void order_receive(struct order *order)
{
	struct strings words = { 0 }, variables = { 0 };
	struct pieces pieces = { 0 };
	struct frame frame;

	for (control_take(&frame); frame.type != RUN_START; control_take(&frame)) {
		if (frame.type == RUN_SETUP)
			set_up(&frame);
		else if (frame.type == RUN_PART)
			add_piece(&pieces, &frame);
		else if (frame.type == RUN_ARGUMENT)
			add_string(&words, &pieces, &frame);
		else if (frame.type == RUN_VARIABLE)
			add_string(&variables, &pieces, &frame);
	}
	take_start(order, &frame);
	if (!words.count)
		fail(125, "the host names no command");
	order->argv = words.list;
	order->environment = variables.list;
}
