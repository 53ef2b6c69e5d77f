// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "document.h"

static void free_node(gpointer data)
{
	document_free(data);
}

void document_free(struct document *document)
{
	if (!document)
		return;
	g_ptr_array_unref(document->children);
	g_free(document->key);
	g_free(document->string);
	g_free(document);
}

struct document *document_node(struct document *parent, enum document_kind kind, const char *key,
		       unsigned int line)
{
	struct document *node = g_new0(struct document, 1);

	node->kind = kind;
	node->key = g_strdup(key);
	node->line = line;
	node->children = g_ptr_array_new_with_free_func(free_node);
	if (parent)
		g_ptr_array_add(parent->children, node);
	return node;
}

const struct document *document_get(const struct document *table, const char *key)
{
	for (unsigned int i = 0; table && i < table->children->len; i++) {
		const struct document *child = g_ptr_array_index(table->children, i);

		if (child->key && !strcmp(child->key, key))
			return child;
	}
	return NULL;
}
