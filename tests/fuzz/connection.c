// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets of several peers to apd. An input is a sequence of
 *
 *	u8	peer in the lower two bits, what it does in the others
 *	-	as that needs
 *
 * A peer whose connection was closed gets a new one with its next action.
 *
 * runs: 2000
 */
#include <sys/socket.h>

#include "adapters/connection.c"
#include "adapters/cursor.h"
#include "tests/fuzz/fuzz.h"

#define PEERS	4
#define APQNS	3	/* one of each kind of adapter */

enum action {
	SEND_BYTES,		/* u16, that many bytes */
	ATTACH_LPAR,
	ATTACH_GUEST,		/* the one that was created last */
	SEND_COMMAND,		/* u8 op, u8 queue, u16 argument, u16, message */
	SEND_MASKS,		/* for that guest: u8 which queues it gets */
	HANG_UP,
	ACTIONS,
};

static struct cex_machine *machine;
static struct connections connections;
static struct loop loop;
static int peers[PEERS];
static unsigned long ids[PEERS];
static uint64_t last_guest;

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

static struct connection *connection_of(unsigned int peer)
{
	struct connection *connection;

	TAILQ_FOREACH(connection, &connections.list, link)
		if (connection->id == ids[peer])
			return connection;
	return NULL;
}

static void hang_up(unsigned int peer)
{
	struct connection *connection = connection_of(peer);

	if (peers[peer] >= 0)
		close(peers[peer]);
	peers[peer] = -1;
	if (connection)
		connection_ready(&connection->source);
}

static void connect_peer(unsigned int peer)
{
	int fds[2];

	if (connection_of(peer))
		return;
	hang_up(peer);
	promised(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds));
	peers[peer] = fds[0];
	connection_new(&connections, fds[1]);
	ids[peer] = connections.last_id;
	promised(connection_of(peer));
}

/* Before the end of a connection there is nothing but a refusal to attach. */
static void check_end(const struct answer *answer, ssize_t length)
{
	struct link_attached attached;

	if (length <= 0)
		return;
	promised(length == sizeof(attached));
	memcpy(&attached, answer, sizeof(attached));
	promised(attached.error && attached.reason[0]);
}

/* Every packet gets one answer, or ends the connection. */
static void take_answer(unsigned int peer, const struct request *request)
{
	static struct answer answer;
	ssize_t length = recv(peers[peer], &answer, sizeof(answer),
			      MSG_DONTWAIT);

	if (!connection_of(peer)) {
		check_end(&answer, length);
		return;
	}
	promised(length > 0);
	if (!request)
		return;
	promised(length == (ssize_t)(sizeof(answer.result) +
				     answer.result.length));
	if (request->command.op == AP_OP_GUEST_CREATE && answer.result.value)
		last_guest = answer.result.value;
}

static void send_packet(unsigned int peer, const void *bytes, size_t length,
			const struct request *request)
{
	connect_peer(peer);
	promised(send(peers[peer], bytes, length, MSG_NOSIGNAL) ==
		 (ssize_t)length);
	connection_ready(&connection_of(peer)->source);
	take_answer(peer, request);
}

static void attach_peer(unsigned int peer, enum link_role role)
{
	const struct link_attach packet = {
		LINK_MAGIC, LINK_VERSION, role,
		role == LINK_GUEST ? last_guest : 0,
	};

	send_packet(peer, &packet, sizeof(packet), NULL);
}

static void send_command(unsigned int peer, struct cursor *c)
{
	static struct request request;
	size_t length;
	struct slice message;

	request.command = (struct ap_command){ .op = cursor_u8(c) };
	request.command.apqn = AP_APQN(4 + cursor_u8(c) % APQNS, 4);
	request.command.arg[0] = (uint64_t)cursor_u16(c) << 8;
	if (request.command.op == AP_OP_GUEST_DESTROY)
		request.command.arg[0] = last_guest;
	length = cursor_u16(c);
	message = cursor_take(c, length < c->left.length ? length :
							    c->left.length);
	request.command.length = message.length;
	if (message.length > sizeof(request.message))
		return;
	if (message.length)
		memcpy(request.message, message.at, message.length);
	connect_peer(peer);
	send_packet(peer, &request, sizeof(request.command) + message.length,
		    connection_of(peer)->vm ? &request : NULL);
}

static void send_masks(unsigned int peer, uint8_t which)
{
	static struct request request;
	struct ap_apcb apcb = { 0 };

	for (int i = 0; i < APQNS; i++)
		if (which >> i & 1)
			ap_mask_set(&apcb.apm, 4 + i);
	ap_mask_set(&apcb.aqm, 4);
	if (which & 0x80)
		ap_mask_set(&apcb.adm, 4);
	request.command = (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = last_guest,
		.length = sizeof(apcb),
	};
	memcpy(request.message, &apcb, sizeof(apcb));
	connect_peer(peer);
	send_packet(peer, &request, sizeof(request.command) + sizeof(apcb),
		    connection_of(peer)->vm ? &request : NULL);
}

static void act(struct cursor *c)
{
	uint8_t byte = cursor_u8(c);
	unsigned int peer = byte % PEERS;
	struct slice bytes;
	size_t length;

	switch ((enum action)(byte / PEERS % ACTIONS)) {
	case SEND_BYTES:
		length = cursor_u16(c);
		bytes = cursor_take(c, length < c->left.length ? length :
								  c->left.length);
		if (bytes.length)
			send_packet(peer, bytes.at, bytes.length, NULL);
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
	case HANG_UP:
	case ACTIONS:
		hang_up(peer);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);

	machine = new_machine();
	promised(loop_open(&loop));
	connections = (struct connections){
		.loop = &loop, .machine = machine, .vms_max = PEERS,
	};
	TAILQ_INIT(&connections.list);
	absents_open(&connections.absents, &loop);
	memset(peers, -1, sizeof(peers));
	memset(ids, 0, sizeof(ids));
	last_guest = 0;
	while (c.left.length)
		act(&c);
	for (unsigned int i = 0; i < PEERS; i++)
		hang_up(i);
	promised(!connections.count);
	absents_close(&connections.absents);
	loop_close(&loop);
	cex_machine_free(machine);
	return 0;
}
