// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "daemon/sandbox.c"
#include "tests/unit/temporary.h"

static char directory[64], machine[96], state_path[96], new_path[96], stranger[96];
static struct sandbox_files files;

static void touch(const char *path)
{
	close(open(path, O_WRONLY | O_CREAT, 0600));
}

static int setup(void **state)
{
	char conf[80];

	(void)state;
	log_set_level("error");
	strcpy(directory, temporary("sandbox_test-XXXXXX"));
	if (!mkdtemp(directory))
		return -1;
	snprintf(conf, sizeof(conf), "%s/conf", directory);
	mkdir(conf, 0700);
	snprintf(machine, sizeof(machine), "%s/machine", conf);
	snprintf(stranger, sizeof(stranger), "%s/stranger", conf);
	snprintf(conf, sizeof(conf), "%s/state", directory);
	mkdir(conf, 0700);
	snprintf(state_path, sizeof(state_path), "%s/state", conf);
	snprintf(new_path, sizeof(new_path), "%s/state.new", conf);
	touch(machine);
	touch(stranger);
	files = (struct sandbox_files){
		.machine = machine, .state = state_path, .key = state_path,
	};
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command);
}

/*
 * Run @body in a process of its own. Return the line in which it failed, or 0.
 */
static int in_child(int (*body)(void))
{
	pid_t child = fork();
	int status;

	if (!child)
		_exit(body());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define WANT(condition) do { if (!(condition)) return __LINE__ % 256; } while (0)

static bool is_denied(const char *path, int flags)
{
	return open(path, flags, 0600) < 0 && errno == EACCES;
}

static int use_files(void)
{
	WANT(!sandbox_confine_files(&files));
	WANT(open(machine, O_RDONLY) >= 0);
	WANT(is_denied(machine, O_WRONLY));
	WANT(is_denied(stranger, O_RDONLY));
	WANT(is_denied("/etc/passwd", O_RDONLY));
	WANT(is_denied(temporary("sandbox_test.made"), O_WRONLY | O_CREAT));
	WANT(open(new_path, O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0);
	WANT(!rename(new_path, state_path));
	WANT(open(state_path, O_RDONLY) >= 0);
	WANT(unlink(stranger) && errno == EACCES);
	WANT(open("/proc/self/stat", O_RDONLY) >= 0);
	WANT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	return 0;
}

static void files_are_confined(void **state)
{
	(void)state;
	if (!confinable())
		skip();
	assert_int_equal(in_child(use_files), 0);
}

static int call(void)
{
	char *const arguments[] = { "/bin/true", NULL };
	char byte;
	int fds[2];

	WANT(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM);
	WANT(socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM);
	WANT(execv(arguments[0], arguments) && errno == EPERM);
	WANT(syscall(SYS_clone, 0, NULL, NULL, NULL, NULL) < 0 &&
	     errno == EPERM);
	WANT(syscall(SYS_ptrace, 0, 0, 0, 0) < 0 && errno == EPERM);
	WANT(syscall(SYS_kill, getpid(), 0) < 0 && errno == EPERM);
	WANT(syscall(SYS_tgkill, 1, 1, 0) < 0 && errno == EPERM);
	WANT(mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	WANT(mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	WANT(pipe(fds) < 0 && errno == EPERM);
	WANT(syscall(SYS_getrandom, &byte, 1, 0) == 1);
	WANT(open(machine, O_RDONLY) >= 0);
	return 0;
}

static pthread_barrier_t confined;

static void *call_in_thread(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&confined);
	return (void *)(intptr_t)call();
}

/* Threads that exist already are confined, too. */
static int make_calls(void)
{
	pthread_t thread;
	void *line;

	pthread_barrier_init(&confined, NULL, 2);
	WANT(!pthread_create(&thread, NULL, call_in_thread, NULL));
	WANT(!sandbox_confine_calls());
	pthread_barrier_wait(&confined);
	WANT(!pthread_join(thread, &line));
	return line ? (int)(intptr_t)line : call();
}

static void calls_are_confined(void **state)
{
	(void)state;
	assert_int_equal(in_child(make_calls), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files_are_confined, setup,
						teardown),
		cmocka_unit_test_setup_teardown(calls_are_confined, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
