// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "file.h"
#include "names.h"

#define UUID_LENGTH	36
#define NAME_MAX_LENGTH	32
#define FIRST_PART	8

bool uuid_is_valid(const char *text)
{
	return strlen(text) == UUID_LENGTH && g_uuid_string_is_valid(text);
}

bool name_is_valid(const char *text)
{
	return isalpha((unsigned char)*text) && strlen(text) <= NAME_MAX_LENGTH &&
	       !text[strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.")];
}

/*
 * Return the lines of the file, which the caller frees. Lines other than "UUID
 * NAME" are ignored by the callers.
 */
static char **read_lines(const char *root)
{
	g_autofree char *text = file_read(root, NAMES);

	return g_strsplit(text ? text : "", "\n", -1);
}

static bool line_has_uuid(const char *line, const char *uuid)
{
	return !g_ascii_strncasecmp(line, uuid, UUID_LENGTH) && line[UUID_LENGTH] == ' ';
}

char *name_of(const char *root, const char *uuid)
{
	g_auto(GStrv) lines = read_lines(root);

	for (char **line = lines; *line; line++)
		if (line_has_uuid(*line, uuid))
			return g_strdup(*line + UUID_LENGTH + 1);
	return g_strndup(uuid, FIRST_PART);
}

char *name_find(const char *root, const char *name)
{
	g_auto(GStrv) lines = read_lines(root);

	for (char **line = lines; *line; line++)
		if (strlen(*line) > UUID_LENGTH && !strcmp(*line + UUID_LENGTH + 1, name))
			return g_strndup(*line, UUID_LENGTH);
	return NULL;
}

char *names_edit(const char *text, const char *uuid, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *edited = g_string_new(NULL);

	for (char **line = lines; *line; line++)
		if (**line && !line_has_uuid(*line, uuid))
			g_string_append_printf(edited, "%s\n", *line);
	if (name)
		g_string_append_printf(edited, "%s %s\n", uuid, name);
	return g_string_free(edited, FALSE);
}

int name_set(const char *root, const char *uuid, const char *name)
{
	g_autofree char *old = file_read(root, NAMES);
	g_autofree char *text = names_edit(old ? old : "", uuid, name);

	return file_replace(root, text, NAMES);
}

/* The UUID is of version 5, in a name space of this program's own. */
char *name_uuid(const char *name)
{
	static const guint8 space[16] = {
		0x5f, 0x0a, 0xd2, 0x9e, 0x37, 0x1c, 0x4c, 0x5b,
		0x9a, 0x44, 0x61, 0x70, 0x63, 0x74, 0x6c, 0x00,
	};
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 d[20];
	gsize length = sizeof(d);

	g_checksum_update(sum, space, sizeof(space));
	g_checksum_update(sum, (const guchar *)name, strlen(name));
	g_checksum_get_digest(sum, d, &length);
	d[6] = (d[6] & 0x0f) | 0x50;
	d[8] = (d[8] & 0x3f) | 0x80;
	return g_strdup_printf("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			       d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7],
			       d[8], d[9], d[10], d[11], d[12], d[13], d[14], d[15]);
}
