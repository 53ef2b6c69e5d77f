// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets of several peers to swcexd. An input is a sequence of
 *
 *	u8	peer in the lower two bits, its action in the others
 *	-	what the action needs
 *
 * A peer whose connection was closed gets another one with its next action.
 * From STOP_SAVING to SAVE no change of the machine is saved: answers that
 * depend on a change are held back, while their peers may go on asking.
 *
 * runs: 2000
 */
#include <sys/socket.h>

#include "daemon/connection.c"
#include "bytes/cursor.h"
#include "fuzz.h"

#define PEERS	4
#define APQNS	3	/* one for each kind of adapter */
#define ASKED	8	/* packets of a peer that may be unanswered */
#define UNKNOWN	0xffff	/* op of a packet that may be no command */

enum action {
	SEND_BYTES,		/* u16 length, the bytes */
	ATTACH_LPAR,
	ATTACH_GUEST,		/* the guest that was created last */
	SEND_COMMAND,		/* u8 op, u8 queue, u16 argument, u16, message */
	SEND_MASKS,		/* for that guest: u8, its queues */
	HANG_UP,
	STOP_SAVING,
	SAVE,
	ACTIONS,
};

/*
 * A peer: its end of the connection, and the ops of the questions that it has
 * asked.
 */
struct client {
	int fd;
	unsigned long id;
	unsigned int asked;
	uint16_t ops[ASKED];
};

static struct cex_machine *machine;
static struct connections connections;
static struct loop loop;
static struct client peers[PEERS];
static uint64_t last_guest;
static bool saving;
static uint64_t saved;

/* This replaces daemon/state_writer.c. */
void state_writer_request(struct state_writer *writer, uint64_t revision)
{
	(void)writer;
	(void)revision;
}

bool state_writer_has(struct state_writer *writer, uint64_t revision)
{
	(void)writer;
	return saving || revision <= saved;
}

static struct cex_machine *new_machine(void)
{
	struct cex_machine *new = cex_machine_new(1);

	promised(new && !cex_add_domain(new, 4));
	promised(!cex_add_adapter(new, 4, "CEX8A"));
	promised(!cex_add_adapter(new, 5, "CEX8C"));
	promised(!cex_add_adapter(new, 6, "CEX8P"));
	return new;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	log_set_level("error");
	return 0;
}

static struct connection *connection_of(const struct client *peer)
{
	struct connection *connection;

	TAILQ_FOREACH(connection, &connections.list, link)
		if (connection->id == peer->id)
			return connection;
	return NULL;
}

static void hang_up(struct client *peer)
{
	struct connection *connection = connection_of(peer);

	if (peer->fd >= 0)
		close(peer->fd);
	peer->fd = -1;
	peer->asked = 0;
	/* Packets are read before the end, unless an answer is held. */
	while (connection) {
		connection_ready(&connection->peer.source);
		connection = connection_of(peer);
	}
}

static void connect_peer(struct client *peer)
{
	int fds[2];

	if (connection_of(peer))
		return;
	hang_up(peer);
	promised(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds));
	peer->fd = fds[0];
	peer_prepare(fds[1]);
	connection_add(&connections, fds[1], 0);
	peer->id = connections.last_id;
	promised(connection_of(peer));
}

/*
 * Before the end of a connection, the only possible answer is a refusal to
 * attach.
 */
static void check_refusal(const struct answer *answer, ssize_t length)
{
	struct link_attached attached;

	promised(length == sizeof(attached));
	memcpy(&attached, answer, sizeof(attached));
	promised(attached.error && attached.reason[0]);
}

static void check_answer(const struct client *peer, const struct answer *answer,
			 ssize_t length)
{
	uint16_t op = peer->ops[0];

	promised(length > 0);
	if (op == UNKNOWN)
		return;
	promised(length == (ssize_t)(sizeof(answer->result) +
				     answer->result.length));
	if (op == AP_OP_GUEST_CREATE && answer->result.value)
		last_guest = answer->result.value;
}

/* Every packet gets one answer, or ends the connection. */
static void take_answer(struct client *peer)
{
	static struct answer answer;
	ssize_t length = recv(peer->fd, &answer, sizeof(answer), MSG_DONTWAIT);

	if (!connection_of(peer)) {
		if (length > 0)
			check_refusal(&answer, length);
		peer->asked = 0;
		return;
	}
	check_answer(peer, &answer, length);
	peer->asked--;
	memmove(peer->ops, peer->ops + 1, peer->asked * sizeof(peer->ops[0]));
}

/*
 * Do what the loop does: nothing is read from a connection whose answer is
 * held.
 */
static void serve_peer(struct client *peer)
{
	struct connection *connection = connection_of(peer);

	while (connection && peer->asked && !held_is_set(&connection->held)) {
		connection_ready(&connection->peer.source);
		connection = connection_of(peer);
		if (!connection || !held_is_set(&connection->held))
			take_answer(peer);
	}
}

/*
 * Serve all peers, because an LPAR that disconnects also disconnects its
 * guests.
 */
static void serve_all(void)
{
	for (unsigned int i = 0; i < PEERS; i++)
		serve_peer(&peers[i]);
}

static void send_packet(struct client *peer, const void *bytes, size_t length,
			uint16_t op)
{
	connect_peer(peer);
	if (peer->asked == ASKED ||
	    send(peer->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
	peer->ops[peer->asked++] = op;
	serve_all();
}

static void attach_peer(struct client *peer, enum link_role role)
{
	const struct link_attach packet = {
		LINK_MAGIC, LINK_VERSION, role,
		role == LINK_GUEST ? last_guest : 0, 0,
	};

	send_packet(peer, &packet, sizeof(packet), UNKNOWN);
}

/* Send a command. What is to be answered is known only if it reaches a VM. */
static void send_question(struct client *peer, const struct question *question)
{
	struct connection *connection;

	connect_peer(peer);
	connection = connection_of(peer);
	send_packet(peer, question,
		    sizeof(question->command) + question->command.length,
		    connection->vm && !held_is_set(&connection->held) ?
		    question->command.op : UNKNOWN);
}

static void send_command(struct client *peer, struct cursor *c)
{
	static struct question question;
	size_t length;
	struct slice message;

	question.command = (struct ap_command){ .op = cursor_u8(c) };
	question.command.apqn = AP_APQN(4 + cursor_u8(c) % APQNS, 4);
	question.command.arg[0] = (uint64_t)cursor_u16(c) << 8;
	if (question.command.op == AP_OP_GUEST_DESTROY)
		question.command.arg[0] = last_guest;
	question.command.taken = cursor_u8(c);
	length = cursor_u16(c);
	message = take_up_to(c, length);
	question.command.length = message.length;
	if (message.length > sizeof(question.message))
		return;
	if (message.length)
		memcpy(question.message, message.at, message.length);
	send_question(peer, &question);
}

static void send_masks(struct client *peer, uint8_t which)
{
	static struct question question;
	struct ap_apcb apcb = { 0 };

	for (int i = 0; i < APQNS; i++)
		if (which >> i & 1)
			ap_mask_set(&apcb.apm, 4 + i);
	ap_mask_set(&apcb.aqm, 4);
	if (which & 0x80)
		ap_mask_set(&apcb.adm, 4);
	question.command = (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = last_guest,
		.length = sizeof(apcb),
	};
	memcpy(question.message, &apcb, sizeof(apcb));
	send_question(peer, &question);
}

/* Held answers are given in the order of the questions. */
static void save(void)
{
	saving = true;
	connections_saved(&connections);
	for (unsigned int i = 0; i < PEERS; i++)
		if (peers[i].asked)
			take_answer(&peers[i]);
	serve_all();
}

static void stop_saving(void)
{
	save();
	saving = false;
	saved = cex_revision(machine);
}

static void act(struct cursor *c)
{
	uint8_t byte = cursor_u8(c);
	struct client *peer = &peers[byte % PEERS];
	struct slice bytes;
	size_t length;

	switch ((enum action)(byte / PEERS % ACTIONS)) {
	case SEND_BYTES:
		length = cursor_u16(c);
		bytes = take_up_to(c, length);
		if (bytes.length)
			send_packet(peer, bytes.at, bytes.length, UNKNOWN);
		break;
	case ATTACH_LPAR:
		attach_peer(peer, LINK_LPAR);
		break;
	case ATTACH_GUEST:
		attach_peer(peer, LINK_GUEST);
		break;
	case SEND_COMMAND:
		send_command(peer, c);
		break;
	case SEND_MASKS:
		send_masks(peer, cursor_u8(c));
		break;
	case STOP_SAVING:
		stop_saving();
		break;
	case SAVE:
		save();
		break;
	case HANG_UP:
	case ACTIONS:
		hang_up(peer);
		serve_all();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);

	machine = new_machine();
	promised(!loop_open(&loop));
	connections = (struct connections){
		.loop = &loop, .machine = machine,
	};
	TAILQ_INIT(&connections.list);
	promised(!loop_open_within(&connections.strangers, &loop));
	admission_open(&connections.admission, &loop, machine, PEERS);
	for (unsigned int i = 0; i < PEERS; i++)
		peers[i] = (struct client){ .fd = -1 };
	last_guest = 0;
	saving = true;
	while (cursor_left(&c))
		act(&c);
	for (unsigned int i = 0; i < PEERS; i++)
		hang_up(&peers[i]);
	promised(TAILQ_EMPTY(&connections.list) && !connections.waiting);
	admission_close(&connections.admission);
	loop_close(&connections.strangers);
	loop_close(&loop);
	cex_machine_free(machine);
	return 0;
}
