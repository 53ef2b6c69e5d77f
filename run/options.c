// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apctl/document.h"
#include "bytes/number.h"
#include "status.h"

/* SECONDS is a NUMBER that may end in s, m or h. */
enum kind { FLAG, TEXT, LIST, NUMBER, SECONDS };

/*
 * @values are the words that complete the option. If @optional is set, there
 * are no other values, and NAME alone means the first one.
 */
struct row {
	const char *name;
	char letter;
	enum kind kind;
	size_t offset;
	const char *argument, *help;
	const char *values;
	bool optional;
	guint64 least, most;
};

#define OPTION(NAME, LETTER, KIND, MEMBER, ARGUMENT, HELP, ...) { \
	.name = NAME, .letter = LETTER, .kind = KIND, .offset = offsetof(struct options, MEMBER), \
	.argument = ARGUMENT, .help = HELP, ##__VA_ARGS__ }

static const struct row rows[] = {
	{ .help = "Adapters (default: 4:CEX8A 5:CEX8C 6:CEX8P, domains 4 and 0x47)" },
	OPTION("adapter", 0, LIST, adapters, "N:TYPE", "an adapter, such as 5:CEX8C"),
	OPTION("domain", 0, LIST, domains, "N,N-N", "domains, such as 4,0x47"),
	OPTION("machine", 0, TEXT, machine, "FILE", "a machine file instead, see swcexd.machine(5)"),
	OPTION("no-interrupts", 0, FLAG, no_interrupts, NULL, "no adapter interruptions: the kernel polls"),
	OPTION("fault", 0, LIST, faults, "'Q FAULT [N]'", "a queue's fault, as in '05.0004 busy 3'"),
	OPTION("state", 0, TEXT, state, "DIR", "keep master keys from run to run in DIR"),
	OPTION("master-keys", 0, TEXT, master_keys, "random|same|FILE", "which keys are current at boot",
	  .values = "random same"),
	OPTION("summary", 0, TEXT, summary, "text|json", "tell at the end what each queue did",
	  .values = "text json", .optional = true),
	OPTION("require-requests", 0, FLAG, require_requests, NULL, "fail unless an adapter was used"),

	{ .help = "Where the command runs (default: --lpar)" },
	OPTION("lpar", 0, FLAG, lpar, NULL, "in an LPAR"),
	OPTION("guest", 0, FLAG, guest, NULL, "in a guest, to which an LPAR lends the adapters by vfio_ap"),
	OPTION("guests", 0, NUMBER, guests, "N", "in N guests, which share the domains out among them",
	       .least = 1, .most = 16),
	OPTION("driver", 0, TEXT, driver, "ours|in-tree", "which vfio_ap the LPAR has", .values = "ours in-tree"),

	{ .help = "The root file system (default: kit, or debian:trixie with packages or systemd)" },
	OPTION("root", 0, TEXT, root, "debian:SUITE|kit|DIR|FILE", "Debian's, the lab's, or a tree, tarball or image",
	       .values = "debian:trixie debian:bookworm debian:sid kit"),
	OPTION("packages", 0, LIST, packages, "NAME,...", "packages of Debian that are installed in it"),
	OPTION("install", 0, LIST, install, "FILE.deb", "a package of your own, likewise"),
	OPTION("systemd", 0, FLAG, systemd, NULL, "have its systemd run, and the command when that is up"),
	OPTION("write", 0, FLAG, write, NULL, "let DIR or FILE be written to, instead of a copy"),

	{ .help = "The VM" },
	OPTION("kernel", 0, TEXT, kernel, "6.1|6.12|7|FILE", "Debian's, or a bzImage", .values = "6.1 6.12 7"),
	OPTION("modules", 0, TEXT, modules, "DIR", "the modules of the kernel FILE"),
	OPTION("append", 0, TEXT, append, "WORDS", "parameters for the kernel"),
	OPTION("check-kernel", 0, FLAG, check_kernel, NULL, "name what the kernel lacks, and end"),
	OPTION("cpus", 0, NUMBER, cpus, "N", "how many CPUs", .least = 1, .most = 64),
	OPTION("memory", 0, NUMBER, memory, "MIB", "how much memory", .least = 128, .most = 1 << 20),
	OPTION("net", 0, FLAG, net, NULL, "give it a network, by way of this machine"),
	OPTION("qemu", 0, TEXT, qemu, "FILE", "another qemu-system-s390x, 11 or later"),
	OPTION("print-qemu-args", 0, FLAG, print_qemu_args, NULL, "print the adapters as QEMU's arguments, and end"),

	{ .help = "The run" },
	OPTION("directory", 'C', TEXT, directory, "DIR", "the command's, shared with the VM, instead of ."),
	OPTION("timeout", 0, SECONDS, timeout, "TIME", "end with status 124 after TIME, as in 90 or 5m",
	  .least = 1, .most = 30 * 24 * 3600),
	OPTION("boot-timeout", 0, SECONDS, boot_timeout, "TIME", "the same for what is before the command",
	  .least = 1, .most = 24 * 3600),
	OPTION("tty", 't', FLAG, tty, NULL, "give the command a terminal"),
	OPTION("no-tty", 'T', FLAG, no_tty, NULL, "give it none, even if the caller has one"),
	OPTION("console", 0, TEXT, console, "FILE", "keep what the VM's console says"),
	OPTION("bundle", 0, TEXT, bundle, "FILE", "take QEMU, kernel and kit from what `make kit-bundle` wrote"),
	OPTION("keep", 0, FLAG, keep, NULL, "leave the run's files, and say where"),
	OPTION("quiet", 'q', FLAG, quiet, NULL, "tell no progress"),

	{ .help = "About this program" },
	OPTION("help", 'h', FLAG, help, NULL, "print this"),
	OPTION("print-capabilities", 0, FLAG, print_capabilities, NULL, "print what it can do, as JSON"),
	OPTION("print-completion", 0, FLAG, print_completion, NULL, "print a script by which bash completes"),
};

static_assert(G_N_ELEMENTS(rows) <= OPTIONS_MAX, "origin[] has a place for each");

void options_init(struct options *options)
{
	*options = (struct options){ .cpus = 2, .memory = 1024, .boot_timeout = 180 };
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].name && rows[i].kind == LIST)
			*(GPtrArray **)((char *)options + rows[i].offset) = g_ptr_array_new_with_free_func(g_free);
	}
}

void options_free(struct options *options)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *member = (char *)options + rows[i].offset;

		if (!rows[i].name)
			continue;
		if (rows[i].kind == LIST)
			g_ptr_array_unref(*(GPtrArray **)member);
		else if (rows[i].kind == TEXT)
			g_free(*(char **)member);
	}
}

/* Return the seconds of the unit at @text, which ends there, or 0. */
static unsigned int unit_of(const char *text)
{
	if (!*text)
		return 1;
	if (text[1])
		return 0;
	return *text == 's' ? 1 : *text == 'm' ? 60 : *text == 'h' ? 3600 : 0;
}

static bool take_number(const struct row *row, const char *where, const char *value, uint64_t *number)
{
	const char *end = value;
	unsigned int unit = 0;

	if (number_take(&end, 10, row->most, number))
		unit = row->kind == SECONDS ? unit_of(end) : !*end;
	if (!unit || *number > row->most / unit || *number * unit < row->least)
		return complain("%s: '%s' is not %s from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, where,
				value, row->kind == SECONDS ? "a time, as in 90, 90s, 5m or 2h," : "a number",
				row->least, row->most);
	*number *= unit;
	return true;
}

static bool take_flag(const char *where, const char *value, bool *flag)
{
	if (!value || !strcmp(value, "yes") || !strcmp(value, "true") || !strcmp(value, "1"))
		*flag = true;
	else if (!strcmp(value, "no") || !strcmp(value, "false") || !strcmp(value, "0"))
		*flag = false;
	else
		return complain("%s: '%s' is neither yes nor no", where, value);
	return true;
}

static bool is_one_of(const char *value, const char *values)
{
	g_auto(GStrv) words = g_strsplit(values, " ", -1);

	return g_strv_contains((const char *const *)words, value);
}

static void add_to_list(struct options *options, size_t i, GPtrArray *list, const char *value)
{
	if (options->origin[i] != options->source)
		g_ptr_array_set_size(list, 0);
	options->origin[i] = options->source;
	g_ptr_array_add(list, g_strdup(value));
}

/*
 * Apply an option. @where is its name as the user wrote it. @value is NULL if
 * there is none.
 */
static bool take(struct options *options, const struct row *row, const char *where, const char *value)
{
	void *member = (char *)options + row->offset;
	g_autofree char *first = NULL;

	if (row->kind == FLAG)
		return take_flag(where, value, member);
	if (!value && row->optional)
		value = first = g_strndup(row->values, strcspn(row->values, " "));
	if (row->kind == LIST) {
		add_to_list(options, row - rows, *(GPtrArray **)member, value);
		return true;
	}
	if (row->kind != TEXT)
		return take_number(row, where, value, member);
	g_free(*(char **)member);
	*(char **)member = g_strdup(value);
	return !row->optional || is_one_of(value, row->values) ||
	       complain("%s: '%s' is none of its values, which are: %s", where, value, row->values);
}

static const struct row *find(const char *name, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *row = rows[i].name;

		if (row && strlen(row) == length && !strncmp(row, name, length))
			return &rows[i];
	}
	return NULL;
}

static const struct row *find_letter(char letter)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].name && rows[i].letter == letter)
			return &rows[i];
	}
	return NULL;
}

/*
 * Return the row of the option @word. @value is set to the text behind its '='
 * or its letter.
 */
static const struct row *recognize(const char *word, const char **value)
{
	size_t length = strcspn(word, "=");
	const struct row *row;

	if (word[1] != '-') {
		row = find_letter(word[1]);
		*value = word[2] ? word + 2 : NULL;
		return row && row->kind == FLAG && *value ? NULL : row;
	}
	*value = word[length] ? word + length + 1 : NULL;
	return find(word + 2, length - 2);
}

bool options_parse(struct options *options, int argc, char **argv)
{
	const char *value;
	int i;

	options->source++;
	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1] && strcmp(argv[i], "--"); i++) {
		const char *word = argv[i];
		const struct row *row = recognize(word, &value);

		if (!row)
			return complain("there is no option %s; swcex run --help lists them", word);
		if (!value && row->kind != FLAG && !row->optional) {
			if (i + 1 == argc)
				return complain("%s needs a value: %s", word, row->argument);
			value = argv[++i];
		}
		if (!take(options, row, word, value))
			return false;
	}
	if (i < argc && !strcmp(argv[i], "--"))
		i++;
	options->command = argv + i;
	return true;
}

static bool take_node(struct options *options, const struct row *row, const char *where,
		      const struct document *node)
{
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, node->integer);

	switch (node->kind) {
	case DOCUMENT_STRING:
		return take(options, row, where, node->string);
	case DOCUMENT_INTEGER:
		return take(options, row, where, number);
	case DOCUMENT_BOOLEAN:
		return take(options, row, where, node->boolean ? "yes" : "no");
	case DOCUMENT_ARRAY:
		for (guint i = 0; row->kind == LIST && i < node->children->len; i++) {
			const struct document *item = node->children->pdata[i];

			if (item->kind != DOCUMENT_STRING || !take(options, row, where, item->string))
				return complain("%s: a list of texts is needed", where);
		}
		return row->kind == LIST || complain("%s: there is room for one value, not for a list", where);
	default:
		return complain("%s: a text, a number, true or false is needed", where);
	}
}

static bool take_document(struct options *options, const struct document *document, const char *path)
{
	for (guint i = 0; i < document->children->len; i++) {
		const struct document *node = document->children->pdata[i];
		g_autofree char *where = g_strdup_printf("%s:%u: %s", path, node->line, node->key);
		const struct row *row = find(node->key, strlen(node->key));

		if (!row)
			return complain("%s: there is no such option; swcex run --help lists them", where);
		if (!take_node(options, row, where, node))
			return false;
	}
	return true;
}

bool options_file(struct options *options, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	struct document *document;
	bool good;

	options->source++;
	if (!g_file_get_contents(path, &text, NULL, &error))
		return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) || complain("%s", error->message);
	document = document_parse(text, path, stderr);
	good = document && take_document(options, document, path);
	if (document)
		document_free(document);
	return good;
}

bool options_environment(struct options *options, char **environment)
{
	options->source++;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *upper = rows[i].name ? g_ascii_strup(rows[i].name, -1) : NULL;
		g_autofree char *name = g_strconcat("SWCEX_", upper, NULL);
		const char *value;

		if (!upper)
			continue;
		value = g_environ_getenv(environment, g_strdelimit(name, "-", '_'));
		if (value && *value && !take(options, &rows[i], name, value))
			return false;
	}
	return true;
}

int options_guests(const struct options *options)
{
	return options->guests ? options->guests : options->guest || options->driver;
}

bool options_want_sum(const struct options *options)
{
	return options->summary || options->require_requests;
}

void options_help(void)
{
	printf("Usage: swcex run [OPTION]... [--] [COMMAND [ARGUMENT]...]\n"
	       "Runs COMMAND, or a shell, in a VM that has Crypto Express adapters.\n");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		g_autofree char *letter = row->letter ? g_strdup_printf("-%c, ", row->letter) : NULL;
		g_autofree char *left = NULL;

		if (!row->name) {
			printf("%s:\n", row->help);
			continue;
		}
		left = g_strconcat(letter ? letter : "", "--", row->name, row->argument ? row->optional ? "=" : " " : NULL,
				   row->argument, NULL);
		printf("  %-30s %s\n", left, row->help);
	}
}

json_object *options_names(void)
{
	json_object *names = json_object_new_array();

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].name)
			json_object_array_add(names, json_object_new_string(rows[i].name));
	}
	return names;
}

json_object *options_values(const char *name)
{
	json_object *values = json_object_new_array();

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (!rows[i].name || strcmp(rows[i].name, name))
			continue;
		g_auto(GStrv) words = g_strsplit(rows[i].values, " ", -1);

		for (char **word = words; *word; word++)
			json_object_array_add(values, json_object_new_string(*word));
	}
	return values;
}

/*
 * Print the cases of options that an argument follows. What has no words of its
 * own is completed as names of files are.
 */
static void complete_arguments(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (!rows[i].argument || rows[i].optional)
			continue;
		if (rows[i].letter)
			printf("\t-%c|", rows[i].letter);
		printf("%s--%s) ", rows[i].letter ? "" : "\t", rows[i].name);
		if (rows[i].values)
			printf("mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\"); ", rows[i].values);
		printf("return ;;\n");
	}
}

void options_completion(void)
{
	/* Bash takes the = of --NAME=VALUE for a word. */
	printf("_swcex_run()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\t[ \"$before\" = = ] && before=${COMP_WORDS[COMP_CWORD-2]}\n\t[ \"$word\" = = ] && word=\n"
	       "\tcase $before in\n");
	complete_arguments();
	printf("\tesac\n\t[[ $word = -* ]] || return\n\tmapfile -t COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].name)
			printf("--%s ", rows[i].name);
	}
	printf("' -- \"$word\")\n}\n"
	       "_swcex()\n{\n\t[ \"${COMP_WORDS[1]}\" = run ] && [ \"$COMP_CWORD\" -gt 1 ] && { _swcex_run; return; }\n"
	       "\tmapfile -t COMPREPLY < <(compgen -W 'check ctl run stat' -- \"${COMP_WORDS[COMP_CWORD]}\")\n}\n"
	       "complete -o default -F _swcex swcex\n");
}
