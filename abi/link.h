/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The link between a VM's QEMU and swcexd.
 *
 * A VM is one AF_UNIX SOCK_SEQPACKET connection. One packet is one message;
 * the VM asks, swcexd answers, in the order of the questions. A VM may ask on
 * before it has read an answer; one that leaves more answers unread than its
 * socket takes is cut off. Both ends are on one machine: numbers are in its
 * byte order, structures as the compiler lays them out.
 *
 *	VM	struct link_attach
 *	swcexd	struct link_attached
 *	VM	struct ap_command, then command.length bytes
 *	swcexd	struct ap_result, then result.length bytes
 *	...
 *
 * With struct link_attached can come a file descriptor (SCM_RIGHTS): a sealed
 * memfd of one struct ap_changes. A VM that got none asks every time.
 *
 * swcexd closes a connection whose packet breaks these rules, and detaches the VM:
 * its requests are forgotten, and its queues stay dirty until they are zeroized.
 * The end of a VM's process does the same. A VM whose
 * connection ends while its process lives, be it that swcexd does, keeps its
 * place: it attaches again with the same packet, finds its queues empty, as
 * after a reset, and repeats the command that was not answered. swcexd knows it
 * by its process, which the kernel tells. Guests wait for their LPAR: its
 * connection ends theirs, and until it is back they are told EAGAIN.
 *
 * A packet must not bring descriptors along. swcexd may have a socket that is for
 * guests only, and one that is for the LPAR only; whoever is of the other role is
 * told EPERM.
 *
 * At most one LPAR is attached at a time, and a guest is named by the random
 * number that GUEST_CREATE gave to the LPAR, good for one process. So a
 * QEMU can neither pass for the LPAR that runs it nor for another guest that
 * has attached. The number of one that has not is as secret as its command line.
 */
#ifndef ABI_LINK_H
#define ABI_LINK_H

#include "ap.h"

#define LINK_MAGIC	0x4150414cu	/* "APAL" */
#define LINK_VERSION	5

enum link_role {
	LINK_LPAR = 1,
	LINK_GUEST,
};

/* The LPAR has called GUEST_LISTEN; the VM was reset, and swcexd has not heard it. */
#define LINK_LISTENS	0x1
#define LINK_RESET	0x2

struct link_attach {
	uint32_t magic;
	uint16_t version;
	uint16_t role;		/* enum link_role */
	uint64_t guest;		/* LINK_GUEST: the number from GUEST_CREATE */
	uint64_t flags;		/* when attaching again */
};

/* @error: 0, or an errno value; @reason: a sentence for people, NUL-ended */
struct link_attached {
	uint32_t error;
	char reason[124];
};

/* The largest packet in either direction. */
#define LINK_PACKET_MAX	(sizeof(struct ap_result) + AP_MESSAGE_MAX)

#endif /* ABI_LINK_H */
