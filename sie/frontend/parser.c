// SPDX-License-Identifier: GPL-2.0-only
#include "parser.h"

#include <stdarg.h>
#include <stdio.h>

#include "description.h"

bool parser_refuse(struct parser *p, const char *format, ...)
{
	int length = snprintf(p->reason, p->size, "%s%s%s: ", p->option ? p->option : "",
			      p->option && p->argument ? " " : "",
			      p->argument ? p->argument : "");
	va_list args;

	if (length < 0 || (size_t)length >= p->size)
		return false;
	va_start(args, format);
	vsnprintf(p->reason + length, p->size - length, format, args);
	va_end(args);
	return false;
}

bool parser_refuse_element(struct parser *p, const struct element *element, const char *offered)
{
	return parser_refuse(p, "'%.200s%s%.200s' is not offered; %s", element->name,
			     element->value ? "=" : "", element->value ? element->value : "",
			     offered);
}
