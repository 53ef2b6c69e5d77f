// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/param.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "abi/link.h"
#include "bytes/container_of.h"
#include "cex/state.h"
#include "changes.h"
#include "connection.h"
#include "log.h"
#include "vm_name.h"

/* Beside those of connections and VMs, with a margin. */
#define DESCRIPTORS_ELSEWHERE	64

/* An answer, until the revision that it rests upon is saved; or no bytes. */
struct held {
	uint64_t revision;
	size_t length;
	uint8_t *bytes;
};

/* @id names it in the log; a guest's number is a secret. */
struct connection {
	struct source source;
	TAILQ_ENTRY(connection) link;
	struct connections *all;
	unsigned long id;
	struct cex_vm *vm;		/* NULL until attached */
	struct changes changes;		/* the VM's to watch, if counts is set */
	struct held held;
};

struct question {
	struct ap_command command;
	uint8_t message[AP_MESSAGE_MAX];
};

struct answer {
	struct ap_result result;
	uint8_t message[AP_MESSAGE_MAX];
};

_Static_assert(sizeof(struct answer) == LINK_PACKET_MAX,
	       "a message follows its header at once");

static void connection_close(struct connection *connection)
{
	struct connections *all = connection->all;

	cex_detach(connection->vm);
	if (connection->changes.counts)
		changes_close(&connection->changes);
	TAILQ_REMOVE(&all->list, connection, link);
	all->count--;
	close(connection->source.fd);
	OPENSSL_clear_free(connection->held.bytes, connection->held.length);
	free(connection);
	state_writer_request(all->writer, cex_revision(all->machine));
}

static bool is_lpar(const struct connection *connection)
{
	return connection->vm && !cex_guest_number(connection->vm);
}

/* The connection has ended, its VM perhaps not. */
static void suspend(struct connection *connection)
{
	struct connections *all = connection->all;
	struct cex_vm *vm = connection->vm;

	log_vm(vm ? LOG_INFO : LOG_DEBUG, "connection %lu: ended",
	       connection->id);
	connection->vm = NULL;
	/* Nothing is counted for it any more when its memory is unmapped. */
	if (vm)
		absents_add(&all->absents, vm);
	connection_close(connection);
}

/* What an LPAR decides about its guests would not reach them. */
static void suspend_guests(struct connections *all)
{
	struct connection *connection = TAILQ_FIRST(&all->list);

	while (connection) {
		struct connection *next = TAILQ_NEXT(connection, link);

		if (connection->vm && !is_lpar(connection))
			suspend(connection);
		connection = next;
	}
}

static void lose(struct connection *connection)
{
	if (is_lpar(connection))
		suspend_guests(connection->all);
	suspend(connection);
}

/* The end of the LPAR is that of its guests, also of those who are absent. */
static void break_off(struct connection *connection, const char *reason)
{
	struct connections *all = connection->all;
	bool lpar = is_lpar(connection);

	log_vm(LOG_WARNING, "connection %lu: closed: %s", connection->id,
	       reason);
	connection_close(connection);
	if (lpar)
		absents_close(&all->absents);
}

/* A peer has at most one answer to read: one that does not fit is its fault. */
static bool answer_by(struct connection *connection, const struct msghdr *packet)
{
	ssize_t sent = sendmsg(connection->source.fd, packet,
			       MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent == (ssize_t)packet->msg_iov->iov_len)
		return true;
	if (errno == EAGAIN)
		break_off(connection, "it does not read its answers");
	else
		lose(connection);
	return false;
}

/* With the first answer goes the descriptor of what the VM may watch. */
static bool answer(struct connection *connection, void *packet, size_t length)
{
	struct iovec part = { packet, length };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = {
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(sizeof(int)),
	} };

	if (!connection->changes.counts || connection->changes.fd < 0)
		return answer_by(connection, &(struct msghdr){
			.msg_iov = &part, .msg_iovlen = 1,
		});
	memcpy(CMSG_DATA(&control.header), &connection->changes.fd, sizeof(int));
	if (!answer_by(connection, &(struct msghdr){
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	}))
		return false;
	changes_given(&connection->changes);
	return true;
}

/* Keep the answer, and read nothing more from the VM until it is given. */
static void hold(struct connection *connection, uint64_t revision,
		 const void *packet, size_t length)
{
	struct held held = { revision, length, OPENSSL_memdup(packet, length) };

	if (held.bytes &&
	    loop_change(connection->all->loop, &connection->source, 0)) {
		connection->held = held;
		return;
	}
	OPENSSL_free(held.bytes);
	break_off(connection, "its answer cannot be kept");
}

/* Answer a VM, when what it is told is sure to outlive this process. */
static void answer_when_saved(struct connection *connection, void *packet,
			     size_t length)
{
	uint64_t revision = cex_vm_revision(connection->vm);

	state_writer_request(connection->all->writer, revision);
	if (state_writer_has(connection->all->writer, revision))
		answer(connection, packet, length);
	else
		hold(connection, revision, packet, length);
}

/* The connection may be gone afterwards. */
static void release(struct connection *connection)
{
	struct held held = connection->held;

	connection->held = (struct held){ 0 };
	if (!loop_change(connection->all->loop, &connection->source, EPOLLIN))
		lose(connection);
	else
		answer(connection, held.bytes, held.length);
	OPENSSL_clear_free(held.bytes, held.length);
}

static bool may_release(const struct connection *connection)
{
	return connection->held.bytes &&
	       state_writer_has(connection->all->writer, connection->held.revision);
}

/* Each that is released may take others with it. */
void connections_saved(struct connections *connections)
{
	struct connection *connection = TAILQ_FIRST(&connections->list);

	while (connection) {
		if (!may_release(connection)) {
			connection = TAILQ_NEXT(connection, link);
			continue;
		}
		release(connection);
		connection = TAILQ_FIRST(&connections->list);
	}
}

/* A VM that has nothing to watch works, but slower. */
static void let_watch(struct connection *connection)
{
	if (changes_open(&connection->changes))
		cex_watch(connection->vm, connection->changes.counts);
	else
		connection->changes.counts = NULL;
}

static const char *why_refused(const struct link_attach *attach)
{
	if (errno == ENFILE)
		return "swcexd has no descriptor for one more VM; raise its hard limit of open files";
	if (attach->role == LINK_LPAR)
		return errno == EBUSY ? "an LPAR is attached already" :
					strerror(errno);
	if (errno == EAGAIN)
		return "its LPAR has not come back yet";
	if (errno == EBUSY)
		return "the guest is attached already";
	if (errno == ENOENT)
		return "no guest has this number; GUEST_CREATE gives one, which is good for one attachment";
	return strerror(errno);
}

static bool has_place(const struct connections *all)
{
	const struct connection *connection;
	unsigned int vms = all->absents.count;

	TAILQ_FOREACH(connection, &all->list, link)
		vms += !!connection->vm;
	if (vms >= all->vms_max)
		errno = ENFILE;
	return vms < all->vms_max;
}

/* One that comes back, or a new one. */
static struct cex_vm *find_lpar(struct connections *all,
				const struct link_attach *attach,
				const struct process *process)
{
	struct cex_vm *vm = absents_take(&all->absents, 0, process);

	if (!vm && has_place(all))
		vm = cex_attach_lpar(all->machine);
	if (vm && attach->flags & LINK_LISTENS)
		cex_listen(vm);
	return vm;
}

static struct cex_vm *find_guest(struct connections *all, uint64_t number,
				 const struct process *process)
{
	struct cex_vm *vm;

	if (absents_have_lpar(&all->absents)) {
		errno = EAGAIN;
		return NULL;
	}
	vm = number ? absents_take(&all->absents, number, process) : NULL;
	if (!vm && has_place(all))
		vm = cex_attach_guest(all->machine, number);
	return vm;
}

static void attach_vm(struct connection *connection,
		      const struct link_attach *attach,
		      struct link_attached *attached)
{
	struct connections *all = connection->all;
	struct process process = process_of_peer(connection->source.fd);

	if (attach->role == LINK_LPAR)
		connection->vm = find_lpar(all, attach, &process);
	else
		connection->vm = find_guest(all, attach->guest, &process);
	if (connection->vm) {
		if (attach->flags & LINK_RESET)
			cex_reset(connection->vm);
		absent_set_process(connection->vm, &process);
		let_watch(connection);
		return;
	}
	attached->error = errno;
	snprintf(attached->reason, sizeof(attached->reason), "%s",
		 why_refused(attach));
}

/* NULL, or what is wrong with it. */
static const char *check_attach(const struct link_attach *attach, ssize_t length)
{
	if (length != sizeof(*attach) || attach->magic != LINK_MAGIC)
		return "it does not speak the link's protocol";
	if (attach->version != LINK_VERSION)
		return "it speaks another version of the link's protocol; install swcex.so and swcexd of one version";
	if (attach->role != LINK_LPAR && attach->role != LINK_GUEST)
		return "it is neither an LPAR nor a guest";
	return NULL;
}

/* One that is to ask again soon is no matter of note. */
static void end_refused(struct connection *connection,
			const struct link_attached *attached)
{
	if (attached->error == EAGAIN)
		lose(connection);
	else
		break_off(connection, attached->reason);
}

static void serve_attach(struct connection *connection,
			 const struct link_attach *attach, ssize_t length)
{
	struct link_attached attached = { 0 };
	const char *wrong = check_attach(attach, length);

	if (wrong) {
		attached.error = EPROTO;
		snprintf(attached.reason, sizeof(attached.reason), "%s", wrong);
	} else {
		attach_vm(connection, attach, &attached);
	}
	if (!attached.error) {
		log_vm(LOG_INFO, "connection %lu: %s attached", connection->id,
		       vm_name(cex_vm_index(connection->vm)).text);
		answer_when_saved(connection, &attached, sizeof(attached));
	} else if (answer(connection, &attached, sizeof(attached))) {
		end_refused(connection, &attached);
	}
}

static void serve_command(struct connection *connection,
			  const struct question *question, ssize_t length)
{
	const struct ap_command *command = &question->command;
	static struct answer out;

	if (length < (ssize_t)sizeof(*command) ||
	    length - sizeof(*command) != command->length) {
		break_off(connection, "a command is not as long as it says");
		return;
	}
	cex_execute(connection->vm, command, question->message, &out.result,
		    out.message);
	length = sizeof(out.result) + out.result.length;
	answer_when_saved(connection, &out, length);
	OPENSSL_cleanse(&out, length);
}

static void connection_ready(struct source *source)
{
	struct connection *connection =
		container_of(source, struct connection, source);
	static union {
		struct link_attach attach;
		struct question question;
	} packet;
	ssize_t length;

	/* With an answer outstanding, only the peer's end is reported. */
	if (connection->held.bytes) {
		lose(connection);
		return;
	}
	length = recv(source->fd, &packet, sizeof(packet),
		      MSG_DONTWAIT | MSG_TRUNC);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		lose(connection);
	} else if (length > (ssize_t)sizeof(packet)) {
		break_off(connection, "a packet is too long");
	} else if (connection->vm) {
		serve_command(connection, &packet.question, length);
	} else {
		serve_attach(connection, &packet.attach, length);
	}
	/* What was in it may be a key. */
	if (length > 0)
		OPENSSL_cleanse(&packet, MIN((size_t)length, sizeof(packet)));
}

static void make_room(const struct connections *all)
{
	struct connection *connection, *oldest = NULL;
	unsigned int waiting = 0;

	TAILQ_FOREACH(connection, &all->list, link) {
		if (connection->vm)
			continue;
		if (!oldest)
			oldest = connection;
		waiting++;
	}
	if (waiting >= CONNECTION_WAITING)
		break_off(oldest, "others need its place, and it did not attach");
}

static void connection_new(struct connections *all, int fd)
{
	struct connection *connection;

	make_room(all);
	connection = calloc(1, sizeof(*connection));
	if (!connection) {
		log_vm(LOG_WARNING, "a connection was refused: %s",
		       strerror(errno));
		close(fd);
		return;
	}
	connection->source = (struct source){ fd, connection_ready };
	connection->all = all;
	connection->id = ++all->last_id;
	TAILQ_INSERT_TAIL(&all->list, connection, link);
	all->count++;
	if (!loop_add(all->loop, &connection->source, EPOLLIN))
		connection_close(connection);
}

static void connection_accepted(struct acceptor *acceptor, int fd)
{
	connection_new(container_of(acceptor, struct connections, acceptor),
		       fd);
}

/* Those that an earlier process served. */
static void await_vms(struct connections *connections)
{
	struct cex_vm *vm = state_next_vm(connections->machine, NULL);

	while (vm) {
		struct cex_vm *next = state_next_vm(connections->machine, vm);

		absents_add(&connections->absents, vm);
		vm = next;
	}
}

/* A VM has two descriptors until its first answer is given, and then one. */
static unsigned int vms_max(void)
{
	const rlim_t others = CONNECTION_WAITING + DESCRIPTORS_ELSEWHERE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur <= others)
		return 0;
	return MIN((limit.rlim_cur - others) / 2, (rlim_t)CONNECTION_VMS);
}

bool connections_open(struct connections *connections, struct loop *loop,
		      struct cex_machine *machine, struct state_writer *writer,
		      const char *path)
{
	*connections = (struct connections){
		.loop = loop,
		.machine = machine,
		.writer = writer,
		.vms_max = vms_max(),
	};
	TAILQ_INIT(&connections->list);
	absents_open(&connections->absents, loop);
	if (!acceptor_open(&connections->acceptor, loop, path, SOCK_SEQPACKET,
			   connection_accepted))
		return false;
	if (connections->vms_max < CONNECTION_VMS)
		log_line(LOG_WARNING, "the limit of open files leaves room for %u VMs of %u",
			 connections->vms_max, CONNECTION_VMS);
	await_vms(connections);
	return true;
}

void connections_close(struct connections *connections)
{
	struct connection *connection = TAILQ_FIRST(&connections->list);

	while (connection) {
		struct connection *next = TAILQ_NEXT(connection, link);

		connection_close(connection);
		connection = next;
	}
	absents_close(&connections->absents);
	acceptor_close(&connections->acceptor);
}
