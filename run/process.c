// SPDX-License-Identifier: GPL-2.0-only
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

/* In the child. The parent may have ended before prctl(). */
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

static void ask_to_end(gpointer data)
{
	(void)data;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

char *process_output(char **argv, char **environment)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *said = NULL;
	int status;

	if (!g_spawn_sync(NULL, argv, environment, G_SPAWN_DEFAULT, ask_to_end, NULL, &said, NULL, &status,
			  &error)) {
		complain("%s", error->message);
		return NULL;
	}
	return status ? NULL : g_steal_pointer(&said);
}
