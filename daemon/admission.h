/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may attach, and as what: the first packet of a connection is judged here.
 *
 * A role is decided by the socket that a process has connected to, if that is
 * for one role only. Where LPAR and guests share a socket, a process that has
 * attached as a guest is not taken for an LPAR.
 */
#ifndef DAEMON_ADMISSION_H
#define DAEMON_ADMISSION_H

#include "abi/link.h"
#include "cex/cex.h"
#include "absent.h"

#define ADMISSION_VMS_MAX	(CEX_GUESTS_MAX + 1)	/* and an LPAR */

/*
 * @vms: attached ones; @vms_max: of them and of absent ones
 * @guests: the processes that were the last to attach as guests
 */
struct admission {
	struct cex_machine *machine;
	struct absents absents;
	unsigned int vms, vms_max;
	unsigned int guests_seen;
	struct process guests[CEX_GUESTS_MAX];
};

/* Who asks. @role: 0, or the only one that its socket is for */
struct applicant {
	enum link_role role;
	struct process process;
};

/*
 * VMs that are attached to @machine from an earlier process may come back. There
 * can be @vms_max, attached or absent.
 */
void admission_open(struct admission *admission, struct loop *loop,
		    struct cex_machine *machine, unsigned int vms_max);

/* Detach those who are absent. */
void admission_close(struct admission *admission);

/*
 * Admit who sent @attach of @length bytes: a VM that comes back, or one that was
 * not there yet. Returns the VM, or NULL, and fills in @refusal.
 */
struct cex_vm *admission_admit(struct admission *admission,
			       const struct link_attach *attach, size_t length,
			       const struct applicant *applicant,
			       struct link_attached *refusal);

/* An admitted @vm has lost its connection: it may come back, see absent.h. */
void admission_leave(struct admission *admission, struct cex_vm *vm);

/* An admitted @vm ends, and an LPAR's guests that are absent end with it. */
void admission_end(struct admission *admission, struct cex_vm *vm);

#endif /* DAEMON_ADMISSION_H */
