// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Options whose value has commas. The console is a plain stream: QEMU's own
 * escape character would let whoever types there reach QEMU's monitor.
 */
static const char *const fixed[] = {
	"-M", "s390-ccw-virtio", "-accel", "tcg", "-nodefaults", "-no-reboot",
	"-display", "none",
	"-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
	"-device", "sclpconsole,chardev=console",
	"-device", "virtio-serial-ccw",
	"-device", "virtserialport,chardev=agent,name=org.swcex.agent",
	"-device", "virtserialport,chardev=wake,name=org.swcex.wake",
	"-object", "rng-random,id=rng,filename=/dev/urandom",
	"-device", "virtio-rng-ccw,rng=rng",
};

static void __attribute__((format(printf, 3, 4)))
add(GPtrArray *arguments, const char *option, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(arguments, g_strdup(option));
	g_ptr_array_add(arguments, g_strdup_vprintf(format, args));
	va_end(args);
}

/* In a list of options, a comma that belongs to a value is written twice. */
static char *escape(const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, ",", -1);

	return g_strjoinv(",,", parts);
}

static char *host_path(const struct config *config, const char *path, char *reason)
{
	g_autofree char *file = g_strdup_printf("%s/%s", config->files, request_file(path));
	struct stat st;

	errno = 0;
	if (!stat(file, &st) && S_ISREG(st.st_mode) && !access(file, R_OK))
		return g_steal_pointer(&file);
	g_snprintf(reason, REQUEST_REASON, "could not read '%.150s': %s", path,
		   errno ? g_strerror(errno) : "not a regular file");
	return NULL;
}

static bool add_file(GPtrArray *arguments, const char *option, const struct config *config,
		     const char *path, char *reason)
{
	g_autofree char *file = host_path(config, path, reason);

	if (file)
		add(arguments, option, "%s", file);
	return file;
}

static bool add_drive(GPtrArray *arguments, unsigned int number, const struct config *config,
		      const char *path, char *reason)
{
	g_autofree char *file = host_path(config, path, reason);
	g_autofree char *escaped = NULL;

	if (!file)
		return false;
	escaped = escape(file);
	add(arguments, "-blockdev", "driver=file,node-name=drive%u,read-only=on,filename=%s",
	    number, escaped);
	add(arguments, "-device", "virtio-blk-ccw,drive=drive%u", number);
	return true;
}

static bool add_files(GPtrArray *arguments, const struct config *config,
		      const struct start *start, char *reason)
{
	if (!add_file(arguments, "-kernel", config, start->kernel, reason))
		return false;
	if (start->initrd && !add_file(arguments, "-initrd", config, start->initrd, reason))
		return false;
	for (unsigned int i = 0; i < start->drives; i++) {
		if (!add_drive(arguments, i, config, start->drive[i], reason))
			return false;
	}
	return true;
}

static void add_machine(GPtrArray *arguments, const struct config *config,
			const struct start *start)
{
	g_autofree char *plugin = escape(config->plugin);
	g_autofree char *machine = escape(config->machine);

	add(arguments, "-plugin", "%s,link=%s,guest=%" G_GUINT64_FORMAT
	    ",wake=%s.agent/wake", plugin, machine, start->guest, start->name);
	add(arguments, "-m", "%" G_GUINT64_FORMAT "M", start->memory);
	add(arguments, "-smp", "%" G_GUINT64_FORMAT, start->cpus);
	add(arguments, "-name", "%s", start->name);
	if (start->append)
		add(arguments, "-append", "%s", start->append);
	add(arguments, "-chardev", "stdio,id=console,signal=off,logfile=%s.log", start->name);
	add(arguments, "-chardev", "socket,id=wake,path=%s.agent/wake,server=on,wait=off",
	    start->name);
	add(arguments, "-chardev", "pipe,id=agent,path=%s.agent/agent", start->name);
}

char **guest_arguments(const struct config *config, const struct start *start, char *reason)
{
	g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(arguments, g_strdup(config->qemu));
	add_machine(arguments, config, start);
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
		g_ptr_array_add(arguments, g_strdup(fixed[i]));
	if (!add_files(arguments, config, start, reason))
		return NULL;
	g_ptr_array_add(arguments, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&arguments), FALSE);
}

/* Between fork() and execv(): nothing but system calls. */
static void __attribute__((noreturn))
become_qemu(const int ends[3], pid_t parent, const char *folder, char **arguments)
{
	static const char complaint[] = "guestd: QEMU could not be started\n";
	bool ready = !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == parent &&
		     !chdir(folder);

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

bool guest_spawn(struct guest *guest, const struct config *config, char **arguments,
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
			    config->run, arguments);
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
