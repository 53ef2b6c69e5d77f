// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "control.h"
#include "control_command.h"
#include "log.h"
#include "peer.h"

struct client {
	struct peer peer;
	TAILQ_ENTRY(client) link;
	struct control *control;
	char line[CONTROL_LINE_MAX];
	size_t length;
	size_t excess;		/* bytes dropped after the line */
	char *part;		/* part of the answer; NULL if none */
	size_t part_length;
	size_t sent;		/* bytes sent of the part */
	bool more;		/* more parts follow, */
	struct status status;	/* which are its steps */
	uint64_t revision;	/* to wait for; 0 if there is none */
	int error;		/* why it was not saved, -errno */
};

static void client_close(struct client *client)
{
	struct control *control = client->control;

	TAILQ_REMOVE(&control->clients, client, link);
	control->count--;
	peer_close(&client->peer);
	free(client->part);
	OPENSSL_clear_free(client, sizeof(*client));
}

/*
 * Have @write produce the next part; it returns whether more parts follow.
 * Return false if there is no memory.
 */
static bool client_write(struct client *client,
			 bool (*write)(struct client *client, FILE *out))
{
	FILE *out;

	free(client->part);
	client->part = NULL;
	out = open_memstream(&client->part, &client->part_length);
	if (!out)
		return false;
	client->more = write(client, out);
	client->sent = 0;
	return !fclose(out);
}

static bool not_saved(struct client *client, FILE *out)
{
	fprintf(out, "error: the command is carried out, but not saved: %s: %s; swcexd tries again each second, and VMs wait\n",
		client->control->writer->store.path, strerror(-client->error));
	return false;
}

/*
 * Answer that the command is done but not saved, instead of waiting any longer.
 * Return false if there is no memory.
 */
static bool client_give_up(struct client *client, int error)
{
	client->error = error;
	client->revision = 0;
	return client_write(client, not_saved);
}

/* Until the answer is known, wait only for the end of the connection. */
static void client_wait(struct client *client)
{
	struct control *control = client->control;
	bool may_go = state_writer_has(control->writer, client->revision);
	int error = may_go ? 0 : state_writer_error(control->writer, client->revision);

	if ((error && !client_give_up(client, error)) ||
	    peer_await(&client->peer, may_go || error ? EPOLLOUT : 0))
		client_close(client);
}

void control_saved(struct control *control)
{
	struct client *client = TAILQ_FIRST(&control->clients);

	while (client) {
		struct client *next = TAILQ_NEXT(client, link);

		if (client->part)
			client_wait(client);
		client = next;
	}
}

/* Arguments are not logged, as they may be key parts. */
static bool first_part(struct client *client, FILE *out)
{
	struct cex_machine *machine = client->control->machine;
	int word = strcspn(client->line, " \t");
	enum control_answer answer;

	log_line(LOG_DEBUG, "control: %.*s", word, client->line);
	answer = control_command(machine, client->line, out, &client->status);
	if (answer == ANSWER_WHEN_SAVED)
		client->revision = cex_revision(machine);
	state_writer_request(client->control->writer, client->revision);
	return answer == ANSWER_IN_STEPS;
}

static bool next_part(struct client *client, FILE *out)
{
	return status_step(&client->status, out, client->control->machine);
}

static void client_answer(struct client *client,
			  bool (*write)(struct client *client, FILE *out))
{
	if (client_write(client, write))
		client_wait(client);
	else
		client_close(client);
}

/*
 * Read what follows the line: closing a socket with unread bytes would discard
 * the answer.
 */
static void client_drop(struct source *source)
{
	struct client *client =
		container_of(source, struct client, peer.source);
	char excess[4096];
	ssize_t length = peer_receive(&client->peer, excess, sizeof(excess));

	if (length == -EAGAIN)
		return;
	if (length > 0)
		client->excess += length;
	if (length <= 0 || client->excess > CONTROL_EXCESS_MAX)
		client_close(client);
	OPENSSL_cleanse(excess, sizeof(excess));
}

/* The client sees the end of the answer, and then closes the connection. */
static void client_end(struct client *client)
{
	shutdown(client->peer.source.fd, SHUT_WR);
	free(client->part);
	client->part = NULL;
	client->peer.source.ready = client_drop;
	if (peer_await(&client->peer, EPOLLIN))
		client_close(client);
}

/* After each part it is the turn of VMs, and of other clients. */
static void client_send(struct source *source)
{
	struct client *client =
		container_of(source, struct client, peer.source);
	ssize_t sent = send(source->fd, client->part + client->sent,
			    client->part_length - client->sent,
			    MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (sent > 0)
		client->sent += sent;
	if (sent > 0 && client->sent < client->part_length)
		return;
	if (sent <= 0)
		client_close(client);
	else if (client->more)
		client_answer(client, next_part);
	else
		client_end(client);
}

static bool too_long(struct client *client, FILE *out)
{
	(void)client;
	fprintf(out, "error: a command is a line of at most %d bytes; this one is longer\n",
		CONTROL_LINE_MAX - 1);
	return false;
}

static void client_receive(struct source *source)
{
	struct client *client =
		container_of(source, struct client, peer.source);
	ssize_t length = peer_receive(&client->peer,
				      client->line + client->length,
				      CONTROL_LINE_MAX - client->length);
	char *end;

	if (length == -EAGAIN)
		return;
	if (length <= 0) {
		client_close(client);
		return;
	}
	client->length += length;
	end = memchr(client->line, '\n', client->length);
	if (!end && client->length < CONTROL_LINE_MAX)
		return;
	client->peer.source.ready = client_send;
	if (end)
		*end = '\0';
	client_answer(client, end ? first_part : too_long);
}

static void client_new(struct control *control, int fd)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client) {
		peer_close_socket(fd);
		return;
	}
	client->control = control;
	if (peer_open(&client->peer, &control->loop, fd, client_receive)) {
		free(client);
		return;
	}
	TAILQ_INSERT_TAIL(&control->clients, client, link);
	control->count++;
}

static void client_accepted(struct acceptor *acceptor, int fd)
{
	struct control *control =
		container_of(acceptor, struct control, acceptor);

	if (control->count >= CONTROL_CLIENT_MAX)
		client_close(TAILQ_FIRST(&control->clients));
	client_new(control, fd);
}

int control_open(struct control *control, struct loop *loop,
		 struct cex_machine *machine, struct state_writer *writer,
		 const char *path)
{
	int error;

	*control = (struct control){
		.machine = machine,
		.writer = writer,
	};
	TAILQ_INIT(&control->clients);
	if (!path)
		return 0;
	error = loop_open_within(&control->loop, loop);
	if (error)
		return error;
	error = acceptor_open(&control->acceptor, &control->loop, path,
			      SOCK_STREAM, client_accepted);
	control->open = !error;
	if (error)
		loop_close(&control->loop);
	return error;
}

void control_close(struct control *control)
{
	struct client *client = TAILQ_FIRST(&control->clients);

	while (client) {
		struct client *next = TAILQ_NEXT(client, link);

		client_close(client);
		client = next;
	}
	if (!control->open)
		return;
	acceptor_close(&control->acceptor);
	loop_close(&control->loop);
}
