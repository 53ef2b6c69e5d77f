/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Admission decides who may attach, and in which role, by the first packet of a
 * connection.
 *
 * The socket that a process connects to decides the role if it is for one role
 * only. Where LPAR and guests share a socket, a process that has attached as a
 * guest is not admitted as an LPAR.
 */
#ifndef DAEMON_ADMISSION_H
#define DAEMON_ADMISSION_H

#include "abi/link.h"
#include "cex/cex.h"
#include "absent.h"

#define ADMISSION_VMS_MAX	(CEX_GUESTS_MAX + 1)	/* and the LPAR */

/*
 * @vms: number of attached VMs
 * @vms_max: limit of attached and absent VMs together
 * @guests: the processes that attached as guests most recently
 */
struct admission {
	struct cex_machine *machine;
	struct absents absents;
	unsigned int vms, vms_max;
	unsigned int guests_seen;
	struct process guests[CEX_GUESTS_MAX];
};

/*
 * @role: the only role that the applicant's socket is for; 0 if it is for both
 */
struct applicant {
	enum link_role role;
	struct process process;
};

/*
 * Prepare to admit VMs to @machine, @vms_max of them at most, attached and
 * absent ones together. VMs that were attached when an earlier swcexd saved its
 * state count as absent, and may attach again.
 */
void admission_open(struct admission *admission, struct loop *loop,
		    struct cex_machine *machine, unsigned int vms_max);

/* Detach all absent VMs. */
void admission_close(struct admission *admission);

/*
 * Judge the packet @attach of @length bytes that @applicant has sent. Return
 * its VM, which is either one that was absent, with its memory in @changes, or
 * one that did not exist before; or fill in @refusal and return NULL.
 */
struct cex_vm *admission_admit(struct admission *admission,
			       const struct link_attach *attach, size_t length,
			       const struct applicant *applicant,
			       struct changes *changes,
			       struct link_attached *refusal);

/*
 * Make an admitted @vm, which has lost its connection, an absent one; see
 * absent.h.
 */
void admission_leave(struct admission *admission, struct cex_vm *vm,
		     struct changes changes);

/* Detach an admitted @vm. If it is the LPAR, detach its absent guests, too. */
void admission_end(struct admission *admission, struct cex_vm *vm);

#endif /* DAEMON_ADMISSION_H */
