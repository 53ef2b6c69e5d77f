// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "json_text.h"
#include "part.h"

/* Arguments of every QEMU */
static const char *const common[] = {
	"-accel", "tcg", "-nodefaults", "-display", "none",
	"-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
};

/*
 * Options with commas in their values. The devices have addresses that no
 * device of the LPAR gets.
 */
static const char *const fixed[] = {
	"-device", "virtio-serial-ccw,id=swcex,devno=fe.3.fffe",
	"-device", "virtserialport,bus=swcex.0,chardev=agent,name=org.swcex.agent",
	"-device", "virtserialport,bus=swcex.0,chardev=wake,name=org.swcex.wake",
	"-chardev", "socket,id=wake,path=wake,server=on,wait=off",
	"-chardev", "pipe,id=agent,path=agent",
	"-object", "rng-random,id=rng,filename=/dev/urandom",
	"-device", "virtio-rng-ccw,rng=rng,devno=fe.3.ffff",
};

static void __attribute__((format(printf, 3, 4)))
add(struct command *command, const char *option, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(command->arguments, g_strdup(option));
	g_ptr_array_add(command->arguments, g_strdup_vprintf(format, args));
	va_end(args);
}

static void add_all(struct command *command, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		g_ptr_array_add(command->arguments, g_strdup(words[i]));
}

/* Double the commas of a value, as a list of options requires. */
static char *escape(const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, ",", -1);

	return g_strjoinv(",,", parts);
}

/*
 * Open the file at @path, and return the name by which QEMU can open it. That
 * is a descriptor, because the path could lead elsewhere by then. Return NULL
 * with a sentence in @reason on error.
 */
static char *take_file(struct command *command, const struct config *config, const char *path,
		       char *reason)
{
	int fd = files_open(config, path, reason);

	if (fd < 0)
		return NULL;
	g_array_append_val(command->fds, fd);
	return g_strdup_printf("/proc/self/fd/%d", fd);
}

static bool add_file(struct command *command, const char *option, const struct config *config,
		     const char *path, char *reason)
{
	g_autofree char *file = take_file(command, config, path, reason);

	if (file)
		add(command, option, "%s", file);
	return file;
}

static bool add_drive(struct command *command, unsigned int number, const struct config *config,
		      const char *path, char *reason)
{
	g_autofree char *file = take_file(command, config, path, reason);

	if (!file)
		return false;
	add(command, "-blockdev", "driver=file,node-name=drive%u,read-only=on,filename=%s",
	    number, file);
	add(command, "-device", "virtio-blk-ccw,drive=drive%u", number);
	return true;
}

static bool add_files(struct command *command, const struct config *config,
		      const struct start *start, char *reason)
{
	if (!add_file(command, "-kernel", config, start->kernel, reason))
		return false;
	if (start->initrd && !add_file(command, "-initrd", config, start->initrd, reason))
		return false;
	for (unsigned int i = 0; i < start->drives; i++) {
		if (!add_drive(command, i, config, start->drive[i], reason))
			return false;
	}
	return true;
}

/*
 * Add @part, and take over the reference to it. Its file is opened here, and is
 * read-only whatever @part says.
 */
static bool add_part(struct command *command, const char *kind, struct json_object *part,
		     const struct config *config, char *reason)
{
	g_autofree char *option = g_strconcat("-", kind, NULL);
	g_autofree char *file = NULL;
	bool able = true;

	if (part_is_file(part)) {
		file = take_file(command, config, json_text(part, "filename"), reason);
		able = file;
	}
	if (file) {
		json_object_object_add(part, "filename", json_object_new_string(file));
		json_object_object_add(part, "read-only", json_object_new_boolean(true));
	}
	if (able)
		add(command, option, "%s",
		    json_object_to_json_string_ext(part, JSON_C_TO_STRING_PLAIN));
	json_object_put(part);
	return able;
}

static bool add_parts(struct command *command, const struct config *config,
		      const struct start *start, char *reason)
{
	for (unsigned int i = 0; i < start->parts; i++) {
		struct json_object *part = part_read(start->part[i].kind, start->part[i].json, start,
						     reason);

		if (!part)
			return false;
		if (part_is_storage(part) && !command->storage) {
			command->storage = g_strdup(json_text(part, "id"));
		} else if (part_is_storage(part)) {
			json_object_put(part);
			g_snprintf(reason, REQUEST_REASON, "a guest has its storage once");
			return false;
		}
		if (!add_part(command, start->part[i].kind, part, config, reason))
			return false;
	}
	return true;
}

/*
 * Put the number into a pipe. Everybody can read a command line, and any
 * process that has this number can be the guest.
 */
static int number_in_pipe(uint64_t number)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	if (write(ends[1], text, strlen(text)) < 0) {
		close(ends[0]);
		ends[0] = -1;
	}
	close(ends[1]);
	return ends[0];
}

static bool add_plugin(struct command *command, const struct config *config,
		       const struct start *start, char *reason)
{
	g_autofree char *plugin = escape(config->plugin);
	g_autofree char *machine = escape(config->machine);
	int fd = number_in_pipe(start->guest);

	if (fd < 0) {
		g_snprintf(reason, REQUEST_REASON, "no pipe for the guest's number: %s",
			   g_strerror(errno));
		return false;
	}
	g_array_append_val(command->fds, fd);
	add(command, "-plugin", "%s,link=%s,guest-fd=%d,wake=wake", plugin, machine, fd);
	return true;
}

static bool add_monitor(struct command *command, char *reason)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		g_snprintf(reason, REQUEST_REASON, "no socket for the guest's monitor: %s",
			   g_strerror(errno));
		return false;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	command->monitor = ends[0];
	g_array_append_val(command->fds, ends[1]);
	add(command, "-chardev", "socket,id=qmp,fd=%d", ends[1]);
	add(command, "-mon", "chardev=qmp,mode=control");
	return true;
}

/*
 * The console is a plain stream. QEMU's own escape character would give its
 * user access to QEMU's monitor.
 */
static void add_console(struct command *command, const struct start *start)
{
	const char *id = start->console ? start->console : "console";

	add(command, "-chardev", "stdio,id=%s,signal=off", id);
	if (!start->console)
		add(command, "-device", "sclpconsole,chardev=%s", id);
}

static void add_machine(struct command *command, const struct start *start)
{
	g_autofree char *storage = command->storage ? escape(command->storage) : NULL;

	add(command, "-M", "%s%s%s", start->machine ? start->machine : "s390-ccw-virtio",
	    storage ? ",memory-backend=" : "", storage ? storage : "");
	if (start->cpu)
		add(command, "-cpu", "%s", start->cpu);
	if (start->uuid)
		add(command, "-uuid", "%s", start->uuid);
	if (start->is_paused)
		g_ptr_array_add(command->arguments, g_strdup("-S"));
	if (start->stays_after_shutdown)
		g_ptr_array_add(command->arguments, g_strdup("-no-shutdown"));
	add(command, "-m", "%" G_GUINT64_FORMAT "M", start->memory);
	add(command, "-smp", "%" G_GUINT64_FORMAT, start->cpus);
	add(command, "-name", "%s", start->name);
	if (start->ends_at_reboot)
		g_ptr_array_add(command->arguments, g_strdup("-no-reboot"));
	if (start->append)
		add(command, "-append", "%s", start->append);
	add_all(command, fixed, G_N_ELEMENTS(fixed));
}

/*
 * Add the arguments for this guest last, because they may name devices to which
 * the machine's own belong.
 */
static void add_given(struct command *command, const struct config *config, const char *name)
{
	char **words = g_hash_table_lookup(config->given, name);

	for (; words && *words; words++)
		g_ptr_array_add(command->arguments, g_strdup(*words));
}

static void begin(struct command *command, const struct config *config)
{
	command->arguments = g_ptr_array_new_with_free_func(g_free);
	command->fds = g_array_new(FALSE, FALSE, sizeof(int));
	command->monitor = -1;
	command->storage = NULL;
	g_ptr_array_add(command->arguments, g_strdup(config->qemu));
	add_all(command, common, G_N_ELEMENTS(common));
}

bool command_make(struct command *command, const struct config *config,
		  const struct start *start, char *reason)
{
	begin(command, config);
	add_console(command, start);
	if (!add_parts(command, config, start, reason))
		return false;
	add_machine(command, start);
	if (!add_plugin(command, config, start, reason) || !add_monitor(command, reason) ||
	    !add_files(command, config, start, reason))
		return false;
	add_given(command, config, start->name);
	g_ptr_array_add(command->arguments, NULL);
	return true;
}

bool command_make_probe(struct command *command, const struct config *config, char *reason)
{
	begin(command, config);
	add(command, "-M", "none");
	g_ptr_array_add(command->arguments, g_strdup("-S"));
	if (!add_monitor(command, reason))
		return false;
	g_ptr_array_add(command->arguments, NULL);
	return true;
}

void command_free(struct command *command)
{
	if (command->monitor >= 0)
		close(command->monitor);
	for (guint i = 0; i < command->fds->len; i++)
		close(g_array_index(command->fds, int, i));
	g_free(command->storage);
	g_array_unref(command->fds);
	g_ptr_array_unref(command->arguments);
}

static bool keep_open(const GArray *fds)
{
	for (guint i = 0; i < fds->len; i++) {
		if (fcntl(g_array_index(fds, int, i), F_SETFD, 0))
			return false;
	}
	return true;
}

/* Only system calls are allowed between fork() and execv(). */
static void __attribute__((noreturn))
become_qemu(const int ends[3], pid_t parent, const char *directory, const struct command *command)
{
	static const char complaint[] = "guestd: QEMU could not be started\n";
	bool ready = !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == parent &&
		     !chdir(directory) && keep_open(command->fds);
	char **arguments = (char **)command->arguments->pdata;

	signal(SIGPIPE, SIG_DFL);
	for (int i = 0; ready && i < 3; i++)
		ready = dup2(ends[i], i) == i;
	if (ready)
		execv(arguments[0], arguments);
	if (write(STDERR_FILENO, complaint, sizeof(complaint) - 1) < 0)
		_exit(126);
	_exit(127);
}

static bool make_pipes(int pipes[3][2])
{
	for (int i = 0; i < 3; i++)
		pipes[i][0] = pipes[i][1] = -1;
	for (int i = 0; i < 3; i++) {
		if (pipe2(pipes[i], O_CLOEXEC))
			return false;
	}
	return true;
}

static void close_ends(int pipes[3][2], const int which[3])
{
	for (int i = 0; i < 3; i++) {
		if (pipes[i][which[i]] >= 0)
			close(pipes[i][which[i]]);
	}
}

bool guest_spawn(struct guest *guest, const char *directory, const struct command *command,
		 char *reason)
{
	static const int theirs[] = { 0, 1, 1 }, ours[] = { 1, 0, 0 };
	pid_t parent = getpid();
	int pipes[3][2];

	guest->pid = -1;
	if (make_pipes(pipes))
		guest->pid = fork();
	if (!guest->pid)
		become_qemu((int[]){ pipes[0][0], pipes[1][1], pipes[2][1] }, parent,
			    directory, command);
	if (guest->pid < 0)
		g_snprintf(reason, REQUEST_REASON, "the guest's QEMU cannot be started: %s",
			   g_strerror(errno));
	close_ends(pipes, theirs);
	if (guest->pid < 0) {
		close_ends(pipes, ours);
		return false;
	}
	guest->in = pipes[0][1];
	guest->out = pipes[1][0];
	guest->err = pipes[2][0];
	for (int i = 0; i < 3; i++)
		fcntl(pipes[i][ours[i]], F_SETFL, O_NONBLOCK);
	return true;
}

void guest_kill(struct guest *guest)
{
	if (guest->pid > 0)
		kill(guest->pid, SIGKILL);
}

int guest_wait(struct guest *guest)
{
	int status;

	while (waitpid(guest->pid, &status, 0) < 0) {
		if (errno != EINTR)
			return 255;
	}
	guest->pid = -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
