// SPDX-License-Identifier: GPL-2.0-only
//
// The TOML library of Debian is one of C++; it ends here.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <errno.h>
#include <string>
#include <toml++/toml.h>

#include "document.h"

static void add(struct document *parent, const char *key, unsigned int line, const toml::node &node);

static void add_table(struct document *to, const toml::table &table)
{
	for (auto &&[key, value] : table)
		add(to, std::string(key.str()).c_str(), key.source().begin.line, value);
}

static void add(struct document *parent, const char *key, unsigned int line, const toml::node &node)
{
	if (auto table = node.as_table()) {
		add_table(document_node(parent, DOCUMENT_TABLE, key, line), *table);
	} else if (auto array = node.as_array()) {
		struct document *to = document_node(parent, DOCUMENT_ARRAY, key, line);

		for (auto &&item : *array)
			add(to, nullptr, item.source().begin.line, item);
	} else if (auto string = node.value_exact<std::string>()) {
		document_node(parent, DOCUMENT_STRING, key, line)->string = g_strdup(string->c_str());
	} else if (auto integer = node.value_exact<int64_t>()) {
		document_node(parent, DOCUMENT_INTEGER, key, line)->integer = *integer;
	} else if (auto boolean = node.value_exact<bool>()) {
		document_node(parent, DOCUMENT_BOOLEAN, key, line)->boolean = *boolean;
	} else {
		document_node(parent, DOCUMENT_OTHER, key, line);
	}
}

struct document *document_parse(const char *text, const char *name, FILE *err)
{
	toml::parse_result result = toml::parse(std::string_view(text));

	if (!result) {
		std::string why(result.error().description());

		fprintf(err, "%s: %s:%u: %s\n", program_invocation_short_name, name, result.error().source().begin.line,
			why.c_str());
		return nullptr;
	}
	struct document *root = document_node(nullptr, DOCUMENT_TABLE, nullptr, 1);

	add_table(root, result.table());
	return root;
}
