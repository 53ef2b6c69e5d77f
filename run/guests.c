// SPDX-License-Identifier: GPL-2.0-only
/*
 * The LPAR boots as it does for any run, and its command is run/lend. That
 * starts the front end of sie/ for each guest, which makes guestd start the
 * guest's QEMU on this machine. The guest's ports and shares for the command
 * are in guestd.conf, so that the LPAR cannot change them.
 */
#include "guests.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "lpar.h"
#include "postmortem.h"
#include "status.h"
#include "terminal.h"

/* Limits of guestd for a guest */
#define MEMORY_MAX	8192
#define CPUS_MAX	8

#define LEND		"/usr/lib/swcex/lend"

struct guest {
	int number;
	char *name;
	struct guests *all;
	struct vm vm;
	GByteArray *order;
	struct console console;
	struct limits limits;
	struct source sources[2];
	struct session session;
};

struct guests {
	const struct plan *plan;
	struct machine *machine;
	const struct directory *directory;
	int count;
	struct guest *guest;
	struct outlet outlets[2];
	struct lpar lpar;
	int signals;
};

static bool check_options(const struct options *options, int count)
{
	if (options->lpar)
		return complain("--lpar is one place for the command, and --guest, --guests and --driver are for another; leave out either");
	if (options->driver && strcmp(options->driver, "ours") && strcmp(options->driver, "in-tree"))
		return complain("--driver: '%s' is none of its values, which are: ours in-tree", options->driver);
	if (options->memory > MEMORY_MAX)
		return complain("--memory %" G_GUINT64_FORMAT ": a guest has at most %d", options->memory, MEMORY_MAX);
	if (options->cpus > CPUS_MAX)
		return complain("--cpus %" G_GUINT64_FORMAT ": a guest has at most %d", options->cpus, CPUS_MAX);
	if (options->tty && count > 1)
		return complain("--tty: there is one terminal, and %d guests; say --guest", count);
	if (options->write && count > 1)
		return complain("--write: %d guests cannot write to one root; say --guest", count);
	return true;
}

/*
 * Exclude the requests that the kernel sent to the adapters during the boot,
 * which are not the command's.
 */
static void begun(void *data)
{
	struct guest *guest = data;

	if (options_want_sum(guest->all->plan->options))
		machine_mark(guest->all->machine, guest->number);
}

/*
 * Prepare the guest's streams. A single guest uses the caller's streams as they
 * are; if there are several, each line of output begins with the guest's name.
 */
static void prepare_streams(struct guest *guest)
{
	struct guests *all = guest->all;
	bool alone = all->count == 1;

	guest->session.stream[0] = alone ? STDIN_FILENO : -1;
	for (int i = 0; i < 2; i++) {
		guest->session.stream[1 + i] = STDOUT_FILENO + i;
		if (alone)
			continue;
		source_init(&guest->sources[i], &all->outlets[i], guest->name);
		guest->session.source[i] = &guest->sources[i];
	}
}

static bool prepare_guest(struct guests *all, int i)
{
	const struct options *options = all->plan->options;
	struct guest *guest = &all->guest[i];
	g_autofree char *path = NULL;

	*guest = (struct guest){ .number = i + 1, .all = all, .order = g_byte_array_new() };
	guest->name = g_strdup_printf("guest%d", guest->number);
	guest->console = (struct console){ .fd = -1, .file = -1 };
	guest->limits = (struct limits){
		options->boot_timeout, options->timeout, all->count == 1 ? terminal_streams(options) : 0,
		begun, guest,
	};
	guest->session = (struct session){
		.name = guest->name, .vm = &guest->vm, .order = guest->order, .console = &guest->console,
		.limits = &guest->limits,
	};
	prepare_streams(guest);
	boot_prepare_foreign(all->plan, guest->name, &guest->vm, guest->order);
	path = directory_file(all->directory, guest->name);
	return vm_listen(&guest->vm, path);
}

/* Write guestd.conf, and the initramfs, which all guests share. */
static bool write_conf(const struct guests *all, const char *path)
{
	g_autofree char *initrd = directory_file(all->directory, "guest.initrd");
	g_autofree char *nothing = directory_file(all->directory, "nothing");
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL;

	g_key_file_set_string(file, "guestd", "qemu", all->plan->qemu);
	g_key_file_set_string(file, "guestd", "plugin", all->plan->plugin);
	g_key_file_set_string(file, "guestd", "machine", all->machine->guest_link);
	g_key_file_set_string(file, "guestd", "files", nothing);
	g_key_file_set_string(file, "guestd", "run", all->directory->path);
	g_key_file_set_string(file, "files", "kernel", all->plan->kernel.image);
	g_key_file_set_string(file, "files", "initrd", initrd);
	for (int i = 0; i < all->count; i++) {
		const GPtrArray *words = all->guest[i].vm.argv;

		g_key_file_set_string_list(file, "guests", all->guest[i].name,
					   (const char *const *)words->pdata, words->len);
	}
	return boot_write_initramfs(all->plan, initrd) &&
	       (g_key_file_save_to_file(file, path, &error) || complain("%s", error->message));
}

/* Return the command of the LPAR, which the caller frees. */
static GStrv lending(const struct guests *all)
{
	const struct options *options = all->plan->options;
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	g_autofree char *memory = g_strdup_printf("%" G_GUINT64_FORMAT, options->memory);
	g_autofree char *cpus = g_strdup_printf("%" G_GUINT64_FORMAT, options->cpus);
	g_autofree char *adapters = machine_adapters(all->machine), *parameters = boot_parameters(all->plan);

	g_strv_builder_add_many(words, LEND, options->driver ? options->driver : "ours", adapters, NULL);
	for (int i = 1; i <= all->count; i++) {
		g_autofree char *domains = machine_domains(all->machine, i);

		g_strv_builder_add(words, domains);
	}
	g_strv_builder_add_many(words, "--", "-m", memory, "-smp", cpus, "-kernel", "/guest/kernel",
				"-initrd", "/guest/initrd", "-append", parameters, NULL);
	return g_strv_builder_end(words);
}

static char *console_of(const struct guests *all, const struct guest *guest)
{
	return g_build_filename(all->directory->path, "guests", guest->name, "console.log", NULL);
}

/*
 * Carry out --console FILE: write the console of a single guest to FILE, those
 * of several to FILE.guestN.
 */
static void keep_consoles(const struct guests *all)
{
	const char *wanted = all->plan->options->console;

	for (int i = 0; wanted && i < all->count; i++) {
		g_autofree char *from = console_of(all, &all->guest[i]), *text = NULL;
		g_autofree char *to = g_strconcat(wanted, all->count > 1 ? "." : NULL, all->guest[i].name, NULL);
		g_autoptr(GError) error = NULL;
		gsize length;

		if (g_file_get_contents(from, &text, &length, NULL) &&
		    !g_file_set_contents(all->count > 1 ? to : wanted, text, length, &error))
			complain("--console: %s", error->message);
	}
}

/*
 * Return whether the guest has connected. If it has not, the LPAR is the cause.
 */
static bool has_come(const struct guest *guest)
{
	return guest->vm.door[VM_CONTROL] < 0;
}

static void explain_guest(const struct guests *all, struct guest *guest)
{
	g_autofree char *text = console_of(all, guest);

	console_load(&guest->console, text);
	postmortem_tell(&guest->console, text, false, all->lpar.log);
}

static void explain_lpar(const struct guests *all)
{
	g_autofree char *text = directory_file(all->directory, "console.log");
	g_autofree char *log = directory_file(all->directory, "qemu.log");
	g_autofree char *said = NULL;

	if (g_file_get_contents(all->lpar.log, &said, NULL, NULL) && *g_strstrip(said))
		complain("the LPAR cannot lend its adapters:\n%s", said);
	else
		postmortem_tell(&all->lpar.console, text, false, log);
}

static void explain(const struct guests *all)
{
	bool lpar = false;

	for (int i = 0; i < all->count; i++) {
		struct guest *guest = &all->guest[i];

		if (!guest->session.survived && has_come(guest))
			explain_guest(all, guest);
		lpar |= !guest->session.survived && !has_come(guest);
	}
	if (lpar)
		explain_lpar(all);
}

static int first_failure(const struct guests *all)
{
	for (int i = 0; i < all->count; i++) {
		if (all->guest[i].session.status)
			return all->guest[i].session.status;
	}
	return 0;
}

static int serve(struct guests *all)
{
	g_autofree struct session **sessions = g_new0(struct session *, all->count);

	if (!lpar_start(&all->lpar, all->directory))
		return STATUS_OURS;
	for (int i = 0; i < all->count; i++) {
		sessions[i] = &all->guest[i].session;
		session_begin(sessions[i]);
	}
	sessions_serve(sessions, all->count, &all->lpar.session, all->outlets, all->signals);
	explain(all);
	keep_consoles(all);
	return first_failure(all);
}

static int prepare_and_serve(struct guests *all)
{
	g_autofree char *conf = directory_file(all->directory, "guestd.conf");
	g_auto(GStrv) command = NULL;
	int status = STATUS_OURS;

	for (int i = 0; i < all->count; i++) {
		if (!prepare_guest(all, i))
			return status;
	}
	if (!write_conf(all, conf))
		return status;
	command = lending(all);
	if (lpar_prepare(&all->lpar, all->plan->options, all->machine, all->directory, conf, command))
		status = serve(all);
	lpar_end(&all->lpar, all->directory);
	return status;
}

static void free_guest(struct guest *guest)
{
	vm_end(&guest->vm);
	if (guest->order)
		g_byte_array_unref(guest->order);
	for (int i = 0; i < 2; i++) {
		if (guest->session.source[i])
			source_end(guest->session.source[i]);
	}
	g_free(guest->name);
}

int guests_run(const struct plan *plan, struct machine *machine, const struct directory *directory,
	       int signals)
{
	struct guests all = {
		.plan = plan, .machine = machine, .directory = directory, .count = options_guests(plan->options),
		.signals = signals,
	};
	int status = STATUS_OURS;

	if (!check_options(plan->options, all.count) || !machine_share(machine, all.count))
		return status;
	all.guest = g_new0(struct guest, all.count);
	for (int i = 0; i < 2; i++)
		outlet_init(&all.outlets[i], STDOUT_FILENO + i);
	status = prepare_and_serve(&all);
	for (int i = 0; i < all.count; i++)
		free_guest(&all.guest[i]);
	for (int i = 0; i < 2; i++)
		outlet_end(&all.outlets[i]);
	g_free(all.guest);
	return status;
}
