// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "bytes/number.h"
#include "driver/parse.h"
#include "ids.h"

int ids_parse(const char *text, const char *noun, struct ap_mask *ids, FILE *err)
{
	struct mask_edit edit;
	int rc = strpbrk(text, "+\n") || *text == '-' ? -EINVAL :
		 vfio_ap_parse_ids(text, AP_IDS - 1, true, &edit);

	if (!rc) {
		*ids = edit.add;
		return 0;
	}
	if (rc == -EINVAL)
		fprintf(err, "apctl: \"%s\" is not a list of %s: give numbers and ranges, separated by commas, as in 5-6,0xab\n",
			text, noun);
	else
		fprintf(err, "apctl: \"%s\" has %s above 255, the highest there can be\n",
			text, noun);
	return -EINVAL;
}

/*
 * Append a number in a form that ids_parse() reads: decimal as long as that is
 * the same in hexadecimal.
 */
static void append_id(GString *text, unsigned int id)
{
	g_string_append_printf(text, id < 10 ? "%u" : "0x%02x", id);
}

static unsigned int end_of_run(const struct ap_mask *ids, unsigned int id)
{
	while (id + 1 < AP_IDS && mask_has(ids, id + 1))
		id++;
	return id;
}

char *ids_text(const struct ap_mask *ids)
{
	GString *text = g_string_new(NULL);
	unsigned int id, last;

	mask_for_each(id, ids) {
		last = end_of_run(ids, id);
		if (text->len)
			g_string_append_c(text, ',');
		append_id(text, id);
		if (last > id) {
			g_string_append_c(text, '-');
			append_id(text, last);
		}
		id = last;
	}
	if (!text->len)
		g_string_append(text, "none");
	return g_string_free(text, FALSE);
}

char *ids_each_text(const struct ap_mask *ids)
{
	GString *text = g_string_new(NULL);
	unsigned int id;

	mask_for_each(id, ids)
		g_string_append_printf(text, "%s0x%02x", text->len ? "," : "", id);
	return g_string_free(text, FALSE);
}

void mask_text(const struct ap_mask *mask, char text[MASK_TEXT])
{
	g_snprintf(text, MASK_TEXT, "0x%016llx%016llx%016llx%016llx",
		   (unsigned long long)mask->word[0], (unsigned long long)mask->word[1],
		   (unsigned long long)mask->word[2], (unsigned long long)mask->word[3]);
}

/*
 * ap_config consists of three masks, so the mask is parsed as the first of
 * them.
 */
int mask_parse(const char *text, struct ap_mask *mask)
{
	g_autofree char *config = g_strconcat(text, ",0,0", NULL);
	struct matrix matrix;
	int rc = vfio_ap_parse_config(config, &matrix);

	*mask = matrix.apm;
	return rc;
}

struct ap_mask mask_all(void)
{
	struct ap_mask all;

	memset(&all, 0xff, sizeof(all));
	return all;
}

unsigned int mask_count(const struct ap_mask *mask)
{
	unsigned int count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(mask->word); i++)
		count += __builtin_popcountll(mask->word[i]);
	return count;
}

bool mask_equal(const struct ap_mask *a, const struct ap_mask *b)
{
	return !memcmp(a, b, sizeof(*a));
}

void apqn_text(unsigned int apqn, char text[APQN_TEXT])
{
	g_snprintf(text, APQN_TEXT, "%02x.%04x", APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
}

/* Return the number at *@line, or -1 if there is none. */
static int take_number(const char **line)
{
	uint64_t number;

	return number_take(line, 16, AP_IDS - 1, &number) ? (int)number : -1;
}

const char *matrix_line(const char *line, struct matrix *matrix, int *apqn)
{
	int adapter = take_number(&line);
	int domain;

	if (*line++ != '.')
		return NULL;
	domain = take_number(&line);
	if ((*line && *line != '\n') || (adapter < 0 && domain < 0))
		return NULL;
	if (adapter >= 0)
		mask_add(&matrix->apm, adapter);
	if (domain >= 0)
		mask_add(&matrix->aqm, domain);
	*apqn = adapter >= 0 && domain >= 0 ? (int)APQN(adapter, domain) : -1;
	return *line ? line + 1 : line;
}
