// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "lock.h"

#define PATIENCE	(30 * G_USEC_PER_SEC)
#define INTERVAL	(50 * 1000)

/*
 * Return the process that holds the lock, or 0 if the file is removed or not
 * written yet.
 */
static pid_t holder(const char *root)
{
	return file_number(root, 0, LOCK);
}

static bool has_ended(pid_t process)
{
	return process > 0 && kill(process, 0) && errno == ESRCH;
}

/*
 * Take the lock by a link, which makes the file appear together with its
 * content.
 */
static int try_lock(const char *path, const char *draft)
{
	return link(draft, path) ? -errno : 0;
}

static int wait_for(const char *root, const char *path, const char *draft)
{
	gint64 deadline = g_get_monotonic_time() + PATIENCE;
	int rc;

	while ((rc = try_lock(path, draft)) == -EEXIST) {
		if (has_ended(holder(root)))
			unlink(path);
		else if (g_get_monotonic_time() > deadline)
			return -EBUSY;
		else
			g_usleep(INTERVAL);
	}
	return rc;
}

int lock_take(const char *root, FILE *err)
{
	g_autofree char *path = file_path(root, LOCK);
	g_autofree char *draft = g_strdup_printf("%s.%d", path, getpid());
	g_autofree char *text = g_strdup_printf("%d\n", getpid());
	int rc = file_replace("", text, "%s", draft);

	if (!rc) {
		rc = wait_for(root, path, draft);
		unlink(draft);
	}
	if (rc == -EBUSY)
		fprintf(err, "apctl: %s: process %d has the lock and does not let it go; it changes masks or devices, or hangs\n",
			path, holder(root));
	else if (rc)
		fprintf(err, "apctl: %s: %s; only root may change the machine\n", path, strerror(-rc));
	return rc;
}

void lock_release(const char *root)
{
	g_autofree char *path = file_path(root, LOCK);

	if (holder(root) == getpid())
		unlink(path);
}
