// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>

#include "daemon/store.c"
#include "tests/unit/temporary.h"

static char directory[64], path[128], lock[128], key[128], other_key[128];
static struct store store;

static uint8_t plain[300];
static const struct slice bytes = { plain, sizeof(plain) };

static int setup(void **state)
{
	(void)state;
	log_set_level("error");
	memset(plain, 0x5a, sizeof(plain));
	strcpy(directory, temporary("store_test-XXXXXX"));
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/state", directory);
	snprintf(lock, sizeof(lock), "%s/state" LOCK, directory);
	snprintf(key, sizeof(key), "%s/key", directory);
	snprintf(other_key, sizeof(other_key), "%s/other", directory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	unlink(lock);
	unlink(key);
	unlink(other_key);
	return rmdir(directory);
}

static void write_file(const char *name, const void *at, size_t length,
		       mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, at, length), length);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static size_t read_file(uint8_t *at, size_t room)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = read(fd, at, room);

	close(fd);
	assert_true(length >= 0);
	return length;
}

/* Save a state. The store is open afterwards. */
static void save_state(void)
{
	assert_int_equal(store_open(&store, path, key), 0);
	assert_int_equal(store_write(&store, bytes), 0);
}

static bool reads(void)
{
	uint8_t *at;
	size_t length;

	if (store_read(&store, &at, &length))
		return false;
	assert_non_null(at);
	assert_int_equal(length, sizeof(plain));
	assert_memory_equal(at, plain, length);
	free(at);
	return true;
}

static void what_was_kept_is_there(void **state)
{
	uint8_t sealed[1024], *at;
	struct stat file;
	size_t length;

	(void)state;
	assert_int_equal(store_open(&store, path, key), 0);
	assert_int_equal(store_read(&store, &at, &length), 0);
	assert_null(at);
	store_close(&store);
	save_state();
	store_close(&store);
	assert_int_equal(stat(path, &file) | stat(key, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	length = read_file(sealed, sizeof(sealed));
	assert_int_equal(length, sizeof(plain) + SEALED_OVERHEAD);
	assert_null(memmem(sealed, length, plain, 8));
	assert_int_equal(store_open(&store, path, key), 0);
	assert_true(reads());
	assert_int_equal(store_write(&store, bytes), 0);
	assert_true(reads());
	store_close(&store);
}

/* A damaged file is refused, and stays as it was. */
static void is_refused(const uint8_t *sealed, size_t length)
{
	uint8_t there[1024], *at;
	size_t unused;

	write_file(path, sealed, length, 0600);
	assert_int_not_equal(store_read(&store, &at, &unused), 0);
	assert_int_equal(read_file(there, sizeof(there)), length);
	assert_memory_equal(there, sealed, length);
}

static void damage_is_refused(void **state)
{
	uint8_t sealed[1024];
	size_t length;

	(void)state;
	save_state();
	length = read_file(sealed, sizeof(sealed));
	for (size_t i = 0; i < length; i++) {
		is_refused(sealed, i);
		sealed[i] ^= 1 << i % 8;
		is_refused(sealed, length);
		sealed[i] ^= 1 << i % 8;
	}
	sealed[length] = 0;
	is_refused(sealed, length + 1);
	write_file(path, sealed, length, 0600);
	assert_true(reads());
	store_close(&store);
}

static void damages_are_told_apart(void **state)
{
	uint8_t sealed[1024], out[1024];
	struct slice secret = { plain, 32 };
	struct slice whole = { sealed, sizeof(plain) + SEALED_OVERHEAD };

	(void)state;
	assert_int_equal(sealed_make(secret, bytes, sealed), SEALED_OK);
	assert_int_equal(sealed_open((struct slice){ plain, 33 }, whole, out),
			 SEALED_OTHER_SECRET);
	sealed[SEALED_HEAD] ^= 1;
	assert_int_equal(sealed_open(secret, whole, out), SEALED_DAMAGED);
	assert_int_equal(out[0] | out[sizeof(plain) - 1], 0);
	sealed[0] ^= 1;
	assert_int_equal(sealed_open(secret, whole, out), SEALED_FOREIGN);
}

static void another_key_is_refused(void **state)
{
	uint8_t *at;
	size_t length;

	(void)state;
	save_state();
	store_close(&store);
	assert_int_not_equal(store_open(&store, path, other_key), 0);
	assert_int_equal(access(other_key, F_OK), -1);
	memset(plain, 0x77, 32);
	write_file(other_key, plain, 32, 0600);
	assert_int_equal(store_open(&store, path, other_key), 0);
	assert_int_not_equal(store_read(&store, &at, &length), 0);
	store_close(&store);
}

static void key_is_refused(size_t length, mode_t mode)
{
	write_file(key, plain, length, mode);
	assert_int_not_equal(store_open(&store, path, key), 0);
	unlink(key);
}

static void a_bad_key_file_is_refused(void **state)
{
	static uint8_t long_key[KEY_FILE_MAX + 1];
	struct store second;

	(void)state;
	key_is_refused(31, 0600);
	key_is_refused(32, 0640);
	key_is_refused(32, 0604);
	key_is_refused(32, 0620);
	write_file(key, long_key, sizeof(long_key), 0600);
	assert_int_not_equal(store_open(&store, path, key), 0);
	unlink(key);
	assert_int_equal(symlink(other_key, key), 0);
	write_file(other_key, plain, 32, 0600);
	assert_int_not_equal(store_open(&store, path, key), 0);
	assert_int_not_equal(store_open(&store, path, directory), 0);
	unlink(key);
	assert_int_equal(store_open(&store, path, other_key), 0);
	assert_int_not_equal(store_open(&second, path, other_key), 0);
	store_close(&store);
}

/* If a key file cannot be made, nothing is left that would be used as one. */
static void a_failure_makes_no_key_file(void **state)
{
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_not_equal(store_open(&store, path, key), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	unlink(lock);
	assert_int_equal(rmdir(directory), 0);
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_int_equal(store_open(&store, path, key), 0);
	store_close(&store);
}

/* A copy of the key file does not open a state that is in use. */
static void a_state_is_used_by_one(void **state)
{
	struct store second;

	(void)state;
	save_state();
	write_file(other_key, store.key.bytes, store.key.length, 0600);
	assert_int_equal(store_open(&second, path, other_key), -EWOULDBLOCK);
	store_close(&store);
	assert_int_equal(store_open(&second, path, other_key), 0);
	store_close(&second);
	unlink(lock);
	assert_int_equal(symlink(other_key, lock), 0);
	assert_int_equal(store_open(&second, path, key), -ELOOP);
}

/*
 * A file in the place where the state is written is not written to, and its
 * mode is not kept.
 */
static void a_new_state_is_a_new_file(void **state)
{
	char new_path[160];
	struct stat file;
	int fd;

	(void)state;
	save_state();
	snprintf(new_path, sizeof(new_path), "%s" NEW, path);
	write_file(new_path, "theirs", 6, 0666);
	assert_int_equal(chmod(new_path, 0666), 0);
	fd = open(new_path, O_RDONLY);
	assert_int_equal(store_write(&store, bytes), 0);
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 07777, 0600);
	assert_int_equal(fstat(fd, &file), 0);
	assert_int_equal(file.st_size, 6);
	close(fd);
	assert_int_equal(symlink(other_key, new_path), 0);
	assert_int_equal(store_write(&store, bytes), 0);
	assert_int_equal(access(other_key, F_OK), -1);
	assert_true(reads());
	store_close(&store);
}

/* A failed write leaves the previous state. */
static void a_failure_loses_nothing(void **state)
{
	char new_path[160];

	(void)state;
	save_state();
	snprintf(new_path, sizeof(new_path), "%s" NEW, path);
	assert_int_equal(mkdir(new_path, 0700), 0);
	assert_int_not_equal(store_write(&store, (struct slice){ plain, 1 }), 0);
	assert_true(reads());
	assert_int_equal(rmdir(new_path), 0);
	write_file(new_path, "half", 4, 0600);
	assert_int_equal(store_write(&store, bytes), 0);
	assert_true(reads());
	assert_int_equal(access(new_path, F_OK), -1);
	store_close(&store);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(what_was_kept_is_there),
		POINT(damage_is_refused),
		POINT(damages_are_told_apart),
		POINT(another_key_is_refused),
		POINT(a_bad_key_file_is_refused),
		POINT(a_failure_makes_no_key_file),
		POINT(a_state_is_used_by_one),
		POINT(a_new_state_is_a_new_file),
		POINT(a_failure_loses_nothing),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
