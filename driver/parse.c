// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return INT_MAX;
}

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

/* Skip 0x or 0X, unless what follows cannot be a hexadecimal number. */
static bool take_hex_prefix(const char **text)
{
	const char *p = *text;

	if (p[0] != '0' || (p[1] != 'x' && p[1] != 'X') || digit_value(p[2]) >= 16)
		return false;
	*text += 2;
	return true;
}

static bool at_end(const char *text)
{
	take(&text, '\n');
	return !*text;
}

static int parse_number(const char **text, unsigned long *number)
{
	unsigned long base, value = 0;
	int digits = 0;

	if (take_hex_prefix(text))
		base = 16;
	else
		base = **text == '0' ? 8 : 10;
	for (; digit_value(**text) < (int)base; (*text)++, digits++) {
		unsigned long digit = digit_value(**text);

		if (value > (ULONG_MAX - digit) / base)
			return -ERANGE;
		value = value * base + digit;
	}
	*number = value;
	return digits ? 0 : -EINVAL;
}

static int parse_range(const char **text, unsigned long *first, unsigned long *last)
{
	int rc = parse_number(text, first);

	*last = *first;
	if (rc || !take(text, '-'))
		return rc;
	rc = parse_number(text, last);
	if (!rc && *last < *first)
		rc = -EINVAL;
	return rc;
}

static void edit_range(struct mask_edit *edit, unsigned long first, unsigned long last, bool add)
{
	for (unsigned long id = first; id <= last; id++) {
		mask_add(add ? &edit->add : &edit->del, id);
		mask_del(add ? &edit->del : &edit->add, id);
	}
}

int vfio_ap_parse_ids(const char *text, unsigned int max, bool assign, struct mask_edit *edit)
{
	unsigned long first, last;
	bool too_high = false;
	int rc;

	memset(edit, 0, sizeof(*edit));
	do {
		bool plus = take(&text, '+');
		bool minus = !plus && take(&text, '-');

		rc = parse_range(&text, &first, &last);
		if (rc)
			return rc;
		if (last > max)
			too_high = true;
		else
			edit_range(edit, first, last, plus || (assign && !minus));
	} while (take(&text, ','));

	if (!at_end(text))
		return -EINVAL;
	return too_high ? -ENODEV : 0;
}

static int parse_mask(const char **text, struct ap_mask *mask)
{
	unsigned int bit = 0;

	memset(mask, 0, sizeof(*mask));
	take_hex_prefix(text);
	for (; digit_value(**text) < 16; (*text)++, bit += 4) {
		if (bit == AP_IDS)
			return -EINVAL;
		mask->word[bit / 64] |= (__u64)digit_value(**text) << (60 - bit % 64);
	}
	return bit ? 0 : -EINVAL;
}

int vfio_ap_parse_config(const char *text, struct matrix *m)
{
	if (parse_mask(&text, &m->apm) || !take(&text, ',') ||
	    parse_mask(&text, &m->aqm) || !take(&text, ',') ||
	    parse_mask(&text, &m->adm) || !at_end(text))
		return -EINVAL;
	return 0;
}
