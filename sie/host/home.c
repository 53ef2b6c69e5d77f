// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "home.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "request.h"

#define GUESTS	"guests"

static const char *const of_a_running_guest[] = { "agent.in", "agent.out", "agent.lock", "wake" };
static const char *const of_any_guest[] = { "console.log", "console.log.1" };

char *home_file(const char *run, const char *name, const char *file)
{
	return g_strdup_printf("%s/" GUESTS "/%s/%s", run, name, file);
}

static int open_directory(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool remove_files(int directory, const char *const files[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (unlinkat(directory, files[i], 0) && errno != ENOENT)
			return false;
	}
	return true;
}

static bool clear(int directory)
{
	return remove_files(directory, of_a_running_guest, G_N_ELEMENTS(of_a_running_guest));
}

/* Lock a directory. This fails with EWOULDBLOCK if its guest is running. */
static int hold(const char *path)
{
	int directory = open_directory(path);

	if (directory >= 0 && flock(directory, LOCK_EX | LOCK_NB)) {
		close(directory);
		return -1;
	}
	return directory;
}

static bool has_ended(const char *path)
{
	int directory = hold(path);

	if (directory < 0)
		return false;
	close(directory);
	return true;
}

static bool remove_home(const char *path)
{
	int directory = hold(path);
	bool removed;

	if (directory < 0)
		return false;
	removed = clear(directory) &&
		  remove_files(directory, of_any_guest, G_N_ELEMENTS(of_any_guest)) &&
		  !rmdir(path);
	close(directory);
	return removed;
}

/*
 * Return the number of directories besides that of @name. *@oldest becomes the
 * path of the oldest one without a running guest, or NULL.
 */
static guint64 count_others(const char *guests, const char *name, char **oldest)
{
	g_autoptr(GDir) directory = g_dir_open(guests, 0, NULL);
	time_t time = G_MAXINT64;
	const char *entry;
	guint64 count = 0;
	struct stat st;

	*oldest = NULL;
	while (directory && (entry = g_dir_read_name(directory))) {
		g_autofree char *path = g_build_filename(guests, entry, NULL);

		if (g_str_equal(entry, name) || lstat(path, &st) || !S_ISDIR(st.st_mode))
			continue;
		count++;
		if (st.st_mtime >= time || !has_ended(path))
			continue;
		time = st.st_mtime;
		g_free(*oldest);
		*oldest = g_steal_pointer(&path);
	}
	return count;
}

static bool make_room(const char *guests, const char *name, guint64 limit, char *reason)
{
	g_autofree char *oldest = NULL;

	while (count_others(guests, name, &oldest) >= limit) {
		if (!oldest) {
			g_snprintf(reason, REQUEST_REASON, "%" G_GUINT64_FORMAT " guests are "
				   "running, which is the limit of this LPAR; end one first",
				   limit);
			return false;
		}
		if (!remove_home(oldest)) {
			g_snprintf(reason, REQUEST_REASON, "%s cannot be removed: %s", oldest,
				   g_strerror(errno));
			return false;
		}
		g_clear_pointer(&oldest, g_free);
	}
	return true;
}

static bool make_home(struct home *home, const char *name, char *reason)
{
	if (!mkdir(home->path, 0700) || errno == EEXIST)
		home->fd = hold(home->path);
	if (home->fd >= 0 && clear(home->fd) && !mkfifoat(home->fd, "agent.in", 0600) &&
	    !mkfifoat(home->fd, "agent.out", 0600))
		return true;
	if (errno == EWOULDBLOCK)
		g_snprintf(reason, REQUEST_REASON, "a guest named %s is running; "
			   "choose another name with -name", name);
	else
		g_snprintf(reason, REQUEST_REASON, "%s: %s", home->path, g_strerror(errno));
	return false;
}

/*
 * A process that makes or removes guests' directories holds the lock of their
 * parent.
 */
bool home_open(struct home *home, const struct config *config, const char *name, char *reason)
{
	g_autofree char *guests = g_build_filename(config->run, GUESTS, NULL);
	int lock = -1;
	bool made = false;

	*home = (struct home){ .path = g_build_filename(guests, name, NULL), .fd = -1 };
	if (!mkdir(guests, 0700) || errno == EEXIST)
		lock = open_directory(guests);
	if (lock < 0 || flock(lock, LOCK_EX))
		g_snprintf(reason, REQUEST_REASON, "%s: %s", guests, g_strerror(errno));
	else
		made = make_room(guests, name, config->guests, reason) &&
		       make_home(home, name, reason);
	if (lock >= 0)
		close(lock);
	if (!made) {
		if (home->fd >= 0)
			close(home->fd);
		g_clear_pointer(&home->path, g_free);
	}
	return made;
}

void home_close(struct home *home)
{
	if (!clear(home->fd))
		g_printerr("guestd: %s: %s\n", home->path, g_strerror(errno));
	close(home->fd);
	g_clear_pointer(&home->path, g_free);
}
