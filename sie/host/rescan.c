// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "rescan.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

#define COMMAND	"echo 1 >/sys/bus/ap/scans"
#define SECONDS	10

/* Exit status of a process that had no answer from the agent */
#define UNANSWERED	255

/*
 * The process must hold neither the connection nor any other descriptor that is
 * closed when the guest ends.
 */
static void __attribute__((noreturn)) rescan(const struct rescan *r, pid_t parent)
{
	const struct exec exec = { .name = r->name, .command = COMMAND, .seconds = SECONDS };
	char reason[REQUEST_REASON];
	int status;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(UNANSWERED);
	close_range(0, ~0U, 0);
	status = agent_exec(r->run, &exec, -1, g_byte_array_new(), reason);
	_exit(status < 0 ? UNANSWERED : status);
}

/*
 * Log a failure once until a rescan succeeds, because a guest can cause any
 * number of them.
 */
static void fail(struct rescan *r, const char *what, const char *why)
{
	if (!r->failed)
		g_printerr("guestd: rescan of guest %s: %s%s\n", r->name, what, why);
	r->failed = true;
}

static void start(struct rescan *r)
{
	pid_t parent = getpid();

	r->again = false;
	r->pid = fork();
	if (!r->pid)
		rescan(r, parent);
	if (r->pid < 0)
		return fail(r, "", g_strerror(errno));
	r->pidfd = syscall(SYS_pidfd_open, r->pid, 0);
	if (r->pidfd < 0) {
		fail(r, "", g_strerror(errno));
		rescan_stop(r);
	}
}

void rescan_init(struct rescan *r, const char *run, const char *name)
{
	*r = (struct rescan){ .run = run, .name = name, .pid = -1, .pidfd = -1 };
}

void rescan_request(struct rescan *r)
{
	r->again = true;
	if (r->pidfd < 0)
		start(r);
}

/* Wait for the process, and return the status of waitpid(). */
static int reap(struct rescan *r)
{
	int status = 0;

	while (r->pid > 0 && waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (r->pidfd >= 0)
		close(r->pidfd);
	r->pid = r->pidfd = -1;
	return status;
}

void rescan_take_end(struct rescan *r)
{
	int status = reap(r);

	if (WIFEXITED(status) && !WEXITSTATUS(status))
		r->failed = false;
	else if (WIFEXITED(status) && WEXITSTATUS(status) != UNANSWERED)
		fail(r, "its sh refused ", COMMAND);
	else
		fail(r, "no answer from its agent", "");
	if (r->again)
		start(r);
}

void rescan_stop(struct rescan *r)
{
	if (r->pid > 0)
		kill(r->pid, SIGKILL);
	reap(r);
}
