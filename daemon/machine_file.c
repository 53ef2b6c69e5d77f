// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/number.h"
#include "machine_file.h"

#define BLANKS " \t\r\n"

/*
 * @adapters, @domains: number of lines of each kind, including those with
 * mistakes @adapter, @domain, @interrupts, @master_keys: line that named each;
 * 0 if none did
 */
struct reader {
	struct cex_machine *machine;
	const char *name;
	FILE *errors;
	unsigned int line;
	unsigned int mistakes;
	unsigned int adapters, domains;
	unsigned int adapter[AP_ADAPTERS];
	unsigned int domain[AP_DOMAINS];
	unsigned int interrupts, master_keys;
};

__attribute__((format(printf, 2, 3)))
static void mistake(struct reader *reader, const char *format, ...)
{
	va_list args;

	fprintf(reader->errors, "%s:%u: ", reader->name, reader->line);
	va_start(args, format);
	vfprintf(reader->errors, format, args);
	va_end(args);
	fputc('\n', reader->errors);
	reader->mistakes++;
}

static void add_adapter(struct reader *reader, uint8_t number,
			const char *type)
{
	int error = cex_add_adapter(reader->machine, number, type);

	if (error)
		mistake(reader, "adapter %02x: %s", number, strerror(-error));
	else
		reader->adapter[number] = reader->line;
}

static bool adapter_number(struct reader *reader, const char *word,
			   uint8_t *number)
{
	if (!number_parse(word, number))
		mistake(reader, "'%s' is not an adapter number; they are hexadecimal, 00 to ff",
			word);
	else if (reader->adapter[*number])
		mistake(reader, "adapter %02x is defined already, see line %u",
			*number, reader->adapter[*number]);
	else
		return true;
	return false;
}

static bool adapter_type(struct reader *reader, const char *word)
{
	if (cex_has_type(word))
		return true;
	mistake(reader, "unknown adapter type '%s'; a type is CEX4 to CEX8 and A (accelerator), C (CCA) or P (EP11), as in CEX8A",
		word);
	return false;
}

static void adapter_line(struct reader *reader, char **rest)
{
	char *number = strtok_r(NULL, BLANKS, rest);
	char *type = strtok_r(NULL, BLANKS, rest);
	char *more = strtok_r(NULL, BLANKS, rest);
	uint8_t adapter;
	bool is_number, is_type;

	reader->adapters++;
	if (!type || more) {
		mistake(reader, "an adapter line is: adapter NUMBER TYPE, as in: adapter 04 CEX8A");
		return;
	}
	is_number = adapter_number(reader, number, &adapter);
	is_type = adapter_type(reader, type);
	if (is_number && is_type)
		add_adapter(reader, adapter, type);
}

static void add_domain(struct reader *reader, uint8_t number)
{
	int error = cex_add_domain(reader->machine, number);

	if (error == -EEXIST)
		mistake(reader, "domain %04x is defined already, see line %u",
			number, reader->domain[number]);
	else if (error)
		mistake(reader, "domain %04x: %s", number, strerror(-error));
	else
		reader->domain[number] = reader->line;
}

/* Add a domain, or a range of domains as in FIRST-LAST. */
static void domain_word(struct reader *reader, char *word)
{
	char *dash = strchr(word, '-');
	uint8_t first, last;

	if (dash)
		*dash = '\0';
	if (!number_parse(word, &first) ||
	    !number_parse(dash ? dash + 1 : word, &last)) {
		mistake(reader, "'%s%s%s' is not a domain number or a range of them; they are hexadecimal, 0000 to 00ff",
			word, dash ? "-" : "", dash ? dash + 1 : "");
		return;
	}
	if (first > last)
		mistake(reader, "the range %04x-%04x is empty; write the lower domain first",
			first, last);
	for (unsigned int domain = first; domain <= last; domain++)
		add_domain(reader, domain);
}

static void domain_line(struct reader *reader, char **rest)
{
	char *word = strtok_r(NULL, BLANKS, rest);

	reader->domains++;
	if (!word)
		mistake(reader, "a domain line is: domain NUMBER..., as in: domain 0004 0010-001f");
	for (; word; word = strtok_r(NULL, BLANKS, rest))
		domain_word(reader, word);
}

static void set_interrupts(struct reader *reader, bool on)
{
	if (!on)
		cex_set_polled(reader->machine);
	reader->interrupts = reader->line;
}

static void interrupts_line(struct reader *reader, char **rest)
{
	char *word = strtok_r(NULL, BLANKS, rest);
	char *more = strtok_r(NULL, BLANKS, rest);

	if (!word || more || (strcmp(word, "on") && strcmp(word, "off")))
		mistake(reader, "an interrupts line is: interrupts on, or: interrupts off");
	else if (reader->interrupts)
		mistake(reader, "interrupts are set already, see line %u",
			reader->interrupts);
	else
		set_interrupts(reader, !strcmp(word, "on"));
}

static void master_keys_line(struct reader *reader, char **rest)
{
	char *word = strtok_r(NULL, BLANKS, rest);
	char *more = strtok_r(NULL, BLANKS, rest);
	char reason[256];

	if (!word || more)
		mistake(reader, "a master-keys line is: master-keys same, or: master-keys random, or: master-keys FILE");
	else if (reader->master_keys)
		mistake(reader, "master keys are set already, see line %u",
			reader->master_keys);
	else if (cex_set_master_keys(reader->machine, word, reason, sizeof(reason)))
		mistake(reader, "%s", reason);
	else
		reader->master_keys = reader->line;
}

static void read_line(struct reader *reader, char *line, size_t length)
{
	char *rest, *word;

	if (strlen(line) != length) {
		mistake(reader, "there is a NUL byte; a machine file is text");
		return;
	}
	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, BLANKS, &rest);
	if (!word)
		return;
	if (!strcmp(word, "adapter"))
		adapter_line(reader, &rest);
	else if (!strcmp(word, "domain"))
		domain_line(reader, &rest);
	else if (!strcmp(word, "interrupts"))
		interrupts_line(reader, &rest);
	else if (!strcmp(word, "master-keys"))
		master_keys_line(reader, &rest);
	else
		mistake(reader, "unknown word '%s'; a line begins with adapter, domain, interrupts, master-keys or #",
			word);
}

/*
 * Adapters without a domain have no queues, nor have domains without an
 * adapter. What is missing is reported for the last line; in an empty file that
 * is the first.
 */
static void check_whole(struct reader *reader)
{
	if (!reader->line)
		reader->line = 1;
	if (!reader->adapters)
		mistake(reader, "the machine has no adapter; add a line such as: adapter 04 CEX8A");
	if (!reader->domains)
		mistake(reader, "the machine has no domain; add a line such as: domain 0004");
}

static void cannot_read(struct reader *reader)
{
	fprintf(reader->errors, "%s: the machine file cannot be read: %s; swcexd.machine(5) tells how to write one\n",
		reader->name, strerror(errno));
	reader->mistakes++;
}

unsigned int machine_file_read(FILE *file, const char *name,
			       struct cex_machine *machine, FILE *errors)
{
	struct reader reader = {
		.machine = machine,
		.name = name,
		.errors = errors,
	};
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	while ((length = getline(&line, &size, file)) >= 0) {
		reader.line++;
		read_line(&reader, line, length);
	}
	free(line);
	if (!ferror(file))
		check_whole(&reader);
	else
		cannot_read(&reader);
	return reader.mistakes;
}

struct cex_machine *machine_file_load(const char *program, const char *path,
				      unsigned int workers)
{
	struct cex_machine *machine;
	unsigned int mistakes;
	FILE *file = fopen(path, "re");

	if (!file) {
		fprintf(stderr, "%s: %s: the machine file cannot be read: %s; swcexd.machine(5) tells how to write one\n",
			program, path, strerror(errno));
		return NULL;
	}
	machine = cex_machine_new(workers);
	if (!machine) {
		fprintf(stderr, "%s: cannot make a machine: %s\n", program,
			strerror(errno));
		fclose(file);
		return NULL;
	}
	mistakes = machine_file_read(file, path, machine, stderr);
	fclose(file);
	if (!mistakes)
		return machine;
	cex_machine_free(machine);
	return NULL;
}
