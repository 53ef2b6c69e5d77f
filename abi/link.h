/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The link between a VM's QEMU and swcexd.
 *
 * Each VM has one AF_UNIX SOCK_SEQPACKET connection. One packet is one message.
 * The VM asks, and swcexd answers in the order of the questions. A VM may ask
 * again before it has read an answer; it is disconnected if it leaves more
 * answers unread than its socket holds. Both ends are on one machine: numbers
 * are in its byte order, and structures have the layout of the compiler.
 *
 *	VM	struct link_attach
 *	swcexd	struct link_attached
 *	VM	struct ap_command, then command.length bytes
 *	swcexd	struct ap_result, then result.length bytes
 *	...
 *
 * struct link_attached can come with a file descriptor (SCM_RIGHTS): a sealed
 * memfd of one struct link_memory. A VM without one asks each time.
 *
 * When a packet breaks these rules, swcexd closes the connection and detaches
 * the VM: its requests are dropped, and its queues stay dirty until they are
 * zeroized. The end of a VM's process has the same effect. When a connection
 * ends while the process of the VM lives, even because swcexd has ended, the VM
 * keeps its place. It attaches again with the same packet, finds its queues
 * empty, as after a reset, and repeats the command that was not answered.
 * swcexd identifies the VM by its process, which the kernel reports. Guests
 * wait for their LPAR: when its connection ends, so do theirs, and until it is
 * back their attempts to attach end with EAGAIN.
 *
 * A packet must not carry descriptors. swcexd may have a socket for guests only
 * and one for the LPAR only; a VM of the other role gets EPERM there.
 *
 * At most one LPAR is attached at a time. A guest is named by the random number
 * that GUEST_CREATE gave to the LPAR, which is valid for one process. So a QEMU
 * can pass neither for the LPAR that runs it nor for another guest that has
 * attached. The number of a guest that has not attached yet is as secret as its
 * command line.
 */
#ifndef ABI_LINK_H
#define ABI_LINK_H

#include "ap.h"
#include "shelf.h"

#define LINK_MAGIC	0x4150414cu	/* "APAL" */
#define LINK_VERSION	7

enum link_role {
	LINK_LPAR = 1,
	LINK_GUEST,
};

/*
 * The LPAR has called GUEST_LISTEN; the VM was reset, and swcexd was not told.
 */
#define LINK_LISTENS	0x1
#define LINK_RESET	0x2

struct link_attach {
	uint32_t magic;
	uint16_t version;
	uint16_t role;		/* enum link_role */
	uint64_t guest;		/* LINK_GUEST: the number from GUEST_CREATE */
	uint64_t flags;		/* LINK_...; when attaching again */
};

/*
 * @error is 0 or an errno value, and @reason a sentence for people, with a NUL
 * at its end.
 */
struct link_attached {
	uint32_t error;
	char reason[124];
};

/* What swcexd shares with a VM, which only reads it */
struct link_memory {
	struct ap_changes changes;
	struct ap_shelf shelf;
};

/* Length of the largest packet in either direction. */
#define LINK_PACKET_MAX	(sizeof(struct ap_command) + AP_MESSAGE_MAX)

#endif /* ABI_LINK_H */
