// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "abi/link.h"
#include "capabilities.h"
#include "cex/cex.h"
#include "options.h"

/* Begin another element of a list. All words are names, without quotes. */
static void print_word(size_t i, const char *word)
{
	printf("%s\"%s\"", i ? "," : "", word);
}

static void print_adapters(void)
{
	char type[CEX_TYPE_SIZE];

	for (size_t i = 0; cex_nth_type(i, type); i++)
		print_word(i, type);
}

static void print_options(void)
{
	const char *name;

	for (size_t i = 0; (name = options_name(i)); i++)
		print_word(i, name);
}

int capabilities_print(const char *version, int api)
{
	printf("{\"version\":\"%s\",\"plugin-api\":%d,\"link\":%d,\"adapters\":[",
	       version, api, LINK_VERSION);
	print_adapters();
	printf("],\"options\":[");
	print_options();
	puts("]}");
	return fflush(stdout) ? -errno : 0;
}
