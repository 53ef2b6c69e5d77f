// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "file.h"
#include "keys.h"

const char *const key_names[KEY_KINDS] = { "AES", "APKA", "ASYM", "WK" };

bool adapter_has_keys(const struct adapter *adapter)
{
	size_t length = strlen(adapter->type);

	return length && strchr("CP", adapter->type[length - 1]);
}

bool keys_are_readable(const struct machine *machine, unsigned int apqn)
{
	const struct adapter *adapter = &machine->adapter[APQN_ADAPTER(apqn)];

	return machine->queue[apqn].driver == DRIVER_HOST && adapter_has_keys(adapter) &&
	       !adapter->deconfigured && !adapter->checkstopped && !adapter->offline;
}

static const char *without_0x(const char *pattern)
{
	return g_str_has_prefix(pattern, "0x") ? pattern + 2 : pattern;
}

/*
 * Apply a line such as "AES CUR: valid 0x0123456789abcdef". A state of "-"
 * means that it is unknown.
 */
static void take_line(const char *line, struct keys *keys)
{
	char kind[8], place[8], state[16], pattern[80];
	struct master_key *key;

	if (sscanf(line, "%7s %7[^:]: %15s %79s", kind, place, state, pattern) != 4 ||
	    *state == '-')
		return;
	for (int i = 0; i < KEY_KINDS; i++) {
		if (strcmp(kind, key_names[i]))
			continue;
		key = &keys->key[i];
		key->known = true;
		if (!strcmp(place, "CUR")) {
			key->valid = !strcmp(state, "valid");
			g_strlcpy(key->pattern, key->valid ? without_0x(pattern) : "",
				  sizeof(key->pattern));
		} else if (!strcmp(place, "NEW")) {
			key->pending = strcmp(state, "empty");
		}
	}
}

int keys_read(const char *root, unsigned int apqn, struct keys *keys)
{
	g_autofree char *text = file_read(root, AP_DEVICES "/card%02x/%02x.%04x/mkvps",
					  APQN_ADAPTER(apqn), APQN_ADAPTER(apqn),
					  APQN_DOMAIN(apqn));
	g_auto(GStrv) lines = NULL;

	memset(keys, 0, sizeof(*keys));
	if (!text)
		return -errno;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		take_line(*line, keys);
	for (int i = 0; i < KEY_KINDS; i++)
		if (keys->key[i].known)
			return 0;
	return -ENODATA;
}

bool keys_are_set(const struct keys *keys)
{
	for (int i = 0; i < KEY_KINDS; i++)
		if (keys->key[i].valid)
			return true;
	return false;
}

char *keys_text(const struct keys *keys)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < KEY_KINDS; i++)
		if (keys->key[i].valid)
			g_string_append_printf(text, "%s%s %s", text->len ? ", " : "",
					       key_names[i], keys->key[i].pattern);
	return g_string_free(text, FALSE);
}
