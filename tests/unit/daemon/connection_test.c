// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "daemon/connection.c"
#include "tests/unit/loop_thread.h"
#include "tests/unit/packet.h"
#include "tests/unit/seeded.h"
#include "tests/unit/temporary.h"

#include <pthread.h>

#define APQN	AP_APQN(5, 4)
#define GUESTS	24		/* as many domains, from that of APQN on */

/* swcexd's part runs in a thread of its own until it is stopped. */
static struct cex_machine *machine;
static struct connections connections;
static char path[80], guests_path[96];

/*
 * Listeners that accept no connection, so that closing the other end lingers.
 */
static int accepting[8];
static unsigned int accepted;

static int add_domains(void)
{
	int error = 0;

	for (int i = 0; i < GUESTS && !error; i++)
		error = cex_add_domain(machine, AP_DOMAIN(APQN) + i);
	return error;
}

static int setup(void **state)
{
	(void)state;
	log_set_level("error");
	machine = cex_machine_new(1);
	if (!machine || cex_add_adapter(machine, 5, "CEX8A") ||
	    add_domains() || loop_open(&loop) ||
	    connections_open(&connections, &loop, machine, NULL, path,
			     guests_path))
		return -1;
	return loop_thread_start() ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	loop_thread_stop();
	connections_close(&connections);
	loop_close(&loop);
	cex_machine_free(machine);
	return access(path, F_OK) && access(guests_path, F_OK) ? 0 : -1;
}

static int peer_on(const char *socket)
{
	int fd = peer_at(socket, SOCK_SEQPACKET);

	assert_true(fd >= 0);
	return fd;
}

static int peer_new(void)
{
	return peer_on(path);
}

/* Connect to the socket for @role. */
static int peer_for(uint16_t role)
{
	return peer_on(role == LINK_GUEST ? guests_path : path);
}

static uint32_t attach(int fd, struct link_attach packet)
{
	struct link_attached attached;

	assert_int_equal(send(fd, &packet, sizeof(packet), MSG_NOSIGNAL),
			 sizeof(packet));
	assert_int_equal(recv(fd, &attached, sizeof(attached), 0),
			 sizeof(attached));
	assert_int_equal(!attached.error, !attached.reason[0]);
	return attached.error;
}

static int lpar_new(void)
{
	int fd = peer_new();

	assert_int_equal(attach(fd, (struct link_attach){
		LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, 0 }), 0);
	return fd;
}

static bool is_closed(int fd)
{
	char byte;
	ssize_t length = recv(fd, &byte, 1, 0);

	return length == 0 || (length < 0 && errno == ECONNRESET);
}

/*
 * Execute @command; any thread may do so. Return false when the connection has
 * ended.
 */
static bool exchange(int fd, struct ap_command command, const void *message,
		     struct answer *answer)
{
	struct iovec parts[] = {
		{ &command, sizeof(command) },
		{ (void *)message, command.length },
	};
	const struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t length = sizeof(command) + command.length;

	if (sendmsg(fd, &packet, MSG_NOSIGNAL) != length)
		return false;
	length = recv(fd, answer, sizeof(*answer), 0);
	return length == (ssize_t)sizeof(answer->result) + answer->result.length;
}

static struct answer ask(int fd, struct ap_command command, const void *message)
{
	struct answer answer;

	assert_true(exchange(fd, command, message, &answer));
	return answer;
}

static void works(int fd)
{
	struct answer answer = ask(fd, (struct ap_command){ .op = AP_OP_TAPQ,
							    .apqn = APQN }, "");

	assert_int_equal(answer.result.value, 0x0e000007);
}

/* Attach @fd as the LPAR, and return the descriptor that comes with the answer. */
static int memory_of_lpar(int fd)
{
	const struct link_attach packet = { LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, 0 };
	struct link_attached attached;
	struct iovec part = { &attached, sizeof(attached) };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr answer = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int memory;

	assert_int_equal(send(fd, &packet, sizeof(packet), 0), sizeof(packet));
	assert_int_equal(recvmsg(fd, &answer, 0), sizeof(attached));
	assert_int_equal(control.header.cmsg_len, CMSG_LEN(sizeof(int)));
	memcpy(&memory, CMSG_DATA(&control.header), sizeof(int));
	return memory;
}

static void a_vm_can_watch(void **state)
{
	const struct ap_changes *changes;
	int fd = peer_new(), memory = memory_of_lpar(fd);
	uint64_t count;

	(void)state;
	changes = mmap(NULL, sizeof(*changes), PROT_READ, MAP_SHARED, memory, 0);
	assert_ptr_not_equal(changes, MAP_FAILED);
	count = *AP_CHANGES_OF(changes, APQN);
	assert_int_equal(ask(fd, (struct ap_command){ .op = AP_OP_ZAPQ, .apqn = APQN },
			     "").result.status & 0x00ff0000, 0);
	assert_int_equal(*AP_CHANGES_OF(changes, APQN), count + 1);
	munmap((void *)changes, sizeof(*changes));
	close(memory);
	close(fd);
}

/* Otherwise a VM that comes back again and again could keep any amount of memory. */
static void a_vm_that_comes_back_has_the_same_memory(void **state)
{
	struct stat first, again;
	int fd = peer_new(), memory = memory_of_lpar(fd);

	(void)state;
	assert_int_equal(fstat(memory, &first), 0);
	for (int i = 0; i < 5; i++) {
		close(memory);
		close(fd);
		fd = peer_new();
		memory = memory_of_lpar(fd);
		assert_int_equal(fstat(memory, &again), 0);
		assert_int_equal(again.st_ino, first.st_ino);
		works(fd);
	}
	close(memory);
	close(fd);
}

static void an_lpar_is_served(void **state)
{
	int fd = lpar_new();
	struct answer answer;

	(void)state;
	works(fd);
	answer = ask(fd, (struct ap_command){ .op = AP_OP_QCI }, "");
	assert_int_equal(answer.result.length, 128);
	assert_int_equal(answer.message[16], 0x04);
	close(fd);
}

static void the_longest_message_passes(void **state)
{
	static uint8_t message[AP_MESSAGE_MAX];
	int fd = lpar_new();

	(void)state;
	assert_int_equal(ask(fd, (struct ap_command){ .op = AP_OP_NQAP,
		.apqn = APQN, .length = sizeof(message) }, message).result.check,
		AP_CHECK_SPECIFICATION);
	works(fd);
	close(fd);
}

/* Create a guest that has one queue, and return its number. */
static uint64_t guest_create(int lpar, uint16_t apqn)
{
	struct ap_apcb apcb = { 0 };
	uint64_t number;

	number = ask(lpar, (struct ap_command){ .op = AP_OP_GUEST_CREATE },
		     "").result.value;
	ap_mask_set(&apcb.apm, AP_ADAPTER(apqn));
	ap_mask_set(&apcb.aqm, AP_DOMAIN(apqn));
	assert_int_equal(ask(lpar, (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = number,
		.length = sizeof(apcb) }, &apcb).result.value, 0);
	return number;
}

/* Return 0 if the guest is attached, or else the error. */
static uint32_t guest_attach(int *guest, uint64_t number)
{
	uint32_t error;

	*guest = peer_for(LINK_GUEST);
	error = attach(*guest, (struct link_attach){
		LINK_MAGIC, LINK_VERSION, LINK_GUEST, number, 0 });
	if (error)
		close(*guest);
	return error;
}

static int guest_new(int lpar, uint16_t apqn)
{
	int guest;

	assert_int_equal(guest_attach(&guest, guest_create(lpar, apqn)), 0);
	return guest;
}

static void a_guest_is_served(void **state)
{
	int lpar = lpar_new(), guest = guest_new(lpar, APQN);

	(void)state;
	works(guest);
	close(guest);
	close(lpar);
}

struct guest {
	pthread_t thread;
	int fd;
	uint16_t apqn;
	bool failed;
};

/* Repeat @command until its response code is 00. */
static bool insist(struct guest *guest, struct ap_command command,
		   struct answer *answer)
{
	for (int tries = 100000; tries; tries--) {
		if (!exchange(guest->fd, command, "?", answer))
			return false;
		if (!AP_STATUS_RC(answer->result.status))
			return true;
		usleep(100);
	}
	return false;
}

/*
 * Whatever is wrong with a request, its reply has its psmid. The thread ends in
 * the middle of its work.
 */
static void *work(void *opaque)
{
	struct guest *guest = opaque;
	struct answer answer;
	struct ap_command nqap = { .op = AP_OP_NQAP, .apqn = guest->apqn,
				   .length = 1 };
	const struct ap_command dqap = { .op = AP_OP_DQAP, .apqn = guest->apqn,
					 .arg[0] = 4096 };

	for (int i = 0; i < 100 && !guest->failed; i++) {
		nqap.psmid = (uint64_t)guest->apqn << 32 | i;
		guest->failed = !insist(guest, nqap, &answer) ||
				!insist(guest, dqap, &answer) ||
				answer.result.psmid != nqap.psmid;
	}
	for (int i = 0; i < 8; i++)
		exchange(guest->fd, nqap, "?", &answer);
	close(guest->fd);
	return NULL;
}

static void is_as_new(int lpar, uint16_t apqn)
{
	struct guest host = { .fd = lpar, .apqn = apqn };
	struct answer answer;

	assert_true(insist(&host, (struct ap_command){
		.op = AP_OP_ZAPQ, .apqn = apqn }, &answer));
	assert_true(insist(&host, (struct ap_command){
		.op = AP_OP_TAPQ, .apqn = apqn }, &answer));
	assert_int_equal(answer.result.status, AP_STATUS_QUEUE_EMPTY);
}

static void many_guests_work_and_die_at_once(void **state)
{
	static struct guest guests[GUESTS];
	int lpar = lpar_new();

	(void)state;
	for (int i = 0; i < GUESTS; i++)
		guests[i] = (struct guest){ .fd = guest_new(lpar, APQN + i),
					    .apqn = APQN + i };
	for (int i = 0; i < GUESTS; i++)
		pthread_create(&guests[i].thread, NULL, work, &guests[i]);
	for (int i = 0; i < GUESTS; i++) {
		pthread_join(guests[i].thread, NULL);
		assert_false(guests[i].failed);
	}
	for (int i = 0; i < GUESTS; i++)
		is_as_new(lpar, APQN + i);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	close(lpar);
}

/*
 * A helper process, forked before swcexd's part opens descriptors that it would
 * share. For each request it forks a process that attaches, creates a guest if
 * it is the LPAR, answers, and ends when it is told to.
 */
struct told {
	uint32_t error;
	uint64_t guest;
};

static int others[2];	/* a socket pair of the tests and of the process */

static void be_vm(const struct link_attach *packet)
{
	int fd = peer_for(packet->role);
	struct told told = { .error = attach(fd, *packet) };
	char byte;

	if (!told.error && packet->role == LINK_LPAR)
		told.guest = guest_create(fd, APQN);
	if (write(others[1], &told, sizeof(told)) == sizeof(told))
		_exit(read(others[1], &byte, 1) != 1);
	_exit(1);
}

static void serve_others(void)
{
	struct link_attach packet;

	close(others[0]);
	while (read(others[1], &packet, sizeof(packet)) == sizeof(packet)) {
		pid_t child = fork();

		if (!child)
			be_vm(&packet);
		waitpid(child, NULL, 0);
	}
	_exit(0);
}

static struct told other_attaches(enum link_role role, uint64_t number)
{
	const struct link_attach packet = {
		LINK_MAGIC, LINK_VERSION, role, number, 0 };
	struct told told;

	assert_int_equal(write(others[0], &packet, sizeof(packet)),
			 sizeof(packet));
	assert_int_equal(read(others[0], &told, sizeof(told)), sizeof(told));
	return told;
}

static void other_ends(void)
{
	assert_int_equal(write(others[0], "", 1), 1);
}

/* Return 0, or the error with which another process may not attach. */
static uint32_t elsewhere(enum link_role role, uint64_t number)
{
	struct told told = other_attaches(role, number);

	other_ends();
	return told.error;
}

/* A VM may come back if its process is the same; its guests wait for it. */
static void a_vm_comes_back(void **state)
{
	int lpar = lpar_new(), guest;
	uint64_t number = guest_create(lpar, APQN);
	struct ap_command nqap = { .op = AP_OP_NQAP, .apqn = APQN, .length = 1 };

	(void)state;
	assert_int_equal(guest_attach(&guest, number), 0);
	assert_int_equal(ask(guest, nqap, "").result.status & 0xff0000, 0);
	close(guest);
	while (guest_attach(&guest, number))
		;
	works(guest);
	close(lpar);
	assert_true(is_closed(guest));
	close(guest);
	assert_int_equal(guest_attach(&guest, number), EAGAIN);
	assert_int_equal(elsewhere(LINK_GUEST, number), EAGAIN);
	assert_int_equal(elsewhere(LINK_LPAR, 0), EBUSY);
	lpar = lpar_new();
	assert_int_equal(elsewhere(LINK_GUEST, number), EBUSY);
	assert_int_equal(guest_attach(&guest, number), 0);
	works(guest);
	assert_int_equal(cex_dirty_handovers(machine), 0);
	works(lpar);
	close(guest);
	close(lpar);
}

static uint32_t lpar_comes_back(int *lpar, uint64_t flags)
{
	close(*lpar);
	*lpar = peer_new();
	return attach(*lpar, (struct link_attach){
		LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, flags });
}

static bool is_clean(uint16_t apqn)
{
	struct cex_queue_info info;

	do
		cex_queue_info(machine, apqn, &info);
	while (info.state == CEX_RESET_IN_PROGRESS);
	return info.clean;
}

/*
 * A VM that was reset while it was absent finds its guests gone and its queues
 * clean.
 */
static void a_vm_comes_back_that_was_reset(void **state)
{
	struct ap_command nqap = { .op = AP_OP_NQAP, .apqn = APQN, .length = 1 };
	int lpar = lpar_new(), guest;
	uint64_t number = guest_create(lpar, APQN + 1);

	(void)state;
	ask(lpar, nqap, "");
	assert_int_equal(lpar_comes_back(&lpar, 0), 0);
	assert_false(is_clean(APQN));
	assert_int_equal(guest_attach(&guest, number), 0);
	close(guest);
	assert_int_equal(lpar_comes_back(&lpar, LINK_RESET), 0);
	assert_true(is_clean(APQN));
	works(lpar);
	assert_int_equal(guest_attach(&guest, guest_create(lpar, APQN)), 0);
	works(guest);
	close(guest);
	close(lpar);
}

/* An LPAR that breaks the rules ends its guests, including absent ones. */
static void an_lpar_that_breaks_off_leaves_no_guest(void **state)
{
	const struct ap_command lie = { .op = AP_OP_TAPQ, .length = 1 };
	int lpar = lpar_new(), guest;
	uint64_t number = guest_create(lpar, APQN);

	(void)state;
	assert_int_equal(guest_attach(&guest, number), 0);
	close(guest);
	assert_int_equal(send(lpar, &lie, sizeof(lie), MSG_NOSIGNAL),
			 sizeof(lie));
	assert_true(is_closed(lpar));
	close(lpar);
	assert_int_equal(guest_attach(&guest, number), ENOENT);
	lpar = lpar_new();
	works(lpar);
	close(lpar);
}

/* A VM ends with its process, and guests end with their LPAR. */
static void a_process_ends(void **state)
{
	struct told told = other_attaches(LINK_LPAR, 0);
	uint32_t error;
	int lpar, guest;

	(void)state;
	assert_int_equal(told.error, 0);
	assert_int_equal(guest_attach(&guest, told.guest), 0);
	works(guest);
	other_ends();
	assert_true(is_closed(guest));
	close(guest);
	do
		error = guest_attach(&guest, told.guest);
	while (error == EAGAIN);
	assert_int_equal(error, ENOENT);
	lpar = lpar_new();
	works(lpar);
	close(lpar);
}

static void is_refused(struct link_attach packet, uint32_t error)
{
	int fd = peer_for(packet.role);

	assert_int_equal(attach(fd, packet), error);
	assert_true(is_closed(fd));
	close(fd);
}

static void a_wrong_attachment_is_refused(void **state)
{
	int lpar = lpar_new();
	const struct link_attach good = { LINK_MAGIC, LINK_VERSION,
					  LINK_GUEST, 1, 0 };
	struct link_attach wrong = good;

	(void)state;
	wrong.magic++;
	is_refused(wrong, EPROTO);
	wrong = good;
	wrong.version++;
	is_refused(wrong, EPROTO);
	wrong = good;
	wrong.role = 0;
	is_refused(wrong, EPROTO);
	wrong.role = 3;
	is_refused(wrong, EPROTO);
	wrong.role = LINK_LPAR;
	is_refused(wrong, EBUSY);
	is_refused(good, ENOENT);
	works(lpar);
	close(lpar);
}

static void a_short_or_long_attachment_is_refused(void **state)
{
	static const char noise[200];

	(void)state;
	for (size_t length = 1; length < sizeof(noise); length++) {
		struct link_attached attached;
		int fd = peer_new();

		if (length == sizeof(struct link_attach))
			length++;
		send(fd, noise, length, MSG_NOSIGNAL);
		assert_int_equal(recv(fd, &attached, sizeof(attached), 0),
				 sizeof(attached));
		assert_int_equal(attached.error, EPROTO);
		assert_true(is_closed(fd));
		close(fd);
	}
}

static void breaks_off(const void *packet, size_t length)
{
	int fd;

	/* The previous LPAR may still be attached. */
	for (;;) {
		fd = peer_new();
		if (!attach(fd, (struct link_attach){
			    LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, 0 }))
			break;
		close(fd);
	}
	assert_int_equal(send(fd, packet, length, MSG_NOSIGNAL), length);
	assert_true(is_closed(fd));
	close(fd);
}

static void a_lying_command_breaks_off(void **state)
{
	static struct {
		struct question question;
		uint8_t more[1];
	} packet = { .question.command.op = AP_OP_NQAP };

	(void)state;
	for (size_t length = 1; length < sizeof(struct ap_command); length++)
		breaks_off(&packet, length);
	packet.question.command.length = 1;
	breaks_off(&packet, sizeof(struct ap_command));
	packet.question.command.length = UINT32_MAX;
	breaks_off(&packet, sizeof(struct ap_command));
	packet.question.command.length = 100;
	breaks_off(&packet, sizeof(struct ap_command) + 101);
	packet.question.command.length = AP_MESSAGE_MAX + 1;
	breaks_off(&packet, sizeof(struct ap_command) + AP_MESSAGE_MAX + 1);
}

static void one_that_does_not_read_breaks_off(void **state)
{
	const struct ap_command qci = { .op = AP_OP_QCI };
	struct answer answer;
	int fd = lpar_new(), other = peer_new();
	int sent = 0;

	(void)state;
	while (send(fd, &qci, sizeof(qci), MSG_NOSIGNAL) > 0)
		assert_true(++sent < 1000000);
	assert_true(errno == EPIPE || errno == ECONNRESET);
	/* Answers that were sent before can still be read. */
	while (recv(fd, &answer, sizeof(answer), 0) > 0)
		assert_int_equal(answer.result.length, 128);
	close(fd);
	assert_int_equal(attach(other, (struct link_attach){
		LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, 0 }), 0);
	works(other);
	close(other);
}

static void idle_connections_make_room(void **state)
{
	static int idle[CONNECTION_WAITING + 20];
	int lpar = lpar_new();

	(void)state;
	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		idle[i] = peer_new();
	works(lpar);
	for (int i = 0; i < 20; i++)
		assert_true(is_closed(idle[i]));
	assert_int_equal(recv(idle[20], (char[1]){ 0 }, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		close(idle[i]);
	close(lpar);
}

/* Absent VMs keep their places, and come back to them. */
static void a_vm_needs_a_place(void **state)
{
	int lpar = lpar_new(), guest;
	uint64_t first = guest_create(lpar, APQN);
	uint64_t second = guest_create(lpar, APQN + 1);

	(void)state;
	connections.admission.vms_max = 2;
	assert_int_equal(guest_attach(&guest, first), 0);
	is_refused((struct link_attach){ LINK_MAGIC, LINK_VERSION, LINK_GUEST,
					 second, 0 }, ENFILE);
	close(guest);
	is_refused((struct link_attach){ LINK_MAGIC, LINK_VERSION, LINK_GUEST,
					 second, 0 }, ENFILE);
	assert_int_equal(guest_attach(&guest, first), 0);
	works(guest);
	close(guest);
	connections.admission.vms_max = 3;
	assert_int_equal(guest_attach(&guest, second), 0);
	close(guest);
	close(lpar);
}

static unsigned int descriptors(void)
{
	unsigned int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* A VM has two descriptors in swcexd, and one of its own. */
static void an_attached_vm_has_two_descriptors(void **state)
{
	unsigned int before = descriptors();
	int lpar = lpar_new();

	(void)state;
	works(lpar);
	assert_int_equal(descriptors(), before + 3);
	close(lpar);
}

/* Return how many VMs' memories are mapped. */
static unsigned int mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned int count = 0;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		count += strstr(line, "swcexd-changes") != NULL;
	fclose(maps);
	return count;
}

/* swcexd finds out after some time. */
static void come_to(unsigned int files, unsigned int memories)
{
	for (int i = 0; i < 100000 && (mappings() != memories || descriptors() != files); i++)
		usleep(100);
	assert_int_equal(mappings(), memories);
	assert_int_equal(descriptors(), files);
}

/*
 * A VM that may come back leaves its memory and what watches its process; one
 * that is ended, or never existed, leaves nothing.
 */
static void vms_that_are_gone_leave_nothing(void **state)
{
	static const uint8_t nonsense[1];
	unsigned int files = descriptors();
	int fd;

	(void)state;
	for (int i = 0; i < 5; i++) {
		fd = lpar_new();
		works(fd);
		close(fd);
		come_to(files + 2, 1);
		close(peer_new());
		come_to(files + 2, 1);
	}
	for (int i = 0; i < 5; i++) {
		breaks_off(nonsense, sizeof(nonsense));
		come_to(files, 0);
	}
}

/* No LPAR attaches by the guests' socket, and no guest by the LPAR's. */
static void a_role_has_a_socket(void **state)
{
	int lpar = lpar_new(), fd;
	uint64_t number = guest_create(lpar, APQN);

	(void)state;
	fd = peer_on(path);
	assert_int_equal(attach(fd, (struct link_attach){
		LINK_MAGIC, LINK_VERSION, LINK_GUEST, number, 0 }), EPERM);
	assert_true(is_closed(fd));
	close(fd);
	close(lpar);
	fd = peer_on(guests_path);
	assert_int_equal(attach(fd, (struct link_attach){
		LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, 0 }), EPERM);
	close(fd);
	lpar = lpar_new();
	works(lpar);
	close(lpar);
}

/*
 * After the LPAR has ended, a process that was a guest does not become the next
 * LPAR.
 */
static void a_guest_is_no_lpar_on_a_shared_socket(void **state)
{
	struct told told = other_attaches(LINK_LPAR, 0);
	uint32_t error;
	int guest, fd;

	(void)state;
	connections.entrance.role = 0;
	assert_int_equal(guest_attach(&guest, told.guest), 0);
	other_ends();
	assert_true(is_closed(guest));
	close(guest);
	do {
		fd = peer_on(path);
		error = attach(fd, (struct link_attach){
			LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, 0 });
		close(fd);
	} while (error == EBUSY);
	assert_int_equal(error, EPERM);
	assert_int_equal(elsewhere(LINK_LPAR, 0), 0);
}

/*
 * Return a TCP socket whose close takes a quarter of a minute, and which only
 * swcexd will close.
 */
static int lingering_new(void)
{
	const struct linger linger = { 1, 15 };
	const struct sockaddr_in any = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_in address;
	socklen_t length = sizeof(address);
	static const char noise[1 << 16];
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(listener, (struct sockaddr *)&any, sizeof(any)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address,
				     &length), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, length), 0);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	while (send(fd, noise, sizeof(noise), MSG_DONTWAIT) > 0)
		;
	accepting[accepted++] = listener;
	return fd;
}

/*
 * While the loop is held, it reads nothing. Each end notifies the other by a
 * byte.
 */
static int holding[2];
static struct source gate;

static void gate_ready(struct source *source)
{
	char byte;

	if (read(source->fd, &byte, 1) == 1 &&
	    write(source->fd, &byte, 1) == 1 &&
	    read(source->fd, &byte, 1) == 1)
		return;
	loop_stop(&loop);
}

static void hold_loop(void)
{
	assert_int_equal(write(holding[0], "", 1), 1);
	assert_int_equal(read(holding[0], (char[1]){ 0 }, 1), 1);
}

static void release_loop(void)
{
	assert_int_equal(write(holding[0], "", 1), 1);
}

static void gate_open(void)
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, holding), 0);
	gate = (struct source){ holding[1], gate_ready };
	assert_int_equal(loop_add(&loop, &gate, EPOLLIN), 0);
}

static void gate_close(void)
{
	loop_remove(&loop, &gate);
	close(holding[0]);
	close(holding[1]);
}

/*
 * Send @packet with a descriptor while the loop is held, and close the
 * descriptor here, so that the packet has the last one.
 */
static ssize_t send_lingering(int fd, const void *packet, size_t length)
{
	int passed = lingering_new();
	ssize_t sent = packet_send(fd, packet, length, passed);

	/* A packet that was refused need not be waited for. */
	if (sent < 0)
		setsockopt(passed, SOL_SOCKET, SO_LINGER,
			   &(struct linger){ 1, 0 }, sizeof(struct linger));
	close(passed);
	return sent;
}

static void works_at_once(int lpar)
{
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < 10; i++)
		works(lpar);
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_in_range(end.tv_sec - begin.tv_sec, 0, 5);
}

/*
 * Descriptors come with the first packet; or with one that swcexd never reads,
 * since the packet before it breaks the rules; or with one that it never
 * inspects.
 */
static void pass_descriptors(int lpar)
{
	const struct ap_command lie = { .op = AP_OP_TAPQ, .length = 1 };
	int fd = peer_on(guests_path), unread = peer_on(guests_path), guest;

	gate_open();
	hold_loop();
	send_lingering(fd, "?", 1);
	release_loop();
	works_at_once(lpar);
	close(fd);
	assert_int_equal(guest_attach(&guest, guest_create(lpar, APQN)), 0);
	hold_loop();
	send(guest, &lie, sizeof(lie), MSG_NOSIGNAL);
	send_lingering(guest, "?", 1);
	release_loop();
	works_at_once(lpar);
	assert_true(is_closed(guest));
	close(guest);
	hold_loop();
	send(unread, "?", 1, MSG_NOSIGNAL);
	send_lingering(unread, "?", 1);
	close(unread);
	release_loop();
	works_at_once(lpar);
	gate_close();
}

static void stop_accepting(void)
{
	while (accepted)
		close(accepting[--accepted]);
}

static void a_descriptor_holds_up_nobody(void **state)
{
	int lpar = lpar_new();

	(void)state;
	pass_descriptors(lpar);
	stop_accepting();
	close(lpar);
}

/* This is the case where the kernel does not refuse descriptors. */
static void nor_does_one_that_is_not_refused(void **state)
{
	const int yes = 1;
	int lpar = lpar_new(), fd;

	(void)state;
	setsockopt(connections.guests.acceptor.listener.fd, SOL_SOCKET,
		   SO_PASSRIGHTS, &yes, sizeof(yes));
	fd = peer_on(guests_path);
	gate_open();
	hold_loop();
	assert_int_equal(send_lingering(fd, "?", 1), 1);
	release_loop();
	assert_true(is_closed(fd));
	gate_close();
	close(fd);
	pass_descriptors(lpar);
	stop_accepting();
	close(lpar);
}

static void noise_is_no_danger(void **state)
{
	uint8_t noise[sizeof(struct ap_command) + 200];

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct ap_command *command = (struct ap_command *)noise;
		int fd = peer_new();

		attach(fd, (struct link_attach){
			LINK_MAGIC, LINK_VERSION, LINK_LPAR, 0, 0 });
		for (int j = 0; j < 50; j++) {
			size_t length = sizeof(*command);

			seeded_bytes(noise, sizeof(noise));
			command->op = seeded_below(36);
			command->apqn = APQN;
			command->length = seeded_below(200);
			length += command->length + !seeded_below(64);
			if (send(fd, noise, length, MSG_NOSIGNAL) < 0)
				break;
		}
		close(fd);
	}
	breaks_off("", 1);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(a_vm_can_watch),
		POINT(a_vm_that_comes_back_has_the_same_memory),
		POINT(an_lpar_is_served),
		POINT(the_longest_message_passes),
		POINT(a_guest_is_served),
		POINT(many_guests_work_and_die_at_once),
		POINT(a_vm_comes_back),
		POINT(a_vm_comes_back_that_was_reset),
		POINT(an_lpar_that_breaks_off_leaves_no_guest),
		POINT(a_process_ends),
		POINT(a_wrong_attachment_is_refused),
		POINT(a_short_or_long_attachment_is_refused),
		POINT(a_lying_command_breaks_off),
		POINT(one_that_does_not_read_breaks_off),
		POINT(idle_connections_make_room),
		POINT(a_vm_needs_a_place),
		POINT(an_attached_vm_has_two_descriptors),
		POINT(vms_that_are_gone_leave_nothing),
		POINT(a_role_has_a_socket),
		POINT(a_guest_is_no_lpar_on_a_shared_socket),
		POINT(a_descriptor_holds_up_nobody),
		POINT(nor_does_one_that_is_not_refused),
		POINT(noise_is_no_danger),
	};
	int failed;

	snprintf(path, sizeof(path), "%s.%d", temporary("connection_test"), getpid());
	snprintf(guests_path, sizeof(guests_path), "%s.guests", path);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, others))
		return 1;
	if (!fork())
		serve_others();
	close(others[1]);
	failed = cmocka_run_group_tests_name("connection", tests, NULL, NULL);
	close(others[0]);
	wait(NULL);
	return failed;
}
