// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/state_writer.c"
#include "tests/unit/loop_thread.h"
#include "tests/unit/temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "daemon/connection.h"
#include "daemon/control.h"
#include "abi/link.h"
#include "cex/machine.h"

#define APQN	AP_APQN(5, 4)
#define OTHERS	70	/* so that a status has more than one part */

/* swcexd without its options, in a thread of its own. */
static struct cex_machine *machine;
static struct state_writer writer;
static struct connections connections;
static struct control control;
static char directory[64], state_path[128], lock_path[128], key_path[128], new_path[128],
	link_path[128], control_path[128];

static void saved(void *unused)
{
	(void)unused;
	connections_saved(&connections);
	control_saved(&control);
}

static void start_daemon(void)
{
	machine = cex_machine_new(1);
	assert_non_null(machine);
	assert_int_equal(cex_add_adapter(machine, 5, "CEX8C"), 0);
	for (unsigned int adapter = 6; adapter < 6 + OTHERS; adapter++)
		assert_int_equal(cex_add_adapter(machine, adapter, "CEX8A"), 0);
	assert_int_equal(cex_add_domain(machine, 4), 0);
	assert_int_equal(loop_open(&loop), 0);
	assert_int_equal(state_writer_open(&writer, &loop, machine, state_path, key_path,
				saved, NULL), 0);
	assert_int_equal(connections_open(&connections, &loop, machine, &writer,
				     link_path, NULL), 0);
	assert_int_equal(control_open(&control, &loop, machine, &writer,
				 control_path), 0);
	assert_true(loop_thread_start());
}

static void stop_daemon(void)
{
	loop_thread_stop();
	state_writer_close(&writer);
	control_close(&control);
	connections_close(&connections);
	loop_close(&loop);
	cex_machine_free(machine);
}

static int setup(void **state)
{
	(void)state;
	log_set_level("error");
	strcpy(directory, temporary("state_writer_test-XXXXXX"));
	if (!mkdtemp(directory))
		return -1;
	snprintf(state_path, sizeof(state_path), "%s/state", directory);
	snprintf(lock_path, sizeof(lock_path), "%s/state.lock", directory);
	snprintf(new_path, sizeof(new_path), "%s/state.new", directory);
	snprintf(key_path, sizeof(key_path), "%s/key", directory);
	snprintf(link_path, sizeof(link_path), "%s/link", directory);
	snprintf(control_path, sizeof(control_path), "%s/control", directory);
	start_daemon();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	stop_daemon();
	unlink(state_path);
	unlink(lock_path);
	unlink(key_path);
	return rmdir(directory);
}

static int attach(void)
{
	const struct link_attach packet = { LINK_MAGIC, LINK_VERSION, LINK_LPAR,
					    0, 0 };
	struct link_attached attached;
	int fd = listener_connect(link_path, SOCK_SEQPACKET);

	assert_true(fd >= 0);
	assert_int_equal(send(fd, &packet, sizeof(packet), 0), sizeof(packet));
	assert_int_equal(recv(fd, &attached, sizeof(attached), 0),
			 sizeof(attached));
	assert_int_equal(attached.error, 0);
	return fd;
}

static void ask(int fd, enum ap_op op)
{
	struct {
		struct ap_command command;
		uint8_t message[1];
	} packet = { .command = { .op = op, .apqn = APQN,
				  .length = op == AP_OP_NQAP } };
	size_t length = sizeof(packet.command) + packet.command.length;

	assert_int_equal(send(fd, &packet, length, 0), length);
}

/* Return whether an answer comes within @milliseconds. */
static bool is_answered(int fd, unsigned int milliseconds)
{
	const struct timeval patience = {
		milliseconds / 1000, milliseconds % 1000 * 1000 };
	struct ap_result result;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return recv(fd, &result, sizeof(result), 0) >= (ssize_t)sizeof(result);
}

/* Return the present domain of 05.0004, with its master keys. */
static struct domain domain_now(void)
{
	struct domain domain;

	pthread_mutex_lock(&machine->lock);
	domain = machine_queue(machine, APQN)->domain;
	pthread_mutex_unlock(&machine->lock);
	return domain;
}

/* The machine of a swcexd that is about to start. */
static void prepare(void)
{
	machine = cex_machine_new(1);
	assert_non_null(machine);
	assert_int_equal(cex_add_adapter(machine, 5, "CEX8C"), 0);
	assert_int_equal(cex_add_domain(machine, 4), 0);
	assert_int_equal(loop_open(&loop), 0);
}

static int try_to_start(void)
{
	return state_writer_open(&writer, &loop, machine, state_path, key_path, saved, NULL);
}

static void give_up(void)
{
	loop_close(&loop);
	cex_machine_free(machine);
}

static unsigned int descriptors(void)
{
	unsigned int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* What is said goes into a file of its own until hear_all() is called. */
static FILE *said;
static int mouth;

static void listen_to(const char *level)
{
	log_set_level(level);
	said = tmpfile();
	assert_non_null(said);
	fflush(stderr);
	mouth = dup(STDERR_FILENO);
	dup2(fileno(said), STDERR_FILENO);
}

static void hear_all(char *text, size_t room)
{
	fflush(stderr);
	dup2(mouth, STDERR_FILENO);
	close(mouth);
	rewind(said);
	text[fread(text, 1, room - 1, said)] = '\0';
	fclose(said);
	log_set_level("error");
}

static unsigned int times(const char *text, const char *what)
{
	unsigned int count = 0;

	while ((text = strstr(text, what))) {
		text++;
		count++;
	}
	return count;
}

/* VMs would wait for ever. */
static void what_cannot_be_kept_is_no_start(void **state)
{
	unsigned int before;
	char text[1024];

	(void)state;
	stop_daemon();
	prepare();
	before = descriptors();
	assert_int_equal(mkdir(new_path, 0700), 0);
	listen_to("error");
	assert_int_equal(try_to_start(), -EISDIR);
	hear_all(text, sizeof(text));
	assert_int_equal(times(text, "state: the state cannot be saved: Is a directory\n"), 1);
	assert_int_equal(descriptors(), before);
	assert_int_equal(rmdir(new_path), 0);
	assert_int_equal(try_to_start(), 0);
	state_writer_close(&writer);
	assert_int_equal(descriptors(), before);
	give_up();
	start_daemon();
}

/* It is told when it begins and when it ends, and not with each try, which are a second apart. */
static void trouble_is_told_once(void **state)
{
	int fd = attach();
	char text[4096];

	(void)state;
	listen_to("info");
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_GUEST_CREATE);
	assert_false(is_answered(fd, 2500));
	assert_int_equal(rmdir(new_path), 0);
	assert_true(is_answered(fd, 10000));
	ask(fd, AP_OP_GUEST_CREATE);
	assert_true(is_answered(fd, 10000));
	hear_all(text, sizeof(text));
	assert_int_equal(times(text, "state: the state cannot be saved: Is a directory; VMs wait"), 1);
	assert_int_equal(times(text, "state: the state is saved again"), 1);
	close(fd);
}

/* It is not written over: another version of swcexd may need it. */
static void a_state_that_is_not_understood_is_no_start(void **state)
{
	const struct slice nonsense = { (const uint8_t *)"nonsense", 8 };
	struct store store;
	uint8_t *bytes;
	size_t length;

	(void)state;
	stop_daemon();
	assert_int_equal(store_open(&store, state_path, key_path), 0);
	assert_int_equal(store_write(&store, nonsense), 0);
	store_close(&store);
	prepare();
	assert_int_equal(try_to_start(), -EINVAL);
	assert_int_equal(store_open(&store, state_path, key_path), 0);
	assert_int_equal(store_read(&store, &bytes, &length), 0);
	assert_int_equal(length, 8);
	assert_memory_equal(bytes, nonsense.at, 8);
	free(bytes);
	store_close(&store);
	give_up();
	unlink(state_path);
	start_daemon();
}

/* What nobody was told of. */
static void what_changed_last_is_kept_at_the_end(void **state)
{
	(void)state;
	assert_int_equal(cex_deconfigure(machine, 5), 0);
	stop_daemon();
	start_daemon();
	assert_int_equal(machine->adapter[5]->state, ADAPTER_DECONFIGURED);
}

/* swcexd ends, and so does the wait of its VMs, also when its disk is full. */
static void the_end_does_not_wait_for_the_disk(void **state)
{
	int fd = attach();

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_GUEST_CREATE);
	assert_false(is_answered(fd, 200));
	loop_thread_stop();
	state_writer_close(&writer);
	assert_true(state_writer_has(&writer, UINT64_MAX));
	assert_int_equal(rmdir(new_path), 0);
	control_close(&control);
	connections_close(&connections);
	loop_close(&loop);
	cex_machine_free(machine);
	close(fd);
	start_daemon();
}

static void what_was_answered_was_kept(void **state)
{
	struct domain before = domain_now();
	struct cex_queue_info info;
	int fd = attach();

	(void)state;
	ask(fd, AP_OP_NQAP);
	assert_true(is_answered(fd, 10000));
	stop_daemon();
	start_daemon();
	assert_memory_equal(&machine_queue(machine, APQN)->domain, &before,
			    sizeof(before));
	cex_queue_info(machine, APQN, &info);
	assert_false(info.clean);
	close(fd);
	fd = attach();
	ask(fd, AP_OP_TAPQ);
	assert_true(is_answered(fd, 10000));
	close(fd);
}

/* The rate of writing is limited, however often a VM changes the state. */
static void a_vm_does_not_set_the_rate(void **state)
{
	int fd = attach();
	struct stat file;
	uint64_t begin;
	int64_t left;

	(void)state;
	assert_int_equal(stat(state_path, &file), 0);
	pthread_mutex_lock(&writer.lock);
	writer.allowance = allowance_of(file.st_size * 20, file.st_size * 5);
	pthread_mutex_unlock(&writer.lock);
	begin = now();
	for (int i = 0; i < 30; i++) {
		ask(fd, AP_OP_GUEST_CREATE);
		assert_true(is_answered(fd, 10000));
	}
	/* Five are written at once, the others at a rate of 20 per second. */
	assert_true(now() - begin >= SECOND);
	pthread_mutex_lock(&writer.lock);
	left = writer.allowance.left;
	pthread_mutex_unlock(&writer.lock);
	assert_true(left >= -2 * file.st_size - 40 * 256);
	close(fd);
}

/*
 * An answer waits while its revision cannot be saved. All others are sent, and
 * in the end this one is, too.
 */
static void an_answer_waits(void **state)
{
	int fd = attach();

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_TAPQ);
	assert_true(is_answered(fd, 10000));
	ask(fd, AP_OP_NQAP);
	assert_false(is_answered(fd, 300));
	assert_int_equal(rmdir(new_path), 0);
	assert_true(is_answered(fd, 10000));
	ask(fd, AP_OP_TAPQ);
	assert_true(is_answered(fd, 10000));
	close(fd);
}

/* Return all that swcexd answers to @line within ten seconds. */
static const char *told(const char *line)
{
	const struct timeval patience = { .tv_sec = 10 };
	static char text[1 << 16];
	int fd = listener_connect(control_path, SOCK_STREAM);
	size_t length = 0;
	ssize_t part;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(write(fd, line, strlen(line)), strlen(line));
	while ((part = recv(fd, text + length, sizeof(text) - 1 - length, 0)) > 0)
		length += part;
	assert_int_equal(part, 0);
	text[length] = '\0';
	close(fd);
	return text;
}

static void what_changes_nothing_does_not_wait(void **state)
{
	static const char *const lines[] = {
		"status\n", "status json\n", "dirty-handovers\n", "help\n",
		"master-key show 05.0004\n", "fault 05.0004 busy 1\n",
		"reset-time 05.0004 5\n",
	};
	int fd = attach();

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_NQAP);
	assert_false(is_answered(fd, 100));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_memory_equal(told(lines[i]), "ok\n", 3);
	assert_memory_equal(told("configure 99\n"), "error: ", 7);
	assert_false(is_answered(fd, 100));
	assert_int_equal(rmdir(new_path), 0);
	assert_true(is_answered(fd, 10000));
	close(fd);
}

/* The command is carried out nevertheless, and saved later. */
static void a_change_that_is_not_kept_is_told(void **state)
{
	const char *answer;

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	answer = told("deconfigure 5\n");
	assert_memory_equal(answer, "error: the command is carried out, but not saved: ", 50);
	assert_non_null(strstr(answer, state_path));
	assert_non_null(strstr(answer, strerror(EISDIR)));
	assert_non_null(strstr(told("status\n"), "05.0004 CEX8C  deconfigured"));
	assert_int_equal(rmdir(new_path), 0);
	assert_string_equal(told("checkstop 6\n"), "ok\n");
	stop_daemon();
	start_daemon();
	assert_non_null(strstr(told("status\n"), "05.0004 CEX8C  deconfigured"));
}

/* A VM that waits for an answer may disconnect. */
static void a_vm_leaves_while_it_waits(void **state)
{
	int fd = attach();

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_NQAP);
	assert_false(is_answered(fd, 100));
	close(fd);
	assert_int_equal(rmdir(new_path), 0);
	fd = attach();
	ask(fd, AP_OP_TAPQ);
	assert_true(is_answered(fd, 10000));
	close(fd);
}

/*
 * Commands that it sent in advance are not executed, nor is anything saved for
 * them.
 */
static void a_vm_leaves_more_questions_than_one(void **state)
{
	unsigned int guests;
	int fd = attach();

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_NQAP);
	assert_false(is_answered(fd, 100));
	for (int i = 0; i < 10; i++)
		ask(fd, AP_OP_GUEST_CREATE);
	close(fd);
	assert_int_equal(rmdir(new_path), 0);
	fd = attach();
	ask(fd, AP_OP_TAPQ);
	assert_true(is_answered(fd, 10000));
	pthread_mutex_lock(&machine->lock);
	guests = machine->guest_count;
	pthread_mutex_unlock(&machine->lock);
	assert_int_equal(guests, 0);
	close(fd);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(a_vm_does_not_set_the_rate),
		POINT(what_cannot_be_kept_is_no_start),
		POINT(a_state_that_is_not_understood_is_no_start),
		POINT(what_changed_last_is_kept_at_the_end),
		POINT(the_end_does_not_wait_for_the_disk),
		POINT(trouble_is_told_once),
		POINT(what_was_answered_was_kept),
		POINT(an_answer_waits),
		POINT(what_changes_nothing_does_not_wait),
		POINT(a_change_that_is_not_kept_is_told),
		POINT(a_vm_leaves_while_it_waits),
		POINT(a_vm_leaves_more_questions_than_one),
	};

	return cmocka_run_group_tests_name("state_writer", tests, NULL, NULL);
}
