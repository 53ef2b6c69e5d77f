// SPDX-License-Identifier: GPL-2.0-only
#include "lpar.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "boot.h"
#include "place.h"
#include "status.h"

#define STOCK_KERNEL	"6.12"
#define PATIENCE_MS	10000
#define STEP_MS		10

static void begun(void *data)
{
	(void)data;
}

/*
 * Return the kernel of the LPAR. It needs modules that are built for it, so a
 * kernel of the caller's own is used for the guests only.
 */
static const char *kernel_of(const struct options *options)
{
	return options->kernel && plan_is_name(options->kernel) ? options->kernel : STOCK_KERNEL;
}

static void set_options(struct lpar *lpar, const struct options *options, char **command)
{
	options_init(&lpar->options);
	lpar->options.kernel = g_strdup(kernel_of(options));
	lpar->options.qemu = g_strdup(options->qemu);
	lpar->options.bundle = g_strdup(options->bundle);
	lpar->options.directory = g_strdup("none");
	lpar->options.no_tty = true;
	lpar->options.command = command;
}

static bool find_payload(struct lpar *lpar)
{
	const char *kernel = lpar->options.kernel;
	bool stock = !strcmp(kernel, STOCK_KERNEL);
	g_autofree char *name = stock ? g_strdup("lab/lpar.payload") :
					g_strdup_printf("linux-%s/lab/lpar.payload", kernel);

	lpar->plan.payload = place_find(name);
	return lpar->plan.payload || stock ||
	       complain("for --kernel %s, that is `make all KERNEL=%s`", kernel, kernel);
}

static bool set_network(struct lpar *lpar, const char *conf)
{
	g_autofree char *guestd = place_find("guestd"), *program = NULL, *file = NULL, *command = NULL;
	g_autofree char *escaped = NULL;

	if (!guestd)
		return false;
	program = g_shell_quote(guestd);
	file = g_shell_quote(conf);
	command = g_strdup_printf("%s %s", program, file);
	escaped = vm_escape(command);
	lpar->plan.network = g_strdup_printf("user,id=net,restrict=on,guestfwd=tcp:10.0.2.100:9000-cmd:%s",
					     escaped);
	return true;
}

/*
 * Prepare the session. The output of the LPAR's command is kept to show why
 * guests have not connected.
 */
static bool set_session(struct lpar *lpar, const struct directory *directory, guint64 boot)
{
	int fd;

	lpar->log = directory_file(directory, "lpar.log");
	fd = open(lpar->log, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
	lpar->limits = (struct limits){ .boot = boot, .begun = begun };
	lpar->session = (struct session){
		.name = "the LPAR", .vm = &lpar->vm, .order = lpar->order, .console = &lpar->console,
		.limits = &lpar->limits, .stream = { -1, fd, fd },
	};
	return fd >= 0 || complain("%s: %s", lpar->log, strerror(errno));
}

bool lpar_prepare(struct lpar *lpar, const struct options *options, const struct machine *machine,
		  const struct directory *directory, const char *conf, char **command)
{
	*lpar = (struct lpar){ .order = g_byte_array_new(), .console = { -1, -1, 0, 0, "" } };
	lpar->session.stream[1] = -1;
	set_options(lpar, options, command);
	return plan_make(&lpar->plan, &lpar->options) && find_payload(lpar) && set_network(lpar, conf) &&
	       set_session(lpar, directory, options->boot_timeout) &&
	       boot_prepare(&lpar->plan, directory, machine->link, &lpar->vm, lpar->order);
}

bool lpar_start(struct lpar *lpar, const struct directory *directory)
{
	g_autofree char *log = directory_file(directory, "qemu.log");
	g_autofree char *console = directory_file(directory, "console.log");

	lpar->console.file = open(console, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
	if (lpar->console.file < 0)
		return complain("%s: %s", console, strerror(errno));
	if (!vm_start(&lpar->vm, log))
		return false;
	lpar->console.fd = lpar->vm.fd[VM_CONSOLE];
	session_begin(&lpar->session);
	return true;
}

static bool is_locked(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool locked = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB);

	if (fd >= 0)
		close(fd);
	return locked;
}

/*
 * Wait until each guestd has ended. It holds the lock of a file in connections/
 * until then, and its guest ends before it.
 */
static void await_guestd(const struct directory *directory)
{
	g_autofree char *places = directory_file(directory, "connections");
	GDir *dir = g_dir_open(places, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(places, name, NULL);

		for (int waited = 0; is_locked(path) && waited < PATIENCE_MS; waited += STEP_MS)
			g_usleep(STEP_MS * 1000);
	}
	if (dir)
		g_dir_close(dir);
}

void lpar_end(struct lpar *lpar, const struct directory *directory)
{
	if (!lpar->order)
		return;
	vm_end(&lpar->vm);
	await_guestd(directory);
	if (lpar->session.stream[1] >= 0)
		close(lpar->session.stream[1]);
	if (lpar->console.file >= 0)
		close(lpar->console.file);
	plan_free(&lpar->plan);
	options_free(&lpar->options);
	g_clear_pointer(&lpar->order, g_byte_array_unref);
	g_clear_pointer(&lpar->log, g_free);
}
