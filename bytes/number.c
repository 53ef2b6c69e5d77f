// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "abi/ap.h"
#include "number.h"

/* strtoull() would accept a sign and white space. */
bool number_take(const char **text, int base, uint64_t max, uint64_t *number)
{
	unsigned char first = **text;
	char *end;

	if (!(base == 16 ? isxdigit(first) : isdigit(first)))
		return false;
	errno = 0;
	*number = strtoull(*text, &end, base);
	if (errno || *number > max)
		return false;
	*text = end;
	return true;
}

bool range_take(const char **text, struct ap_mask *mask)
{
	uint64_t first, last;

	if (!number_take(text, 0, AP_DOMAINS - 1, &first))
		return false;
	last = first;
	if (**text == '-') {
		++*text;
		if (!number_take(text, 0, AP_DOMAINS - 1, &last) || last < first)
			return false;
	}
	for (; first <= last; first++)
		ap_mask_set(mask, first);
	return true;
}

bool number_parse(const char *text, uint8_t *number)
{
	uint64_t value;

	if (!number_take(&text, 16, AP_ADAPTERS - 1, &value) || *text)
		return false;
	*number = value;
	return true;
}

bool apqn_parse(const char *text, uint16_t *apqn)
{
	uint64_t adapter;
	uint8_t domain;

	if (!number_take(&text, 16, AP_ADAPTERS - 1, &adapter) ||
	    *text != '.' || !number_parse(text + 1, &domain))
		return false;
	*apqn = AP_APQN(adapter, domain);
	return true;
}

bool decimal_parse(const char *text, uint64_t *number)
{
	return number_take(&text, 10, UINT64_MAX, number) && !*text;
}
