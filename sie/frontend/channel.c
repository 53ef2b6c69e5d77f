// SPDX-License-Identifier: GPL-2.0-only
#include "channel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "report.h"

#define HOST		"10.0.2.100"
#define PORT		9000
#define SECONDS		10

static bool fail(void)
{
	return report("no connection to the host of the LPAR, " HOST " port %d: %s; "
		      "is the network up, and does the LPAR's QEMU have the channel?",
		      PORT, strerror(errno));
}

bool channel_open(struct channel *channel)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct timeval limit = { .tv_sec = SECONDS }, none = { 0 };
	int fd, on = 1;

	memset(channel, 0, sizeof(*channel));
	channel->fd = fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || inet_pton(AF_INET, HOST, &address.sin_addr) != 1)
		return fail();
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof(none)))
		return fail();
	return true;
}
