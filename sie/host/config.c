// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	size_t offset;
} entries[] = {
	{ "QEMU", offsetof(struct config, qemu) },
	{ "PLUGIN", offsetof(struct config, plugin) },
	{ "MACHINE", offsetof(struct config, machine) },
	{ "FILES", offsetof(struct config, files) },
	{ "RUN", offsetof(struct config, run) },
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

static char **entry(struct config *config, size_t i)
{
	return (char **)((char *)config + entries[i].offset);
}

static char **find(struct config *config, const char *name)
{
	for (size_t i = 0; i < ENTRIES; i++) {
		if (!strcmp(entries[i].name, name))
			return entry(config, i);
	}
	return NULL;
}

/* Returns what is wrong with the line, or NULL. */
static const char *read_line(struct config *config, char *line)
{
	char *value = strchr(line, '=');
	char **slot;

	line[strcspn(line, "\n")] = '\0';
	if (!*line || *line == '#')
		return NULL;
	if (!value)
		return "it is not NAME=VALUE";
	*value++ = '\0';
	slot = find(config, line);
	if (!slot)
		return "the name is unknown";
	if (*slot)
		return "the name was given before";
	if (*value != '/')
		return "the value is not an absolute path";
	*slot = strdup(value);
	return *slot ? NULL : "memory is short";
}

static bool read_lines(struct config *config, FILE *file, const char *path,
		       char *reason, size_t size)
{
	unsigned int number = 0;
	const char *wrong = NULL;
	size_t room = 0;
	char *line = NULL;

	while (!wrong && getline(&line, &room, file) >= 0) {
		number++;
		wrong = read_line(config, line);
	}
	if (wrong)
		snprintf(reason, size, "line %u of %s: %s", number, path, wrong);
	free(line);
	return !wrong;
}

static bool is_complete(struct config *config, const char *path, char *reason, size_t size)
{
	for (size_t i = 0; i < ENTRIES; i++) {
		if (*entry(config, i))
			continue;
		snprintf(reason, size, "%s has no line %s=", path, entries[i].name);
		return false;
	}
	return true;
}

bool config_read(struct config *config, const char *path, char *reason, size_t size)
{
	FILE *file;
	bool good;

	memset(config, 0, sizeof(*config));
	file = fopen(path, "re");
	if (!file) {
		snprintf(reason, size, "%s: %s", path, strerror(errno));
		return false;
	}
	good = read_lines(config, file, path, reason, size) &&
	       is_complete(config, path, reason, size);
	fclose(file);
	return good;
}

void config_free(struct config *config)
{
	for (size_t i = 0; i < ENTRIES; i++)
		free(*entry(config, i));
}
