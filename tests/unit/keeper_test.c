// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "adapters/keeper.c"
#include "tests/unit/loop_thread.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "connection.h"
#include "control.h"
#include "link.h"
#include "machine.h"

#define APQN	AP_APQN(5, 4)
#define OTHERS	70	/* so that a status has more than one part */

/* apd without its options, in a thread of its own. */
static struct cex_machine *machine;
static struct keeper keeper;
static struct connections connections;
static struct control control;
static char folder[64], state_path[128], key_path[128], new_path[128],
	link_path[128], control_path[128];

static void kept(void *unused)
{
	(void)unused;
	connections_kept(&connections);
	control_kept(&control);
}

static void start_apd(void)
{
	machine = cex_machine_new(1);
	assert_non_null(machine);
	assert_int_equal(cex_add_adapter(machine, 5, "CEX8C"), 0);
	for (unsigned int adapter = 6; adapter < 6 + OTHERS; adapter++)
		assert_int_equal(cex_add_adapter(machine, adapter, "CEX8A"), 0);
	assert_int_equal(cex_add_domain(machine, 4), 0);
	assert_true(loop_open(&loop));
	assert_true(keeper_open(&keeper, &loop, machine, state_path, key_path,
				kept, NULL));
	assert_true(connections_open(&connections, &loop, machine, &keeper,
				     link_path));
	assert_true(control_open(&control, &loop, machine, &keeper,
				 control_path));
	assert_true(loop_thread_start());
}

static void stop_apd(void)
{
	close(ending[1]);
	pthread_join(server, NULL);
	keeper_close(&keeper);
	control_close(&control);
	connections_close(&connections);
	loop_close(&loop);
	close(ending[0]);
	cex_machine_free(machine);
}

static int setup(void **state)
{
	(void)state;
	log_set_level("error");
	strcpy(folder, "/tmp/keeper_test-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(state_path, sizeof(state_path), "%s/state", folder);
	snprintf(new_path, sizeof(new_path), "%s/state.new", folder);
	snprintf(key_path, sizeof(key_path), "%s/key", folder);
	snprintf(link_path, sizeof(link_path), "%s/link", folder);
	snprintf(control_path, sizeof(control_path), "%s/control", folder);
	start_apd();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	stop_apd();
	unlink(state_path);
	unlink(key_path);
	return rmdir(folder);
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

/* Within @milliseconds. */
static bool is_answered(int fd, unsigned int milliseconds)
{
	const struct timeval patience = {
		milliseconds / 1000, milliseconds % 1000 * 1000 };
	struct ap_result result;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return recv(fd, &result, sizeof(result), 0) >= (ssize_t)sizeof(result);
}

/* The master keys of 05.0004, as they are now. */
static struct domain domain_now(void)
{
	struct domain domain;

	pthread_mutex_lock(&machine->lock);
	domain = machine_queue(machine, APQN)->domain;
	pthread_mutex_unlock(&machine->lock);
	return domain;
}

static void what_was_answered_was_kept(void **state)
{
	struct domain before = domain_now();
	struct cex_queue_info info;
	int fd = attach();

	(void)state;
	ask(fd, AP_OP_NQAP);
	assert_true(is_answered(fd, 10000));
	stop_apd();
	start_apd();
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

/* What cannot be kept is not answered; all else is, and at last that, too. */
static void an_answer_waits(void **state)
{
	char byte;
	int fd = attach(), console;

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_TAPQ);
	assert_true(is_answered(fd, 10000));
	ask(fd, AP_OP_NQAP);
	assert_false(is_answered(fd, 300));
	console = listener_connect(control_path, SOCK_STREAM);
	assert_int_equal(write(console, "master-key clear 05.0004 aes old\n", 33),
			 33);
	assert_false(recv(console, &byte, 1, MSG_DONTWAIT) > 0);
	assert_int_equal(rmdir(new_path), 0);
	assert_true(is_answered(fd, 10000));
	assert_int_equal(read(console, &byte, 1), 1);
	assert_int_equal(byte, 'o');
	close(console);
	ask(fd, AP_OP_TAPQ);
	assert_true(is_answered(fd, 10000));
	close(fd);
}

static size_t read_for(int fd, char *text, size_t room, unsigned int milliseconds)
{
	const struct timeval patience = {
		milliseconds / 1000, milliseconds % 1000 * 1000 };
	size_t length = 0;
	ssize_t part;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	while ((part = recv(fd, text + length, room - length, 0)) > 0)
		length += part;
	text[length] = '\0';
	return length;
}

/* The answer is not whole until all that it tells is kept. */
static void the_end_of_a_status_waits(void **state)
{
	int fd = attach(), console;
	char text[1 << 16];
	size_t length;

	(void)state;
	assert_int_equal(mkdir(new_path, 0700), 0);
	ask(fd, AP_OP_NQAP);
	console = listener_connect(control_path, SOCK_STREAM);
	assert_int_equal(write(console, "status json\n", 12), 12);
	length = read_for(console, text, sizeof(text) - 1, 300);
	assert_null(strstr(text, "]}\n"));
	assert_int_equal(rmdir(new_path), 0);
	read_for(console, text + length, sizeof(text) - 1 - length, 10000);
	assert_non_null(strstr(text, "\"05.0004\""));
	assert_non_null(strstr(text, "]}\n"));
	close(console);
	assert_true(is_answered(fd, 10000));
	close(fd);
}

/* Who waits may leave. */
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

/* What it sent ahead is not done, nor anything kept about it. */
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
		POINT(what_was_answered_was_kept),
		POINT(an_answer_waits),
		POINT(the_end_of_a_status_waits),
		POINT(a_vm_leaves_while_it_waits),
		POINT(a_vm_leaves_more_questions_than_one),
	};

	return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
