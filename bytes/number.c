// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "abi/ap.h"
#include "number.h"

/* Unlike strtoul(), takes neither a sign nor white space. */
static bool parse(const char *text, int base, char end, uint64_t max,
		  uint64_t *number, const char **rest)
{
	unsigned char first = text[0];
	char *stop;

	if (!(base == 16 ? isxdigit(first) : isdigit(first)))
		return false;
	errno = 0;
	*number = strtoull(text, &stop, base);
	*rest = stop + 1;
	return !errno && *stop == end && *number <= max;
}

bool number_parse(const char *text, uint8_t *number)
{
	const char *rest;
	uint64_t value;

	if (!parse(text, 16, '\0', AP_ADAPTERS - 1, &value, &rest))
		return false;
	*number = value;
	return true;
}

bool apqn_parse(const char *text, uint16_t *apqn)
{
	uint64_t adapter;
	const char *rest;
	uint8_t domain;

	if (!parse(text, 16, '.', AP_ADAPTERS - 1, &adapter, &rest) ||
	    !number_parse(rest, &domain))
		return false;
	*apqn = AP_APQN(adapter, domain);
	return true;
}

bool decimal_parse(const char *text, uint64_t *number)
{
	const char *rest;

	return parse(text, 10, '\0', UINT64_MAX, number, &rest);
}
