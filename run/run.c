// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "console.h"
#include "directory.h"
#include "guests.h"
#include "machine.h"
#include "options.h"
#include "place.h"
#include "plan.h"
#include "postmortem.h"
#include "print.h"
#include "session.h"
#include "status.h"
#include "swcex/subcommand.h"
#include "terminal.h"
#include "vm.h"

/*
 * The state of a run. @signals is the descriptor of session_signals(), or -1.
 */
struct run {
	struct plan plan;
	struct directory directory;
	struct machine machine;
	struct vm vm;
	struct console console;
	GByteArray *order;
	int signals;
};

/*
 * Return the path of the console's output, which the caller frees. It is the
 * caller's file, or one in the directory of the run.
 */
static char *console_path(const struct run *run)
{
	const char *own = run->plan.options->console;

	return own ? g_strdup(own) : directory_file(&run->directory, "console.log");
}

/*
 * Exclude the requests that the kernel sent to the adapters during the boot,
 * which are not the command's.
 */
static void begun(void *data)
{
	struct run *run = data;

	if (options_want_sum(run->plan.options))
		machine_mark(&run->machine, 0);
}

static int serve(struct run *run, const char *console)
{
	const struct options *options = run->plan.options;
	const struct limits limits = {
		options->boot_timeout, options->timeout, terminal_streams(options), begun, run,
	};
	struct session session = {
		.name = "the VM", .vm = &run->vm, .order = run->order, .console = &run->console,
		.limits = &limits, .stream = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO },
	}, *sessions[] = { &session };
	g_autofree char *log = directory_file(&run->directory, "qemu.log");

	if (!vm_start(&run->vm, log))
		return STATUS_OURS;
	run->console.fd = run->vm.fd[VM_CONSOLE];
	session_begin(&session);
	sessions_serve(sessions, 1, NULL, NULL, run->signals);
	if (!session.survived)
		postmortem_tell(&run->console, console, options->console, log);
	return session.status;
}

/* Run the command in the LPAR; the run's machine has no other VM. */
static int run_in_lpar(struct run *run)
{
	g_autofree char *console = console_path(run);
	int status;

	if (!boot_prepare(&run->plan, &run->directory, run->machine.link, &run->vm, run->order))
		return STATUS_OURS;
	run->console.file = open(console, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
	if (run->console.file < 0) {
		complain("the console's file %s: %s", console, strerror(errno));
		return STATUS_OURS;
	}
	status = serve(run, console);
	vm_end(&run->vm);
	close(run->console.file);
	return status;
}

/*
 * Report the requests that the adapters do not support, and other entries of
 * the daemon's log that need attention.
 */
static void tell_log(const struct run *run)
{
	g_autofree char *path = directory_file(&run->directory, "daemon.log"), *text = NULL;

	if (g_file_get_contents(path, &text, NULL, NULL) && *g_strstrip(text))
		tell("the adapters' daemon said:\n%s", text);
}

/*
 * Return the status of the run. A run that had to use adapters and did not has
 * failed whatever the command's status is.
 */
static int judge(const struct run *run, int status)
{
	const struct options *options = run->plan.options;
	long long requests;

	if (!options_want_sum(options))
		return status;
	requests = machine_sum(&run->machine, options);
	if (requests < 0)
		return STATUS_OURS;
	if (requests || !options->require_requests)
		return status;
	complain("no adapter was used: the command did all its work in software, or none");
	return status ? status : STATUS_OURS;
}

static bool check_kernel(const struct plan *plan)
{
	g_autoptr(GPtrArray) modules = g_ptr_array_new();

	plan_modules(plan, false, modules);
	return kernel_check(&plan->kernel, (const char **)modules->pdata);
}

static int run_with(struct run *run, const struct options *options)
{
	int status = STATUS_OURS;

	if (!plan_make(&run->plan, options))
		return status;
	if (!check_kernel(&run->plan))
		return status;
	if (options->check_kernel)
		return 0;
	/* This precedes everything that a signal could leave behind. */
	run->signals = session_signals();
	if (run->signals < 0 || !directory_make(&run->directory))
		return status;
	if (machine_start(&run->machine, options, &run->directory, run->plan.daemon))
		status = judge(run, options_guests(options) ? guests_run(&run->plan, &run->machine, &run->directory, run->signals) :
							      run_in_lpar(run));
	vm_end(&run->vm);
	machine_end(&run->machine);
	if (status != STATUS_OURS)
		tell_log(run);
	return status;
}

static int run_command(const struct options *options)
{
	struct run run = { .directory.keeper = -1, .signals = -1, .order = g_byte_array_new() };
	int status;

	status = run_with(&run, options);
	directory_end(&run.directory, options->keep);
	if (run.signals >= 0)
		close(run.signals);
	plan_free(&run.plan);
	g_byte_array_unref(run.order);
	return status;
}

static int dispatch(const struct options *options)
{
	quiet = options->quiet;
	if (options->help)
		options_help();
	else if (options->print_completion)
		options_completion();
	else if (options->print_capabilities)
		print_capabilities();
	else if (options->print_qemu_args)
		return print_qemu_args(options) ? 0 : STATUS_OURS;
	else
		return run_command(options);
	return 0;
}

int swcex_run(int argc, char **argv)
{
	g_auto(GStrv) environment = g_get_environ();
	g_autofree char *own = g_build_filename(g_get_user_config_dir(), "swcex", "config", NULL);
	struct options options;
	int status = STATUS_OURS;

	options_init(&options);
	if (options_file(&options, own) && options_file(&options, "swcex.toml") &&
	    options_environment(&options, environment) && options_parse(&options, argc, argv))
		status = dispatch(&options);
	options_free(&options);
	return status;
}
