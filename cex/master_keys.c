// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which master keys the domains of a machine have when it is made: those of its
 * model, if that has any.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apcb.h"
#include "machine.h"

#define BLANKS " \t\r\n"

struct file {
	const char *name;
	unsigned int line;
	struct domain *model;
	char *reason;
	size_t size;
};

__attribute__((format(printf, 2, 3)))
static int mistake(struct file *file, const char *format, ...)
{
	int length = snprintf(file->reason, file->size, "%s:%u: ", file->name,
			      file->line);
	va_list args;

	if (length < 0 || (size_t)length >= file->size)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(file->reason + length, file->size - length, format, args);
	va_end(args);
	return -EINVAL;
}

static int take_key(struct file *file, enum master_key_kind kind, const char *hex)
{
	uint8_t key[MASTER_KEY_MAX + 1] = { 0 };
	size_t length = 0;
	bool restored;

	if (!OPENSSL_hexstr2buf_ex(key, sizeof(key), &length, hex, '\0') ||
	    length != master_key_length(kind))
		return mistake(file, "key %s must have %zu hexadecimal digits",
			       master_key_name(kind), 2 * master_key_length(kind));
	restored = domain_restore(file->model, kind, MASTER_KEY_CURRENT,
				  MASTER_KEY_FULL, key);
	OPENSSL_cleanse(key, sizeof(key));
	return restored ? 0 : mistake(file, "not enough memory");
}

static int take_line(struct file *file, char *line)
{
	enum master_key_kind kind;
	char *rest, *word, *hex;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, BLANKS, &rest);
	if (!word)
		return 0;
	hex = strtok_r(NULL, BLANKS, &rest);
	kind = master_key_kind(word);
	if (kind == MASTER_KEY_KINDS || !hex || strtok_r(NULL, BLANKS, &rest))
		return mistake(file, "expected KEY HEXADECIMAL, where KEY is asym, aes, apka or wk");
	if (domain_current(file->model, kind))
		return mistake(file, "key %s is given twice: remove one of the lines", word);
	return take_key(file, kind, hex);
}

static int read_lines(struct file *file, FILE *stream)
{
	char *line = NULL;
	size_t room = 0;
	int error = 0;

	while (!error && getline(&line, &room, stream) >= 0) {
		file->line++;
		error = take_line(file, line);
	}
	if (line)
		OPENSSL_cleanse(line, room);
	free(line);
	if (!error && ferror(stream))
		error = mistake(file, "cannot read the file: %s", strerror(errno));
	return error;
}

static int read_file(struct domain *model, const char *name, char *reason,
		     size_t size)
{
	struct file file = { .name = name, .model = model, .reason = reason,
			     .size = size };
	FILE *stream = fopen(name, "re");
	int error;

	if (!stream) {
		error = -errno;
		snprintf(reason, size, "%s: cannot open the file: %s; master keys are random, same or the path of a file",
			 name, strerror(errno));
		return error;
	}
	error = read_lines(&file, stream);
	fclose(stream);
	return error;
}

static int draw_all(struct domain *model, char *reason, size_t size)
{
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		if (domain_generate(model, kind)) {
			snprintf(reason, size, "%s",
				 domain_reason(DOMAIN_FAILED));
			return -ENOMEM;
		}
	return 0;
}

static int make_model(struct domain *model, const char *how, char *reason,
		      size_t size)
{
	if (!strcmp(how, "random"))
		return 0;
	if (!strcmp(how, "same"))
		return draw_all(model, reason, size);
	return read_file(model, how, reason, size);
}

static void take_model(struct queue *queue, void *unused)
{
	(void)unused;
	queue_take_model(queue);
}

int cex_set_master_keys(struct cex_machine *machine, const char *how,
			char *reason, size_t size)
{
	int error;

	domain_wipe(&machine->model);
	error = make_model(&machine->model, how, reason, size);
	if (!error)
		machine_each_queue_of(machine, &apcb_all, take_model, NULL);
	return error;
}
