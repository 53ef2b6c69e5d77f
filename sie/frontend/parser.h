/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parser of a command line, which reads option by option, and explains a
 * refusal.
 */
#ifndef FRONTEND_PARSER_H
#define FRONTEND_PARSER_H

#include <stdbool.h>
#include <stddef.h>

struct element;
struct options;

/*
 * @option and @argument are as given, for the sentence; NULL if there is none.
 * @known is what the option may contain, if that is limited to a few things,
 * and @slot is the member of the options that it sets. @reason has room for
 * @size bytes.
 */
struct parser {
	struct options *options;
	const char *option, *argument, *known;
	void *slot;
	char *reason;
	size_t size;
};

/* Write a sentence that begins with the option to @reason, and return false. */
bool __attribute__((format(printf, 2, 3)))
parser_refuse(struct parser *parser, const char *format, ...);
bool parser_refuse_element(struct parser *parser, const struct element *element,
			   const char *offered);

#endif /* FRONTEND_PARSER_H */
