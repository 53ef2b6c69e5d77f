// SPDX-License-Identifier: GPL-2.0-only
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/ap.h"
#include "bytes/number.h"
#include "keys.h"
#include "process.h"
#include "queues.h"
#include "status.h"
#include "swcex/ask.h"

#define PATIENCE_MS	30000

static const char *const default_adapters[] = { "4:CEX8A", "5:CEX8C", "6:CEX8P" };
#define DEFAULT_DOMAINS	"4,0x47"
#define MORE_DOMAINS	5	/* the first one for a third guest */

/* Mark the numbers of a list such as "4,6-8,0x47" in @mask. */
static bool take_list(const char *option, const char *text, size_t length, struct ap_mask *mask)
{
	const char *p = text;
	bool taken = range_take(&p, mask);

	while (taken && p < text + length && *p == ',') {
		p++;
		taken = range_take(&p, mask);
	}
	return (taken && p == text + length) ||
	       complain("%s '%s': a list of numbers from 0 to 255 and of ranges, such as 4,6-8,0x47, is needed",
			option, text);
}

static bool add_adapter(GString *machine, const char *text, struct ap_mask *taken)
{
	const char *colon = strchr(text, ':');
	struct ap_mask there = { 0 };

	if (!colon || !colon[1])
		return complain("--adapter '%s': a number and a type are needed, such as 5:CEX8C", text);
	if (!take_list("--adapter", text, colon - text, &there))
		return false;
	for (int i = 0; i < MACHINE_NUMBERS; i++) {
		if (!ap_mask_test(&there, i))
			continue;
		if (ap_mask_test(taken, i))
			return complain("--adapter '%s': adapter %d is there already", text, i);
		ap_mask_set(taken, i);
		g_string_append_printf(machine, "adapter %02x %s\n", i, colon + 1);
	}
	return true;
}

static bool add_domains(GString *machine, const char *text)
{
	struct ap_mask there = { 0 };

	if (!take_list("--domain", text, strlen(text), &there))
		return false;
	for (int i = 0; i < MACHINE_NUMBERS; i++) {
		if (ap_mask_test(&there, i))
			g_string_append_printf(machine, " %04x", i);
	}
	return true;
}

static bool add_default_domains(GString *machine, const struct options *options)
{
	int more = options_guests(options) - 2;
	g_autofree char *range = g_strdup_printf("%d-%d", MORE_DOMAINS, MORE_DOMAINS + more - 1);

	return add_domains(machine, DEFAULT_DOMAINS) && (more < 1 || add_domains(machine, range));
}

static bool add_all_domains(GString *machine, const struct options *options)
{
	for (guint i = 0; i < options->domains->len; i++) {
		if (!add_domains(machine, options->domains->pdata[i]))
			return false;
	}
	return options->domains->len || add_default_domains(machine, options);
}

char *machine_text(const struct options *options)
{
	g_autoptr(GString) machine = g_string_new(NULL);
	const char *const *adapters = default_adapters;
	size_t adapter_count = G_N_ELEMENTS(default_adapters);
	struct ap_mask taken = { 0 };

	if (options->adapters->len) {
		adapters = (const char *const *)options->adapters->pdata;
		adapter_count = options->adapters->len;
	}
	for (size_t i = 0; i < adapter_count; i++) {
		if (!add_adapter(machine, adapters[i], &taken))
			return NULL;
	}
	g_string_append(machine, "domain");
	if (!add_all_domains(machine, options))
		return NULL;
	g_string_append(machine, options->no_interrupts ? "\ninterrupts off\n" : "\n");
	return g_string_free(g_steal_pointer(&machine), FALSE);
}

/* Set @path to the caller's own machine file, or write one to it. */
static bool write_file(const struct options *options, const char **path)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	if (options->machine) {
		*path = options->machine;
		return !options->adapters->len && !options->domains->len && !options->no_interrupts ? true :
		       complain("--machine tells all of the machine; leave out --adapter, --domain and --no-interrupts");
	}
	text = machine_text(options);
	return text && (g_file_set_contents(*path, text, -1, &error) || complain("%s", error->message));
}

/* Wait for the line by which the daemon reports that it serves. */
static bool await_daemon(int fd)
{
	struct pollfd out = { .fd = fd, .events = POLLIN };
	char line[512];
	ssize_t length;

	if (poll(&out, 1, PATIENCE_MS) != 1)
		return complain("the daemon says nothing for %d s", PATIENCE_MS / 1000);
	length = read(fd, line, sizeof(line));
	return length > 0;
}

static bool lock_state(struct machine *machine, const char *directory)
{
	if (g_mkdir_with_parents(directory, 0700))
		return complain("--state %s: the directory cannot be made: %s", directory, strerror(errno));
	machine->lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (machine->lock < 0)
		return complain("--state %s: %s", directory, strerror(errno));
	if (!flock(machine->lock, LOCK_EX | LOCK_NB))
		return true;
	return complain("--state %s: another run uses it; wait for its end, or give this one a directory of its own",
			directory);
}

/* Return the daemon's arguments, which the caller frees. */
static GPtrArray *arguments(const struct machine *machine, const struct options *options,
			    const char *program, const char *file)
{
	GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);

	for (const char *const *word = (const char *const[]){ program, "--machine", file, "--socket",
		     machine->link, "--guest-socket", machine->guest_link, "--control", machine->control, "--log-level", "warning", NULL };
	     *word; word++)
		g_ptr_array_add(argv, g_strdup(*word));
	if (options->state) {
		g_ptr_array_add(argv, g_strdup("--state"));
		g_ptr_array_add(argv, g_build_filename(options->state, "state", NULL));
		g_ptr_array_add(argv, g_strdup("--key"));
		g_ptr_array_add(argv, g_build_filename(options->state, "key", NULL));
	}
	g_ptr_array_add(argv, NULL);
	return argv;
}

/* Report why the daemon did not start, with its own messages. Return false. */
static bool explain(const char *log)
{
	g_autofree char *text = NULL;

	if (g_file_get_contents(log, &text, NULL, NULL) && *g_strstrip(text))
		return complain("the adapters cannot be made: %s", text);
	return complain("the adapters' daemon ended without a word");
}

static bool start_daemon(struct machine *machine, GPtrArray *argv, const char *log)
{
	int said[2], err = open(log, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
	bool good;

	if (err < 0 || pipe2(said, O_CLOEXEC)) {
		complain("%s: %s", log, strerror(errno));
		return false;
	}
	machine->daemon = process_start((char **)argv->pdata, said[1], err, NULL, 0);
	close(said[1]);
	close(err);
	good = machine->daemon > 0 && await_daemon(said[0]);
	close(said[0]);
	return good || explain(log);
}

static bool make_faults(const struct machine *machine, const struct options *options)
{
	for (guint i = 0; i < options->faults->len; i++) {
		g_autofree char *text = g_strconcat("fault ", options->faults->pdata[i], NULL);
		g_autofree char *answer = ask_daemon("swcex run: --fault", machine->control, 1, &text);

		if (!answer)
			return false;
	}
	return true;
}

bool machine_start(struct machine *machine, const struct options *options,
		   const struct directory *directory, const char *program)
{
	g_autofree char *own = directory_file(directory, "machine");
	g_autofree char *log = directory_file(directory, "daemon.log");
	g_autoptr(GPtrArray) argv = NULL;
	const char *file = own;

	*machine = (struct machine){ .lock = -1 };
	machine->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	machine->link = directory_file(directory, "link");
	machine->guest_link = directory_file(directory, "link.guests");
	machine->control = directory_file(directory, "control");
	if (!write_file(options, &file) || (options->state && !lock_state(machine, options->state)))
		return false;
	argv = arguments(machine, options, program, file);
	return start_daemon(machine, argv, log) && keys_load(machine->control, options->master_keys) &&
	       make_faults(machine, options);
}

static const char *text_of(json_object *queue, const char *member)
{
	return json_object_get_string(json_object_object_get(queue, member));
}

static gint64 served_by(json_object *queue)
{
	return json_object_get_int64(json_object_object_get(queue, "served"));
}

/* Read the APQN of a queue. */
static bool apqn_of(json_object *queue, uint16_t *apqn)
{
	const char *name = text_of(queue, "queue");

	return name && apqn_parse(name, apqn);
}

/*
 * Distribute the domains in turn, so that the guests' numbers of domains differ
 * by at most one. Return the number of domains.
 */
static int give_domains(struct machine *machine, int count)
{
	int given = 0;

	for (int i = 0; i < MACHINE_NUMBERS; i++) {
		if (machine->domain[i])
			machine->owner[i] = given++ % count + 1;
	}
	return given;
}

bool machine_share(struct machine *machine, int count)
{
	json_object *queues = queues_ask(machine->control);
	uint16_t apqn;
	int given;

	if (!queues)
		return false;
	for (size_t i = 0; i < json_object_array_length(queues); i++) {
		if (!apqn_of(json_object_array_get_idx(queues, i), &apqn))
			continue;
		machine->adapter[AP_ADAPTER(apqn)] = true;
		machine->domain[AP_DOMAIN(apqn)] = true;
	}
	json_object_put(queues);
	given = give_domains(machine, count);
	return given >= count ||
	       complain("%d guests need a domain each, and the machine has %d; --domain makes more", count, given);
}

static void add_number(GString *list, int number)
{
	g_string_append_printf(list, "%s%d", list->len ? "," : "", number);
}

char *machine_adapters(const struct machine *machine)
{
	GString *list = g_string_new(NULL);

	for (int i = 0; i < MACHINE_NUMBERS; i++) {
		if (machine->adapter[i])
			add_number(list, i);
	}
	return g_string_free(list, FALSE);
}

char *machine_domains(const struct machine *machine, int guest)
{
	GString *list = g_string_new(NULL);

	for (int i = 0; i < MACHINE_NUMBERS; i++) {
		if (machine->owner[i] == guest)
			add_number(list, i);
	}
	return g_string_free(list, FALSE);
}

static int owner_of(const struct machine *machine, json_object *queue)
{
	uint16_t apqn;

	return apqn_of(queue, &apqn) ? machine->owner[AP_DOMAIN(apqn)] : 0;
}

void machine_mark(struct machine *machine, int guest)
{
	json_object *queues = queues_ask(machine->control);

	for (size_t i = 0; queues && i < json_object_array_length(queues); i++) {
		json_object *queue = json_object_array_get_idx(queues, i);

		if (owner_of(machine, queue) != guest)
			continue;
		g_hash_table_replace(machine->before, g_strdup(text_of(queue, "queue")),
				     g_memdup2(&(gint64){ served_by(queue) }, sizeof(gint64)));
	}
	json_object_put(queues);
}

static gint64 served_since(const struct machine *machine, json_object *queue)
{
	const gint64 *before = g_hash_table_lookup(machine->before, text_of(queue, "queue"));

	return served_by(queue) - (before ? *before : 0);
}

static void print_line(json_object *queue, gint64 requests, int guest, bool json)
{
	g_autofree char *owner = !guest ? NULL : json ? g_strdup_printf(",\"guest\":\"guest%d\"", guest) :
							g_strdup_printf(", guest%d", guest);

	fprintf(stderr, json ? "{\"queue\":\"%s\",\"type\":\"%s\",\"requests\":%" G_GINT64_FORMAT "%s}" :
				"%s %s %" G_GINT64_FORMAT " requests%s\n",
		text_of(queue, "queue"), text_of(queue, "type"), requests, owner ? owner : "");
}

long long machine_sum(const struct machine *machine, const struct options *options)
{
	json_object *queues = queues_ask(machine->control);
	bool json = options->summary && !strcmp(options->summary, "json");
	long long all = 0;

	if (!queues)
		return -1;
	fputs(json ? "{\"queues\":[" : "", stderr);
	for (size_t i = 0; i < json_object_array_length(queues); i++) {
		json_object *queue = json_object_array_get_idx(queues, i);
		gint64 requests = served_since(machine, queue);

		all += requests;
		fputs(json && i ? "," : "", stderr);
		if (options->summary)
			print_line(queue, requests, owner_of(machine, queue), json);
	}
	if (json)
		fprintf(stderr, "],\"requests\":%lld}\n", all);
	json_object_put(queues);
	return all;
}

void machine_end(struct machine *machine)
{
	process_end(&machine->daemon, SIGTERM);
	if (machine->lock >= 0)
		close(machine->lock);
	machine->lock = -1;
	g_clear_pointer(&machine->before, g_hash_table_unref);
	g_clear_pointer(&machine->link, g_free);
	g_clear_pointer(&machine->guest_link, g_free);
	g_clear_pointer(&machine->control, g_free);
}
