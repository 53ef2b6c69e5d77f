/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TOML document as a tree whose nodes know their lines.
 */
#ifndef APCTL_DOCUMENT_H
#define APCTL_DOCUMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum document_kind { DOCUMENT_TABLE, DOCUMENT_ARRAY, DOCUMENT_STRING, DOCUMENT_INTEGER, DOCUMENT_BOOLEAN, DOCUMENT_OTHER };

struct document {
	enum document_kind kind;
	unsigned int line;
	char *key;		/* in a table */
	char *string;
	int64_t integer;
	bool boolean;
	GPtrArray *children;	/* of struct document; for tables and arrays */
};

/*
 * Return the tree of @text, which the caller frees by document_free(). Return
 * NULL after a message on @err, which begins with the program's name, @name and
 * the line.
 */
struct document *document_parse(const char *text, const char *name, FILE *err);
void document_free(struct document *document);

/* Return the member @key of a table, or NULL if there is none. */
const struct document *document_get(const struct document *table, const char *key);

/*
 * Create a node, and add it to @parent, which may be NULL. document_parse()
 * builds the tree of these.
 */
struct document *document_node(struct document *parent, enum document_kind kind, const char *key,
		       unsigned int line);

#ifdef __cplusplus
}
#endif

#endif
