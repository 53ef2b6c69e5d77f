/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_UNIT_PACKET_H
#define TESTS_UNIT_PACKET_H

#include <string.h>
#include <sys/socket.h>

/*
 * Send a packet with the descriptor @passed, or without one if that is -1.
 * Return what sendmsg() does.
 */
static inline ssize_t packet_send(int sock, const void *bytes, size_t length,
				  int passed)
{
	struct iovec part = { (void *)bytes, length };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = {
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(sizeof(int)),
	} };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };

	if (passed >= 0) {
		memcpy(CMSG_DATA(&control.header), &passed, sizeof(passed));
		packet.msg_control = &control;
		packet.msg_controllen = sizeof(control);
	}
	return sendmsg(sock, &packet, MSG_NOSIGNAL);
}

#endif /* TESTS_UNIT_PACKET_H */
