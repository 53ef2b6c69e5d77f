// SPDX-License-Identifier: GPL-2.0-only
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "status.h"

/* Run the program in the child. The parent may have ended before prctl(). */
static void become(char *const *argv, pid_t parent, int out, int err, const int *passed, int count)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setsid();
	for (int i = 0; i < count; i++)
		fcntl(passed[i], F_SETFD, 0);
	dup2(null, 0);
	dup2(out < 0 ? null : out, 1);
	dup2(err < 0 ? null : err, 2);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	_exit(127);
}

pid_t process_start(char *const *argv, int out, int err, const int *passed, int count)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (!pid)
		become(argv, parent, out, err, passed, count);
	if (pid < 0)
		complain("%s cannot be started: %s", argv[0], strerror(errno));
	return pid;
}

void process_end(pid_t *pid, int signal)
{
	if (*pid <= 0)
		return;
	kill(*pid, signal);
	waitpid(*pid, NULL, 0);
	*pid = 0;
}

/* Wait for the script, and return its exit status in the form of a shell's. */
static int await_script(pid_t script, const sigset_t *set)
{
	int status;

	while (!waitpid(script, &status, WNOHANG)) {
		if (sigwaitinfo(set, NULL) != SIGCHLD)
			kill(-script, SIGINT);
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * Start the script as a child of the child. A shell handles no signal while it
 * waits for its own children, which may be a VM. So this process stays between,
 * and sends a SIGINT to all of them when the program is ended, as a terminal
 * does; scripts and VMs are prepared for that.
 */
static void stay_between(gpointer parent)
{
	sigset_t set;
	pid_t script;

	sigemptyset(&set);
	for (const int *n = (const int[]){ SIGCHLD, SIGINT, SIGTERM, SIGHUP, 0 }; *n; n++)
		sigaddset(&set, *n);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	script = getppid() == GPOINTER_TO_INT(parent) ? fork() : -1;
	if (script < 0)
		_exit(1);
	if (script) {
		setpgid(script, script);
		close_range(0, ~0U, 0);
		_exit(await_script(script, &set));
	}
	setpgid(0, 0);
	/* A shell starts background jobs with SIGINT ignored. */
	signal(SIGINT, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

char *process_output(char **argv, char **environment)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *said = NULL;
	int status;

	if (!g_spawn_sync(NULL, argv, environment, G_SPAWN_DEFAULT, stay_between,
			  GINT_TO_POINTER(getpid()), &said, NULL,
			  &status, &error)) {
		complain("%s", error->message);
		return NULL;
	}
	return status ? NULL : g_steal_pointer(&said);
}
