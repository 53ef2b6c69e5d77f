// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/param.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "abi/link.h"
#include "bytes/container_of.h"
#include "changes.h"
#include "connection.h"
#include "held.h"
#include "log.h"
#include "peer.h"
#include "vm_name.h"

/* Descriptors that are neither connections' nor VMs', with a margin. */
#define DESCRIPTORS_ELSEWHERE	(64 + PEER_CLOSING_MAX)

/* @id names the connection in the log, as a guest's number is a secret. */
struct connection {
	struct peer peer;
	TAILQ_ENTRY(connection) link;
	struct connections *all;
	unsigned long id;
	enum link_role role;		/* only role it may have; 0 for any */
	int process;			/* pidfd of the peer's process, or -1 */
	struct cex_vm *vm;		/* NULL until attached */
	struct changes changes;		/* watched by the VM if its memory is set */
	struct held held;		/* answer that is not sent yet */
};

struct question {
	struct ap_command command;
	uint8_t message[AP_MESSAGE_MAX];
};

struct answer {
	struct ap_result result;
	uint8_t message[AP_MESSAGE_MAX];
};

_Static_assert(sizeof(struct question) == LINK_PACKET_MAX,
	       "a message follows its header at once");

static bool is_lpar(const struct connection *connection)
{
	return connection->vm && !cex_guest_number(connection->vm);
}

static void forget_process(struct connection *connection)
{
	if (connection->process >= 0)
		close(connection->process);
	connection->process = -1;
}

/*
 * A connection ends in one of three ways: it has no VM; or its VM stays as long
 * as the VM's process lives; or its VM ends with the connection. This is the
 * first one, and the last step of the others.
 */
static void close_without_vm(struct connection *connection)
{
	struct connections *all = connection->all;

	if (!connection->vm)
		all->waiting--;
	changes_close(&connection->changes);
	TAILQ_REMOVE(&all->list, connection, link);
	peer_close(&connection->peer);
	forget_process(connection);
	held_clear(&connection->held);
	free(connection);
	state_writer_request(all->writer, cex_revision(all->machine));
}

/* The VM takes its memory with it. */
static void leave_vm(struct connection *connection)
{
	log_vm(connection->vm ? LOG_INFO : LOG_DEBUG, "connection %lu: ended",
	       connection->id);
	if (connection->vm)
		admission_leave(&connection->all->admission, connection->vm,
				connection->changes);
	connection->changes = (struct changes){ 0 };
	close_without_vm(connection);
}

/*
 * The connections of guests end with the LPAR's: what the LPAR decides about
 * its guests would not reach them.
 */
static void leave_guests(struct connections *all)
{
	struct connection *connection = TAILQ_FIRST(&all->list);

	while (connection) {
		struct connection *next = TAILQ_NEXT(connection, link);

		if (connection->vm && !is_lpar(connection))
			leave_vm(connection);
		connection = next;
	}
}

static void close_leaving_vm(struct connection *connection)
{
	if (is_lpar(connection))
		leave_guests(connection->all);
	leave_vm(connection);
}

static void close_ending_vm(struct connection *connection, const char *reason)
{
	log_vm(LOG_WARNING, "connection %lu: closed: %s", connection->id,
	       reason);
	if (connection->vm)
		admission_end(&connection->all->admission, connection->vm);
	close_without_vm(connection);
}

/*
 * Send an answer. The descriptor of the memory that the VM watches goes with
 * the first one. A peer has at most one answer to read, so one that does not
 * fit is the peer's fault. Return false if the connection has been closed.
 */
static bool answer(struct connection *connection, const void *packet,
		   size_t length)
{
	struct changes *changes = &connection->changes;
	bool give = changes->memory && !changes->given;
	int error = peer_send(&connection->peer, packet, length,
			      give ? changes->fd : -1);

	if (error == -EAGAIN) {
		close_ending_vm(connection, "it does not read its answers");
		return false;
	}
	if (error) {
		close_leaving_vm(connection);
		return false;
	}
	changes->given = true;
	return true;
}

/* Keep the answer, and read nothing from the VM until it is sent. */
static void hold(struct connection *connection, uint64_t revision,
		 const void *packet, size_t length)
{
	if (held_set(&connection->held, revision, packet, length) ||
	    peer_await(&connection->peer, 0))
		close_ending_vm(connection, "its answer cannot be kept");
}

/* Send the answer as soon as the state that it depends on has been saved. */
static void answer_when_saved(struct connection *connection, const void *packet,
			      size_t length)
{
	struct state_writer *writer = connection->all->writer;
	uint64_t revision = cex_vm_revision(connection->vm);

	state_writer_request(writer, revision);
	if (state_writer_has(writer, revision))
		answer(connection, packet, length);
	else
		hold(connection, revision, packet, length);
}

/* Send the answer that is held. This may close the connection. */
static void release(struct connection *connection)
{
	struct held held = connection->held;

	connection->held = (struct held){ 0 };
	if (peer_await(&connection->peer, EPOLLIN))
		close_leaving_vm(connection);
	else
		answer(connection, held.bytes, held.length);
	held_clear(&held);
}

static bool may_release(const struct connection *connection)
{
	return held_is_set(&connection->held) &&
	       state_writer_has(connection->all->writer,
				connection->held.revision);
}

/* Start over after each answer: to send it may close other connections. */
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

/* A VM without memory to watch works, but slower. */
static void let_watch(struct connection *connection)
{
	struct changes *changes = &connection->changes;

	if (!changes->memory && changes_open(changes))
		return;
	changes->given = false;
	cex_watch(connection->vm, &changes->memory->changes);
	cex_show(connection->vm, &changes->memory->shelf);
}

/* The connection takes a turn of its own in the loop from here on. */
static void attach_vm(struct connection *connection, struct cex_vm *vm)
{
	const struct link_attached attached = { 0 };

	connection->vm = vm;
	connection->all->waiting--;
	forget_process(connection);
	log_vm(LOG_INFO, "connection %lu: %s attached", connection->id,
	       vm_name(cex_vm_index(vm)).text);
	let_watch(connection);
	if (peer_move(&connection->peer, connection->all->loop))
		close_leaving_vm(connection);
	else
		answer_when_saved(connection, &attached, sizeof(attached));
}

/* EAGAIN asks the peer to try again soon, which needs no warning in the log. */
static void send_refusal(struct connection *connection,
			 const struct link_attached *refusal)
{
	if (!answer(connection, refusal, sizeof(*refusal)))
		return;
	if (refusal->error == EAGAIN)
		close_leaving_vm(connection);
	else
		close_ending_vm(connection, refusal->reason);
}

static void serve_attach(struct connection *connection,
			 const struct link_attach *packet, size_t length)
{
	const struct applicant applicant = {
		.role = connection->role,
		.process = process_of(connection->process),
	};
	struct link_attached refusal = { 0 };
	struct cex_vm *vm = admission_admit(&connection->all->admission, packet,
					    length, &applicant,
					    &connection->changes, &refusal);

	if (vm)
		attach_vm(connection, vm);
	else
		send_refusal(connection, &refusal);
}

static void serve_command(struct connection *connection,
			  const struct question *question, size_t length)
{
	const struct ap_command *command = &question->command;
	static struct answer out;

	if (length < sizeof(*command) ||
	    length - sizeof(*command) != command->length) {
		close_ending_vm(connection,
				"a command is not as long as it says");
		return;
	}
	cex_execute(connection->vm, command, question->message, &out.result,
		    out.message);
	length = sizeof(out.result) + out.result.length;
	answer_when_saved(connection, &out, length);
	OPENSSL_cleanse(&out, length);
}

union packet {
	struct link_attach attach;
	struct question question;
};

static void serve(struct connection *connection, const union packet *packet,
		  ssize_t length)
{
	if (length == -EBADMSG)
		close_ending_vm(connection, "a packet contains descriptors");
	else if (length <= 0)
		close_leaving_vm(connection);
	else if (length > (ssize_t)sizeof(*packet))
		close_ending_vm(connection, "a packet is too long");
	else if (connection->vm)
		serve_command(connection, &packet->question, length);
	else
		serve_attach(connection, &packet->attach, length);
}

/* While an answer is held, only the end of the connection is reported. */
static void connection_ready(struct source *source)
{
	struct connection *connection =
		container_of(source, struct connection, peer.source);
	static union packet packet;
	ssize_t length;

	if (held_is_set(&connection->held)) {
		close_leaving_vm(connection);
		return;
	}
	length = peer_receive(&connection->peer, &packet, sizeof(packet));
	if (length == -EAGAIN)
		return;
	serve(connection, &packet, length);
	/* The packet may have contained a key. */
	if (length > 0)
		OPENSSL_cleanse(&packet, MIN((size_t)length, sizeof(packet)));
}

static void make_room(const struct connections *all)
{
	struct connection *connection;

	if (all->waiting < CONNECTION_WAITING)
		return;
	TAILQ_FOREACH(connection, &all->list, link)
		if (!connection->vm)
			break;
	close_ending_vm(connection,
			"it did not attach, and others need its place");
}

static struct connection *connection_new(struct connections *all, int fd,
					 enum link_role role)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection) {
		peer_close_socket(fd);
		return NULL;
	}
	connection->all = all;
	connection->role = role;
	connection->process = process_open_peer(fd);
	if (peer_open(&connection->peer, &all->strangers, fd,
		      connection_ready)) {
		forget_process(connection);
		free(connection);
		return NULL;
	}
	return connection;
}

static void connection_add(struct connections *all, int fd, enum link_role role)
{
	struct connection *connection;

	make_room(all);
	connection = connection_new(all, fd, role);
	if (!connection) {
		log_vm(LOG_WARNING, "a connection was refused: %s",
		       strerror(ENOMEM));
		return;
	}
	connection->id = ++all->last_id;
	TAILQ_INSERT_TAIL(&all->list, connection, link);
	all->waiting++;
}

static void connection_accepted(struct acceptor *acceptor, int fd)
{
	struct entrance *entrance =
		container_of(acceptor, struct entrance, acceptor);

	connection_add(entrance->all, fd, entrance->role);
}

/*
 * A VM has two descriptors, also while it is absent; a connection without a VM
 * has two.
 */
static unsigned int vms_max(void)
{
	const rlim_t others = 2 * CONNECTION_WAITING + DESCRIPTORS_ELSEWHERE;
	struct rlimit limit;
	unsigned int vms = 0;

	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur > others)
		vms = MIN((limit.rlim_cur - others) / 2,
			  (rlim_t)ADMISSION_VMS_MAX);
	if (vms < ADMISSION_VMS_MAX)
		log_line(LOG_WARNING, "the limit of open files leaves room for %u VMs of %u",
			 vms, ADMISSION_VMS_MAX);
	return vms;
}

static int entrance_open(struct entrance *entrance, struct connections *all,
			 const char *path, enum link_role role)
{
	int error = acceptor_open(&entrance->acceptor, &all->strangers, path,
				  SOCK_SEQPACKET, connection_accepted);

	entrance->all = all;
	entrance->role = role;
	entrance->open = !error;
	return error;
}

static void entrance_close(struct entrance *entrance)
{
	if (entrance->open)
		acceptor_close(&entrance->acceptor);
}

static int open_entrances(struct connections *all, const char *path,
			  const char *guests)
{
	int error = entrance_open(&all->entrance, all, path,
				  guests ? LINK_LPAR : 0);

	if (!error && guests)
		error = entrance_open(&all->guests, all, guests, LINK_GUEST);
	if (error)
		entrance_close(&all->entrance);
	return error;
}

int connections_open(struct connections *connections, struct loop *loop,
		     struct cex_machine *machine, struct state_writer *writer,
		     const char *path, const char *guests)
{
	int error;

	*connections = (struct connections){
		.loop = loop,
		.machine = machine,
		.writer = writer,
	};
	TAILQ_INIT(&connections->list);
	error = loop_open_within(&connections->strangers, loop);
	if (error)
		return error;
	error = open_entrances(connections, path, guests);
	if (error) {
		loop_close(&connections->strangers);
		return error;
	}
	admission_open(&connections->admission, loop, machine, vms_max());
	return 0;
}

void connections_close(struct connections *connections)
{
	struct connection *connection = TAILQ_FIRST(&connections->list);

	while (connection) {
		struct connection *next = TAILQ_NEXT(connection, link);

		if (connection->vm)
			admission_end(&connections->admission, connection->vm);
		close_without_vm(connection);
		connection = next;
	}
	admission_close(&connections->admission);
	entrance_close(&connections->guests);
	entrance_close(&connections->entrance);
	loop_close(&connections->strangers);
}
