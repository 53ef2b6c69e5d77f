// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <openssl/crypto.h>
#include <string.h>

#include "bytes/number.h"
#include "control_command.h"
#include "key_console.h"
#include "log.h"
#include "status.h"

#define ARGS_MAX	(KEY_CONSOLE_ARGS + 1)
#define BLANKS		" \t\r"
#define TOLD_ARGS	3
#define TOLD_MAX	128

/*
 * A command returns NULL after it has written the answer, or else a sentence
 * that says why it could not be carried out.
 */
typedef const char *command_fn(struct cex_machine *machine, char **args,
			       FILE *out);

static const char ok[] = "ok\n";
static const char no_apqn[] = "a queue is written as lszcrypt does: 05.0004";
static const char no_queue[] = "the machine has no such queue; status lists them";

/* status_step() writes the status itself. */
static const char *begin_status(struct cex_machine *machine, char **args,
				FILE *out)
{
	(void)machine;
	if (args[0] && strcmp(args[0], "json"))
		return "the forms are: status, status json";
	fputs(ok, out);
	return NULL;
}

static const char *show_handovers(struct cex_machine *machine, char **args,
				  FILE *out)
{
	(void)args;
	fprintf(out, "%s%" PRIu64 "\n", ok, cex_dirty_handovers(machine));
	return NULL;
}

static const char *set_reset_time(struct cex_machine *machine, char **args,
				  FILE *out)
{
	uint64_t milliseconds = UINT64_MAX;
	uint16_t apqn;

	if (!apqn_parse(args[0], &apqn))
		return no_apqn;
	if (strcmp(args[1], "never") &&
	    !decimal_parse(args[1], &milliseconds))
		return "a time is a decimal number of milliseconds, or never";
	if (cex_set_reset_time(machine, apqn, milliseconds))
		return no_queue;
	fputs(ok, out);
	return NULL;
}

static const char *end_faults(struct cex_machine *machine, uint16_t apqn,
			      FILE *out)
{
	for (enum fault fault = 0; fault < FAULTS; fault++)
		if (cex_set_fault(machine, apqn, fault, 0))
			return no_queue;
	fputs(ok, out);
	return NULL;
}

static bool count_parse(const char *text, uint64_t *count)
{
	if (!text)
		*count = FAULT_ALWAYS;
	else if (!strcmp(text, "off"))
		*count = 0;
	else
		return decimal_parse(text, count) && *count;
	return true;
}

static const char *set_fault(struct cex_machine *machine, char **args, FILE *out)
{
	enum fault fault = fault_find(args[1]);
	uint64_t count;
	uint16_t apqn;

	if (!apqn_parse(args[0], &apqn))
		return no_apqn;
	if (!strcmp(args[1], "off") && !args[2])
		return end_faults(machine, apqn, out);
	if (fault == FAULTS)
		return "there is no such fault; swcexd(8) lists them";
	if (!count_parse(args[2], &count))
		return "a count is a decimal number from 1, or off";
	if (cex_set_fault(machine, apqn, fault, count))
		return no_queue;
	fputs(ok, out);
	return NULL;
}

static const char *set_adapter(int (*set)(struct cex_machine *, unsigned int),
			       struct cex_machine *machine, const char *arg,
			       FILE *out)
{
	uint8_t adapter;

	if (!number_parse(arg, &adapter))
		return "an adapter is a hexadecimal number, 00 to ff";
	if (set(machine, adapter))
		return "the machine has no such adapter; status lists them";
	fputs(ok, out);
	return NULL;
}

static const char *configure(struct cex_machine *machine, char **args,
			     FILE *out)
{
	return set_adapter(cex_configure, machine, args[0], out);
}

static const char *deconfigure(struct cex_machine *machine, char **args,
			       FILE *out)
{
	return set_adapter(cex_deconfigure, machine, args[0], out);
}

static const char *checkstop(struct cex_machine *machine, char **args,
			     FILE *out)
{
	return set_adapter(cex_checkstop, machine, args[0], out);
}

static const char *change_profile(struct cex_machine *machine, char **args,
				  bool in_it, FILE *out)
{
	bool is_adapter = !strcmp(args[0], "adapter");
	uint8_t number;
	int error;

	if (!is_adapter && strcmp(args[0], "domain"))
		return "the forms are: add adapter|domain NUMBER, remove adapter|domain NUMBER";
	if (!number_parse(args[1], &number))
		return "adapters and domains are hexadecimal numbers, 00 to ff";
	if (is_adapter)
		error = cex_profile_adapter(machine, number, in_it);
	else
		error = cex_profile_domain(machine, number, in_it);
	if (error)
		return "the machine has no such adapter or domain; status lists them";
	fputs(ok, out);
	return NULL;
}

static const char *add(struct cex_machine *machine, char **args, FILE *out)
{
	return change_profile(machine, args, true, out);
}

static const char *remove_from(struct cex_machine *machine, char **args,
			       FILE *out)
{
	return change_profile(machine, args, false, out);
}

static command_fn help;

/*
 * What a command does to the machine: nothing, or something that ends with the
 * process, or something that is saved.
 */
enum effect {
	EFFECT_NONE,
	EFFECT_PASSING,
	EFFECT_SAVED,
};

static const struct row {
	const char *name;
	const char *usage;
	int min_args, max_args;
	command_fn *command;
	enum effect effect;
	const char *sentence;
} rows[] = {
	{ "status", "[json]", 0, 1, begin_status, EFFECT_NONE,
	  "show every queue" },
	{ "dirty-handovers", "", 0, 0, show_handovers, EFFECT_NONE,
	  "show how often a VM reached another one's leftovers" },
	{ "reset-time", "QUEUE MILLISECONDS|never", 2, 2, set_reset_time,
	  EFFECT_PASSING, "set how long a reset takes" },
	{ "fault", "QUEUE FAULT|off [COUNT|off]", 2, 3, set_fault,
	  EFFECT_PASSING, "make something go wrong in a queue" },
	{ "deconfigure", "ADAPTER", 1, 1, deconfigure, EFFECT_SAVED,
	  "deconfigure an adapter" },
	{ "configure", "ADAPTER", 1, 1, configure, EFFECT_SAVED,
	  "configure an adapter again" },
	{ "checkstop", "ADAPTER", 1, 1, checkstop, EFFECT_SAVED,
	  "checkstop an adapter" },
	{ "remove", "adapter|domain NUMBER", 2, 2, remove_from, EFFECT_SAVED,
	  "remove it from the LPAR's profile" },
	{ "add", "adapter|domain NUMBER", 2, 2, add, EFFECT_SAVED,
	  "add it to the LPAR's profile again" },
	{ "master-key", "ACTION QUEUE ...", 0, KEY_CONSOLE_ARGS, key_console,
	  EFFECT_SAVED, "show or change a domain's master keys" },
	{ "help", "", 0, 0, help, EFFECT_NONE, "list the commands" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *help(struct cex_machine *machine, char **args, FILE *out)
{
	(void)machine;
	(void)args;
	fputs(ok, out);
	for (size_t i = 0; i < ROWS; i++)
		fprintf(out, "%-16s %-28s %s\n", rows[i].name, rows[i].usage,
			rows[i].sentence);
	return NULL;
}

const char *control_command_name(size_t n)
{
	return n < ROWS ? rows[n].name : NULL;
}

static const struct row *row_find(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return NULL;
}

/*
 * Return the number of arguments, counting at most one more than any command
 * takes.
 */
static int split(char *rest, char **args)
{
	int count = 0;

	while (count < ARGS_MAX &&
	       (args[count] = strtok_r(NULL, BLANKS, &rest)))
		count++;
	return count;
}

static enum effect effect_of(const struct row *row, char **args)
{
	if (row->command == key_console && !key_console_may_change(args))
		return EFFECT_NONE;
	return row->effect;
}

/*
 * Describe a command for the log, which it enters only if it has been carried
 * out. The first TOLD_ARGS arguments do not include a key part then; in a
 * command that failed, any argument may be one.
 */
static void describe(char told[TOLD_MAX], const struct row *row, char **args)
{
	int length = snprintf(told, TOLD_MAX, "%s", row->name);

	for (int i = 0; i < TOLD_ARGS && args[i] && length < TOLD_MAX; i++)
		length += snprintf(told + length, TOLD_MAX - length, " %s",
				   args[i]);
}

static enum control_answer answer_command(const struct row *row,
					  struct cex_machine *machine,
					  char **args, FILE *out)
{
	enum effect effect = effect_of(row, args);
	char told[TOLD_MAX];
	const char *error;

	describe(told, row, args);
	error = row->command(machine, args, out);
	if (!error && effect != EFFECT_NONE)
		log_line(LOG_INFO, "control: %s", told);
	OPENSSL_cleanse(told, sizeof(told));
	if (error) {
		fprintf(out, "error: %s: %s\n", row->name, error);
		return ANSWER_AT_ONCE;
	}
	if (row->command == begin_status)
		return ANSWER_IN_STEPS;
	return effect == EFFECT_SAVED ? ANSWER_WHEN_SAVED : ANSWER_AT_ONCE;
}

enum control_answer control_command(struct cex_machine *machine, char *line,
				    FILE *out, struct status *status)
{
	char *args[ARGS_MAX] = { NULL };
	char *rest = NULL;
	char *name = strtok_r(line, BLANKS, &rest);
	const struct row *row = name ? row_find(name) : NULL;
	int count;

	if (!row) {
		fprintf(out, "error: unknown command '%s'; help lists them\n",
			name ? name : "");
		return ANSWER_AT_ONCE;
	}
	count = split(rest, args);
	if (count < row->min_args || count > row->max_args) {
		fprintf(out, "error: usage: %s %s\n", row->name, row->usage);
		return ANSWER_AT_ONCE;
	}
	/* The only argument that status takes is json. */
	*status = (struct status){ .json = count };
	return answer_command(row, machine, args, out);
}
