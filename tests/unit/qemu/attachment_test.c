// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "qemu/attachment.c"
#include "tests/unit/packet.h"
#include "tests/unit/temporary.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/un.h>

#include "abi/lpar.h"

/*
 * A swcexd that accepts @lives connections, one after the other: it accepts the
 * attach, answers @answers commands with @result and @length bytes of 0xab, and
 * closes the connection. After the first one, it refuses @refusals connections
 * with @attached. At its end it forgets the VM, unless it @dies. It shares
 * memory with a VM that attaches if the bit of its @turn is set in @shares; a
 * queue has a reply of @shown bytes there.
 */
static struct {
	char directory[64];
	char path[80];
	int listener;
	pthread_t thread;
	unsigned int lives, refusals, shares, turn;
	bool dies;
	struct link_attach attach;
	struct link_attached attached;
	struct ap_result result;
	size_t length, shown;
	unsigned int answers, heard;
	struct ap_command command, commands[8];
	uint8_t message[AP_MESSAGE_MAX];
} swcexd;

/*
 * The thread that keeps a VM attached may use it at any time, so machines are
 * not freed.
 */
static struct machine *machines[32];
static size_t machine_count;

static void answer(int sock)
{
	uint8_t packet[LINK_PACKET_MAX + 64];
	ssize_t size = recv(sock, packet, sizeof(packet), 0);

	if (size < (ssize_t)sizeof(swcexd.command))
		return;
	memcpy(&swcexd.command, packet, sizeof(swcexd.command));
	swcexd.commands[swcexd.heard++ % 8] = swcexd.command;
	memcpy(swcexd.message, packet + sizeof(swcexd.command),
	       size - sizeof(swcexd.command));
	memset(packet, 0xab, sizeof(packet));
	memcpy(packet, &swcexd.result, sizeof(swcexd.result));
	send(sock, packet, sizeof(swcexd.result) + swcexd.length, MSG_NOSIGNAL);
}

static void close_listener(void)
{
	close(swcexd.listener);
	unlink(swcexd.path);
}

#define SLOT	3

static void show_reply(int fd)
{
	struct link_memory *memory = mmap(NULL, sizeof(*memory),
					  PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	struct ap_shelf_line *line = &memory->shelf.line[shelf_line_of(0x0504)];
	const struct shelf_head head = {
		.apqn = 0x0504, .room = 1024, .depth = 8, .count = 2, .replies = 1,
		.flags = SHELF_VALID,
	};

	assert_ptr_not_equal(memory, MAP_FAILED);
	line->head = shelf_head_word(head);
	line->reply[0] = shelf_reply_word((struct shelf_reply){ SLOT, swcexd.shown });
	memory->shelf.slot[SLOT].psmid = 42;
	memset(memory->shelf.slot[SLOT].word, 0x5a, swcexd.shown);
	munmap(memory, sizeof(*memory));
}

static int share_memory(void)
{
	int fd = memfd_create("test", MFD_ALLOW_SEALING);

	assert_int_equal(ftruncate(fd, sizeof(struct link_memory)), 0);
	if (swcexd.shown)
		show_reply(fd);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	return fd;
}

static void send_attached(int sock, const struct link_attached *attached)
{
	int fd = -1;

	if (!attached->error && swcexd.shares >> swcexd.turn++ & 1)
		fd = share_memory();
	packet_send(sock, attached, sizeof(*attached), fd);
	if (fd >= 0)
		close(fd);
}

static void serve_one(const struct link_attached *attached,
		      unsigned int answers, struct link_attach *attach)
{
	int sock = accept(swcexd.listener, NULL, NULL);

	if (recv(sock, attach, sizeof(*attach), 0) > 0)
		send_attached(sock, attached);
	for (unsigned int i = 0; i < answers; i++)
		answer(sock);
	close(sock);
}

static void live(void)
{
	static const struct link_attached good;

	swcexd.lives--;
	serve_one(&good, swcexd.answers, &swcexd.attach);
}

static void *serve(void *unused)
{
	const struct link_attached forgotten = { ENOENT, "forgotten" };
	struct link_attach attach;

	(void)unused;
	if (swcexd.lives)
		live();
	for (; swcexd.refusals; swcexd.refusals--)
		serve_one(&swcexd.attached, 0, &swcexd.attach);
	while (swcexd.lives)
		live();
	if (swcexd.dies)
		close_listener();
	else
		serve_one(&forgotten, 0, &attach);
	return NULL;
}

static void listen_for_vms(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strcpy(address.sun_path, swcexd.path);
	swcexd.listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	assert_int_equal(bind(swcexd.listener, (struct sockaddr *)&address,
			      sizeof(address)), 0);
	assert_int_equal(listen(swcexd.listener, 1), 0);
}

static int start(void **state)
{
	(void)state;
	memset(&swcexd, 0, sizeof(swcexd));
	swcexd.lives = 1;
	strcpy(swcexd.directory, temporary("attachment-XXXXXX"));
	assert_non_null(mkdtemp(swcexd.directory));
	sprintf(swcexd.path, "%s/link", swcexd.directory);
	listen_for_vms();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	close_listener();
	return rmdir(swcexd.directory);
}

static struct ap_result result;
static uint8_t out[AP_MESSAGE_MAX];
static char reason[256];

static void start_serving(void)
{
	assert_int_equal(pthread_create(&swcexd.thread, NULL, serve, NULL), 0);
}

/* Attach a VM whose instructions wait for 200 milliseconds at most. */
static struct machine *attach_as(const uint64_t *guest, bool interrupts)
{
	struct machine *m;

	start_serving();
	m = attachment_open(swcexd.path, guest, interrupts, reason, sizeof(reason));
	if (m) {
		((struct attachment *)m)->patience = 200000;
		assert_true(machine_count < 32);
		machines[machine_count++] = m;
	}
	return m;
}

static struct machine *attach(const uint64_t *guest)
{
	return attach_as(guest, swcexd.shares);
}

/*
 * State that the connection has ended, and that swcexd has not accepted the VM
 * again.
 */
static void is_detached(struct machine *m)
{
	pthread_join(swcexd.thread, NULL);
	assert_int_not_equal(((struct attachment *)m)->state,
			     ATTACHMENT_ATTACHED);
}

static void ask_for(struct machine *machine, uint16_t op)
{
	const struct ap_command command = { .op = op, .apqn = 0x0504 };

	machine->execute(machine, &command, NULL, &result, out);
}

static void as_lpar(void **state)
{
	struct machine *m = attach(NULL);

	(void)state;
	assert_non_null(m);
	assert_true(m->is_lpar);
	is_detached(m);
	assert_int_equal(swcexd.attach.magic, LINK_MAGIC);
	assert_int_equal(swcexd.attach.version, LINK_VERSION);
	assert_int_equal(swcexd.attach.role, LINK_LPAR);
}

static void as_guest(void **state)
{
	const uint64_t guest = 0xfedcba9876543210;
	struct machine *m = attach(&guest);

	(void)state;
	assert_non_null(m);
	assert_false(m->is_lpar);
	is_detached(m);
	assert_int_equal(swcexd.attach.role, LINK_GUEST);
	assert_true(swcexd.attach.guest == guest);
}

/* swcexd's reason may lack a NUL at its end. */
static void refused(void **state)
{
	(void)state;
	swcexd.attached.error = EBUSY;
	memset(swcexd.attached.reason, '#', sizeof(swcexd.attached.reason));
	swcexd.refusals = 1;
	swcexd.lives = 0;
	assert_null(attach(NULL));
	assert_non_null(strstr(reason, swcexd.path));
	assert_int_equal(strspn(strchr(reason, '#'), "#"),
			 sizeof(swcexd.attached.reason));
	assert_null(attachment_open(swcexd.path, NULL, false, reason, sizeof(reason)));
	pthread_join(swcexd.thread, NULL);
}

static void nobody_there(void **state)
{
	char path[200];

	(void)state;
	assert_null(attachment_open("/nowhere", NULL, false, reason, sizeof(reason)));
	assert_non_null(strstr(reason, "is swcexd running"));
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_null(attachment_open(path, NULL, false, reason, sizeof(reason)));
	assert_non_null(strstr(reason, "give a shorter one"));
}

static void exchange(void **state)
{
	struct ap_command command = {
		.op = AP_OP_NQAP, .apqn = 0x0547, .length = 1000, .psmid = 42,
	};
	uint8_t in[1000];
	struct machine *m;

	(void)state;
	memset(in, 0x77, sizeof(in));
	swcexd.answers = 1;
	swcexd.length = AP_MESSAGE_MAX;
	swcexd.result = (struct ap_result){ .status = 7, .length = AP_MESSAGE_MAX };
	m = attach(NULL);
	m->execute(m, &command, in, &result, out);
	is_detached(m);
	assert_memory_equal(&swcexd.command, &command, sizeof(command));
	assert_memory_equal(swcexd.message, in, sizeof(in));
	assert_int_equal(swcexd.message[sizeof(in)], 0);
	assert_int_equal(result.status, 7);
	assert_int_equal(out[0], 0xab);
	assert_int_equal(out[AP_MESSAGE_MAX - 1], 0xab);
}

static void dequeue(struct machine *machine, uint64_t room)
{
	const struct ap_command command = {
		.op = AP_OP_DQAP, .apqn = 0x0504, .arg = { room },
	};

	machine->execute(machine, &command, NULL, &result, out);
}

static void is_the_shown_reply(size_t length)
{
	assert_int_equal(result.status, 0);
	assert_int_equal(result.length, length);
	assert_int_equal(result.psmid, 42);
	assert_int_equal(result.value, 0);
	assert_int_equal(out[0], 0x5a);
	assert_int_equal(out[length - 1], 0x5a);
}

/* The next command says that the reply was taken. */
static void a_shown_reply_is_taken(void **state)
{
	struct machine *m;

	(void)state;
	swcexd.shares = 1;
	swcexd.shown = 13;
	swcexd.answers = 3;
	m = attach(NULL);
	dequeue(m, 12);
	assert_int_equal(swcexd.heard, 1);
	dequeue(m, 13);
	is_the_shown_reply(13);
	assert_int_equal(swcexd.heard, 1);
	ask_for(m, AP_OP_TAPQ);
	assert_int_equal(swcexd.commands[1].op, AP_OP_TAPQ);
	assert_int_equal(swcexd.commands[1].taken, 1 << SLOT);
	ask_for(m, AP_OP_QCI);
	assert_int_equal(swcexd.commands[2].taken, 0);
	is_detached(m);
}

/* If there is no next command, the VM says so by itself. */
static void swcexd_is_told_soon(void **state)
{
	struct machine *m;

	(void)state;
	swcexd.shares = 1;
	swcexd.shown = 13;
	swcexd.answers = 1;
	m = attach(NULL);
	dequeue(m, 512);
	is_the_shown_reply(13);
	is_detached(m);
	assert_int_equal(swcexd.heard, 1);
	assert_int_equal(swcexd.command.op, AP_OP_TAKEN);
	assert_int_equal(swcexd.command.taken, 1 << SLOT);
}

/*
 * What the last swcexd showed is gone with it, and so is what was taken, even if
 * the next one shares no memory.
 */
static void nothing_is_taken_from_who_has_ended(void **state)
{
	struct machine *m;

	(void)state;
	swcexd.shares = 1;
	swcexd.shown = 13;
	swcexd.lives = 2;
	swcexd.answers = 1;
	m = attach_as(NULL, false);
	dequeue(m, 512);
	is_the_shown_reply(13);
	while (__atomic_load_n(&swcexd.turn, __ATOMIC_SEQ_CST) < 2)
		g_usleep(1000);
	dequeue(m, 512);
	is_detached(m);
	assert_int_equal(swcexd.heard, 2);
	assert_int_equal(swcexd.command.op, AP_OP_DQAP);
	assert_int_equal(swcexd.command.taken, 0);
}

static void is_without_adapters(struct machine *m)
{
	const struct ap_qci *qci = (const struct ap_qci *)out;
	const struct ap_mask none = { 0 };

	ask_for(m, AP_OP_TAPQ);
	assert_int_equal(AP_STATUS_RC(result.status), AP_RC_Q_NOT_AVAIL);
	ask_for(m, AP_OP_QCI);
	assert_int_equal(result.length, sizeof(*qci));
	assert_int_equal(qci->flags[0], AP_QCI_MACHINE);
	assert_memory_equal(&qci->apcb.apm, &none, sizeof(none));
	assert_memory_equal(&qci->apcb.adm, &none, sizeof(none));
	ask_for(m, AP_OP_GUEST_CREATE);
	assert_true(result.value == 0 && AP_STATUS_RC(result.status));
	ask_for(m, AP_OP_GUEST_MASKS);
	assert_true(result.value == ENODEV);
}

static void machine_ends(void **state)
{
	struct machine *m;

	(void)state;
	swcexd.answers = 1;
	m = attach(NULL);
	ask_for(m, AP_OP_TAPQ);
	assert_int_equal(result.status, 0);
	is_detached(m);
	is_without_adapters(m);
}

/* A command without an answer is sent again, to the next swcexd. */
static void machine_comes_back(void **state)
{
	const uint64_t guest = 42;
	struct machine *m;

	(void)state;
	swcexd.lives = 3;
	swcexd.answers = 1;
	swcexd.result.value = 7;
	m = attach(&guest);
	for (int i = 0; i < 3; i++) {
		result.value = 0;
		ask_for(m, AP_OP_DQAP);
		assert_int_equal(result.value, 7);
		assert_int_equal(swcexd.command.op, AP_OP_DQAP);
		assert_true(swcexd.attach.role == LINK_GUEST &&
			    swcexd.attach.guest == guest && !swcexd.attach.flags);
	}
	is_detached(m);
}

/*
 * A VM waits while swcexd refuses it because its LPAR is not back yet, or
 * because it is attached already.
 */
static void machine_comes_back_in_its_time(void **state)
{
	static const int errors[] = { EAGAIN, EBUSY };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct machine *m;

		swcexd.lives = 2;
		swcexd.answers = 1;
		swcexd.attached.error = errors[i];
		swcexd.refusals = 3;
		m = attach(NULL);
		((struct attachment *)m)->patience = 20000000;
		ask_for(m, AP_OP_TAPQ);
		swcexd.command.op = 0;
		ask_for(m, AP_OP_TAPQ);
		assert_int_equal(swcexd.command.op, AP_OP_TAPQ);
		is_detached(m);
		stop(state);
		start(state);
	}
}

/* An LPAR that listened for guests does so again. */
static void machine_comes_back_to_a_listener(void **state)
{
	static const uint64_t listens[] = { 1, 0, 1 };
	static const uint64_t flags[] = { 0, LINK_LISTENS, 0 };
	struct machine *m;

	(void)state;
	swcexd.lives = 3;
	swcexd.answers = 1;
	m = attach(NULL);
	for (size_t i = 0; i < sizeof(listens) / sizeof(listens[0]); i++) {
		const struct ap_command command = {
			.op = AP_OP_GUEST_LISTEN,
			.arg = { listens[i] },
		};

		m->execute(m, &command, NULL, &result, out);
		assert_int_equal(result.value, 0);
		assert_true(swcexd.attach.flags == flags[i]);
	}
	is_detached(m);
}

static bool comes_back(struct machine *m)
{
	const gint64 end = g_get_monotonic_time() + 20000000;

	do
		ask_for(m, AP_OP_TAPQ);
	while (result.value != 7 && g_get_monotonic_time() < end);
	return result.value == 7;
}

/*
 * Return a VM whose swcexd has ended, and which has waited for it without
 * success.
 */
static struct machine *attach_and_lose(const uint64_t *guest)
{
	struct machine *m;

	swcexd.dies = true;
	m = attach(guest);
	pthread_join(swcexd.thread, NULL);
	ask_for(m, AP_OP_TAPQ);
	assert_int_equal(AP_STATUS_RC(result.status), AP_RC_Q_NOT_AVAIL);
	return m;
}

static void start_again(unsigned int answers)
{
	listen_for_vms();
	swcexd.dies = false;
	swcexd.lives = 1;
	swcexd.answers = answers;
	swcexd.heard = 0;
	swcexd.result.value = 7;
	start_serving();
}

/* An instruction does not wait longer than allowed. */
static void comes_back_late(const uint64_t *guest)
{
	gint64 begin = g_get_monotonic_time();
	struct machine *m = attach_and_lose(guest);

	assert_true(g_get_monotonic_time() - begin >= 200000);
	is_without_adapters(m);
	start_again(1);
	assert_true(comes_back(m));
	assert_false(swcexd.attach.flags);
	is_detached(m);
}

static void machine_comes_back_late(void **state)
{
	const uint64_t guest = 42;

	comes_back_late(NULL);
	stop(state);
	start(state);
	comes_back_late(&guest);
}

/*
 * A swcexd that has stalled accepts connections on which the VM does not wait
 * any more, and has no place for the VM until it sees their end. Meanwhile, the
 * VM has continued without it.
 */
static void machine_comes_back_to_its_taken_place(void **state)
{
	const uint64_t guest = 42;
	const uint64_t *const vms[] = { NULL, &guest };

	for (size_t i = 0; i < 2; i++) {
		struct machine *m = attach_and_lose(vms[i]);

		listen_for_vms();
		swcexd.attached.error = EBUSY;
		swcexd.refusals = 2;
		start_serving();
		pthread_join(swcexd.thread, NULL);
		assert_int_equal(swcexd.refusals, 0);
		is_without_adapters(m);
		start_again(1);
		assert_true(comes_back(m));
		is_detached(m);
		stop(state);
		start(state);
	}
}

/* A swcexd that has no memory to share cannot interrupt. */
static void who_is_interrupted_needs_memory(void **state)
{
	struct machine *m;

	(void)state;
	swcexd.shares = 0x5;
	swcexd.lives = 3;
	swcexd.answers = 1;
	swcexd.result.value = 7;
	m = attach(NULL);
	assert_non_null(m->changes);
	ask_for(m, AP_OP_TAPQ);
	((struct attachment *)m)->patience = 20000000;
	ask_for(m, AP_OP_TAPQ);
	assert_int_equal(result.value, 7);
	assert_int_equal(swcexd.turn, 3);
	is_detached(m);
}

static void who_is_interrupted_is_refused_without(void **state)
{
	(void)state;
	swcexd.shares = 0x2;
	swcexd.answers = 0;
	swcexd.dies = true;
	assert_null(attach(NULL));
	assert_non_null(strstr(reason, "shares no memory"));
	assert_non_null(strstr(reason, swcexd.path));
	pthread_join(swcexd.thread, NULL);
}

static uint64_t tell_of_guest(struct machine *m, uint16_t op, uint64_t guest)
{
	static const uint8_t masks[LPAR_MASKS_SIZE] = { 0x55 };
	const struct ap_command command = {
		.op = op,
		.arg = { guest },
		.length = op == AP_OP_GUEST_MASKS ? sizeof(masks) : 0,
	};

	m->execute(m, &command, masks, &result, out);
	return result.value;
}

/*
 * swcexd is told about guests before anything else, and only their last state.
 */
static void swcexd_learns_what_became_of_guests(void **state)
{
	struct machine *m = attach_and_lose(NULL);

	(void)state;
	assert_int_equal(tell_of_guest(m, AP_OP_GUEST_MASKS, 43), 0);
	assert_int_equal(tell_of_guest(m, AP_OP_GUEST_MASKS, 42), 0);
	assert_int_equal(tell_of_guest(m, AP_OP_GUEST_MASKS, 42), 0);
	assert_int_equal(tell_of_guest(m, AP_OP_GUEST_DESTROY, 43), 0);
	start_again(3);
	assert_true(comes_back(m));
	is_detached(m);
	assert_int_equal(swcexd.heard, 3);
	for (int i = 0; i < 2; i++) {
		bool ended = swcexd.commands[i].arg[0] == 43;

		assert_int_equal(swcexd.commands[i].op,
				 ended ? AP_OP_GUEST_DESTROY : AP_OP_GUEST_MASKS);
		assert_int_equal(swcexd.commands[i].arg[0] + swcexd.commands[!i].arg[0], 85);
		assert_int_equal(swcexd.commands[i].length, ended ? 0 : LPAR_MASKS_SIZE);
	}
	assert_int_equal(swcexd.commands[2].op, AP_OP_TAPQ);
}

/*
 * A reset during swcexd's absence is carried out when it is back, before
 * anything else, and once.
 */
static void swcexd_learns_of_a_reset(void **state)
{
	const uint64_t guest = 42, *vms[] = { NULL, &guest };

	for (int i = 0; i < 2; i++) {
		struct machine *m = attach_and_lose(vms[i]);

		ask_for(m, AP_OP_RESET);
		start_again(1);
		swcexd.dies = true;
		assert_true(comes_back(m));
		pthread_join(swcexd.thread, NULL);
		assert_int_equal(swcexd.attach.flags, LINK_RESET);
		start_again(1);
		assert_true(comes_back(m));
		is_detached(m);
		assert_int_equal(swcexd.attach.flags, 0);
		stop(state);
		start(state);
	}
}

/* An operating system does not listen after it has been loaded. */
static void nobody_listens_after_a_reset(void **state)
{
	const struct ap_command listen = { .op = AP_OP_GUEST_LISTEN, .arg = { 1 } };
	struct machine *m;

	(void)state;
	swcexd.answers = 2;
	swcexd.dies = true;
	m = attach(NULL);
	m->execute(m, &listen, NULL, &result, out);
	ask_for(m, AP_OP_RESET);
	pthread_join(swcexd.thread, NULL);
	start_again(1);
	assert_true(comes_back(m));
	is_detached(m);
	assert_int_equal(swcexd.attach.flags, 0);
}

/* The number of guests that are recorded for swcexd is limited. */
static void backlog_has_an_end(void **state)
{
	struct machine *m = attach_and_lose(NULL);
	uint64_t guest = 0;

	(void)state;
	while (guest < 100000 && !tell_of_guest(m, AP_OP_GUEST_MASKS, guest))
		guest++;
	assert_int_equal(guest, 1024);
	assert_int_equal(tell_of_guest(m, AP_OP_GUEST_DESTROY, 7), 0);
	start_again(1024);
	is_detached(m);
}

/* A guest has no guests of its own. */
static void a_guest_keeps_no_backlog(void **state)
{
	const uint64_t guest = 42;
	struct machine *m = attach_and_lose(&guest);

	(void)state;
	assert_int_equal(tell_of_guest(m, AP_OP_GUEST_MASKS, 43), ENODEV);
	start_again(1);
	assert_true(comes_back(m));
	is_detached(m);
	assert_int_equal(swcexd.heard, 1);
}

/*
 * An answer whose length differs from that of its packet violates the protocol.
 */
static void wrong_lengths(void **state)
{
	static const struct {
		uint32_t told;
		size_t sent;
	} lengths[] = {
		{ 0, 1 }, { 1, 0 }, { 100, 99 }, { UINT32_MAX, 8 },
		{ AP_MESSAGE_MAX + 1, AP_MESSAGE_MAX + 1 },
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct machine *m;

		swcexd.answers = 1;
		swcexd.result.length = lengths[i].told;
		swcexd.length = lengths[i].sent;
		m = attach(NULL);
		is_without_adapters(m);
		is_detached(m);
		stop(state);
		start(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(as_lpar, start, stop),
		cmocka_unit_test_setup_teardown(as_guest, start, stop),
		cmocka_unit_test_setup_teardown(refused, start, stop),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test_setup_teardown(exchange, start, stop),
		cmocka_unit_test_setup_teardown(a_shown_reply_is_taken, start, stop),
		cmocka_unit_test_setup_teardown(swcexd_is_told_soon, start, stop),
		cmocka_unit_test_setup_teardown(nothing_is_taken_from_who_has_ended, start,
						stop),
		cmocka_unit_test_setup_teardown(machine_ends, start, stop),
		cmocka_unit_test_setup_teardown(machine_comes_back, start, stop),
		cmocka_unit_test_setup_teardown(machine_comes_back_in_its_time, start, stop),
		cmocka_unit_test_setup_teardown(machine_comes_back_to_a_listener, start, stop),
		cmocka_unit_test_setup_teardown(machine_comes_back_late, start, stop),
		cmocka_unit_test_setup_teardown(machine_comes_back_to_its_taken_place, start, stop),
		cmocka_unit_test_setup_teardown(who_is_interrupted_needs_memory, start, stop),
		cmocka_unit_test_setup_teardown(who_is_interrupted_is_refused_without, start, stop),
		cmocka_unit_test_setup_teardown(swcexd_learns_what_became_of_guests, start, stop),
		cmocka_unit_test_setup_teardown(swcexd_learns_of_a_reset, start, stop),
		cmocka_unit_test_setup_teardown(nobody_listens_after_a_reset, start, stop),
		cmocka_unit_test_setup_teardown(backlog_has_an_end, start, stop),
		cmocka_unit_test_setup_teardown(a_guest_keeps_no_backlog, start, stop),
		cmocka_unit_test_setup_teardown(wrong_lengths, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
