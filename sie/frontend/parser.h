/* SPDX-License-Identifier: GPL-2.0-only */
/* What reads a command line, option by option, and says why one is refused. */
#ifndef FRONTEND_PARSER_H
#define FRONTEND_PARSER_H

#include <stdbool.h>
#include <stddef.h>

struct element;
struct options;

/*
 * @option and @argument are as they were given, for the sentence; NULL: there is none. @known is
 * what the option may have if that is one of few things, and @slot what of the options it sets.
 * @reason has room for @size bytes.
 */
struct parser {
	struct options *options;
	const char *option, *argument, *known;
	void *slot;
	char *reason;
	size_t size;
};

/* Put a sentence into @reason that begins with the option. Both return false. */
bool __attribute__((format(printf, 2, 3)))
parser_refuse(struct parser *parser, const char *format, ...);
bool parser_refuse_element(struct parser *parser, const struct element *element,
			   const char *offered);

#endif /* FRONTEND_PARSER_H */
