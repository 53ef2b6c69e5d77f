/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libcex: a machine's Crypto Express adapters.
 *
 * A machine has up to 256 adapters and up to 256 domains; every pair of them
 * is a queue. VMs are attached to it, the LPAR and its guests, and everything
 * that a VM does comes in through cex_execute(), which alone decides, from
 * the VM's APCB, whether the VM may.
 *
 * Every function may be called from any thread; none blocks for longer than
 * a short critical section. Requests are worked on by threads of the machine.
 *
 * Ownership: the machine owns its VMs' memory; free the machine last.
 */
#ifndef CEX_CEX_H
#define CEX_CEX_H

#include <stddef.h>

#include "abi/ap.h"
#include "card/verb.h"
#include "fault.h"
#include "latency.h"

/* Guests at a time: from GUEST_CREATE until GUEST_DESTROY and detached. */
#define CEX_GUESTS_MAX	1024

struct cex_machine;
struct cex_vm;

/*
 * Make a machine with @workers threads (0: one per processor).
 * Returns NULL with errno set when memory or threads are short.
 */
struct cex_machine *cex_machine_new(unsigned int workers);

/* Stop the workers and free everything. NULL is allowed. */
void cex_machine_free(struct cex_machine *machine);

/*
 * Plug an adapter of @type ("CEX4" to "CEX8", then A for an accelerator, C for
 * a CCA or P for an EP11 coprocessor), or make a usage domain. Only before the
 * first VM is attached. Return 0, or a negative errno: -EINVAL unknown type or
 * number, -EEXIST already there, -EBUSY a VM is attached.
 */
int cex_add_adapter(struct cex_machine *machine, unsigned int adapter,
		    const char *type);
bool cex_has_type(const char *type);
int cex_add_domain(struct cex_machine *machine, unsigned int domain);

/*
 * Which master keys the domains of coprocessors have at first, whether they are
 * made before this or after: @how is "random", and each domain has others, as it
 * is unless this is called; "same", and all have the same random ones; or the
 * path of a file of lines "aes HEXADECIMAL", with keys of kinds asym, aes, apka
 * and wk, and all domains have these, and random ones of other kinds. Only
 * before the first VM. Returns 0, or a negative errno with a sentence in @reason.
 */
int cex_set_master_keys(struct cex_machine *machine, const char *how,
			char *reason, size_t size);

/* The machine has no adapter interruptions. Only before the first VM. */
void cex_set_polled(struct cex_machine *machine);

/*
 * Attach the LPAR, whose APCB is the whole machine, with queues that start to
 * be zeroized if an earlier LPAR or its guests used them; or a guest that the LPAR
 * created by GUEST_CREATE, whose APCB is empty until GUEST_MASKS. NULL with
 * errno: EBUSY (attached already), ENOENT (no such guest), ENOMEM.
 */
struct cex_vm *cex_attach_lpar(struct cex_machine *machine);
struct cex_vm *cex_attach_guest(struct cex_machine *machine, uint64_t guest);

/*
 * Detach a VM, alive or dead: its waiting requests and replies are dropped,
 * its queues stay dirty. An LPAR takes its guests with it. @vm is freed, and
 * the guests of an LPAR are as well. NULL is allowed.
 */
void cex_detach(struct cex_vm *vm);

/*
 * The link to @vm is lost, and may be made anew: its waiting requests and
 * replies are dropped, nobody counts its changes. It stays attached, keeps its
 * APCB, and its queues go on interrupting it. Returns 0, or -ENOENT: it is a
 * guest that was destroyed, and has nothing to keep.
 */
int cex_suspend(struct cex_vm *vm);

/* The number by which a guest was attached, a secret; 0 for the LPAR. */
uint64_t cex_guest_number(const struct cex_vm *vm);

/* How cex_queue_info() tells @vm. */
uint64_t cex_vm_index(const struct cex_vm *vm);

/*
 * Who holds @vm: bytes that mean something to the caller only, and stay with
 * the VM. At first they are zero.
 */
#define CEX_HOLDER	64

struct cex_holder {
	uint8_t bytes[CEX_HOLDER];
};

void cex_set_holder(struct cex_vm *vm, const struct cex_holder *holder);
struct cex_holder cex_holder(struct cex_vm *vm);

/*
 * Count what changes for @vm, in @changes, until it is detached. Without it, no
 * adapter interruption reaches the VM. @changes stays the caller's, and there
 * until cex_detach() or cex_suspend().
 */
void cex_watch(struct cex_vm *vm, struct ap_changes *changes);

/* @lpar, which attaches again, has called GUEST_LISTEN before. */
void cex_listen(struct cex_vm *lpar);

/* @vm, which attaches again, was reset meanwhile: AP_OP_RESET of ap.h. */
void cex_reset(struct cex_vm *vm);

/*
 * Execute one command of @vm. @in holds command->length bytes, @out has room
 * for AP_MESSAGE_MAX bytes. The command is not trusted; @result is always
 * filled in completely.
 */
void cex_execute(struct cex_vm *vm, const struct ap_command *command,
		 const void *in, struct ap_result *result, void *out);

/*
 * What is to outlive the process (state.h) has a revision, which grows with
 * each change. An answer rests upon one: what it says may not be true after the
 * process was killed and started again, unless that revision was saved before.
 * The second is that of @vm's last command or attachment; only its own thread
 * may ask.
 */
uint64_t cex_revision(struct cex_machine *machine);
uint64_t cex_vm_revision(const struct cex_vm *vm);

/*
 * How often a VM reached a queue in which another VM's leftovers still lay: an
 * APCB that names the queue came into force, or the VM enqueued a request or
 * received a reply, and no ZAPQ had ended since the other VM's last request.
 */
uint64_t cex_dirty_handovers(struct cex_machine *machine);

/*
 * What a VM did to the machine, so that it may be told to an operator. VMs are
 * told as by cex_queue_info().
 *
 * DIRTY_HANDOVER	@vm reached the queue @apqn, where @other's leftovers lie
 * MASTER_KEYS_CHANGED	by a command message of @vm, those of @apqn's domain
 * ADAPTER_...		by @vm, that of @apqn
 * VERB_UNKNOWN		@vm asked @apqn for a verb that it does not serve, with
 *			parts of certain lengths; each verb is told once
 */
enum cex_event_kind {
	CEX_DIRTY_HANDOVER,
	CEX_MASTER_KEYS_CHANGED,
	CEX_ADAPTER_CONFIGURED,
	CEX_ADAPTER_DECONFIGURED,
	CEX_VERB_UNKNOWN,
};

struct cex_event {
	enum cex_event_kind kind;
	uint16_t apqn;
	uint64_t vm, other;
	struct verb verb;
};

typedef void cex_tell_fn(void *context, const struct cex_event *event);

struct cex_observer {
	cex_tell_fn *tell;
	void *context;
};

/*
 * Have @tell called for each event from now on; NULL: nobody. Any thread may be
 * the one that calls it, and all VMs wait meanwhile: it must neither wait for
 * anything nor call the machine.
 */
void cex_observe(struct cex_machine *machine, cex_tell_fn *tell, void *context);

enum cex_state {
	CEX_OPERATING,
	CEX_RESET_IN_PROGRESS,
	CEX_DECONFIGURED,
	CEX_CHECKSTOPPED,
	CEX_BUSY,
	CEX_REMOVED,		/* from the LPAR's profile */
};

/*
 * What an observer sees of a queue. VMs are numbered: 0 is the LPAR, 1, 2, ...
 * its guests in the order of GUEST_CREATE.
 *
 * @owner: the guest whose APCB names the queue, else the LPAR
 * @clean: nobody enqueued since the last ZAPQ ended; otherwise
 * @user: who enqueued last
 * @pending: requests and replies that it holds
 * @served: replies made, ever
 * @latency: of those, from NQAP until the reply was there
 * @reset_ms: how long a reset takes; UINT64_MAX: for ever
 * @faults: what was set and has not struck as often as it shall
 */
struct cex_queue_info {
	const char *type;
	enum cex_state state;
	uint64_t owner;
	bool clean;
	uint64_t user;
	unsigned int pending;
	uint64_t served;
	struct latency latency;
	uint64_t dirty_handovers;
	uint64_t reset_ms;
	struct faults faults;
};

/* -ENODEV: there is no such queue. */
int cex_queue_info(struct cex_machine *machine, uint16_t apqn,
		   struct cex_queue_info *info);

/*
 * The machine changes under its VMs. An adapter that is deconfigured or
 * checkstopped, or an adapter or domain that is removed from the LPAR's
 * profile, loses its requests and replies, not its queues' users.
 * cex_configure() ends either state of an adapter; what is in the profile
 * again is in each guest's APCB that names it again. 0, or -ENODEV: there is
 * no such adapter or domain in the machine.
 */
int cex_configure(struct cex_machine *machine, unsigned int adapter);
int cex_deconfigure(struct cex_machine *machine, unsigned int adapter);
int cex_checkstop(struct cex_machine *machine, unsigned int adapter);
int cex_profile_adapter(struct cex_machine *machine, unsigned int adapter,
			bool in_it);
int cex_profile_domain(struct cex_machine *machine, unsigned int domain,
		       bool in_it);

/*
 * Faults of a queue. A reset takes the time that is set when anybody looks for
 * its end, so that a longer or shorter one applies at once; UINT64_MAX is for
 * ever. @count: how often @fault strikes from now on. -ENODEV: there is no such
 * queue.
 */
int cex_set_reset_time(struct cex_machine *machine, uint16_t apqn,
		       uint64_t milliseconds);
int cex_set_fault(struct cex_machine *machine, uint16_t apqn, enum fault fault,
		  uint64_t count);

#endif /* CEX_CEX_H */
