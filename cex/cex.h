/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libcex: the Crypto Express adapters of a machine.
 *
 * A machine has up to 256 adapters and up to 256 domains; every pair of them is
 * a queue. VMs, that is the LPAR and its guests, are attached to the machine.
 * Every command of a VM comes in through cex_execute(), which alone decides,
 * from the APCB of the VM, whether the VM may do what it asks.
 *
 * Unless its comment says otherwise, a function may be called from any thread
 * and does not block for longer than a short critical section. Threads of the
 * machine process the requests.
 *
 * The machine owns the memory of its VMs; free it last. Functions that return
 * an int return 0 or a negative errno.
 */
#ifndef CEX_CEX_H
#define CEX_CEX_H

#include <stddef.h>

#include "abi/ap.h"
#include "abi/shelf.h"
#include "card/verb.h"
#include "fault.h"
#include "latency.h"

/*
 * Guests that may exist at a time. A guest exists from GUEST_CREATE until it is
 * both destroyed (GUEST_DESTROY) and detached.
 */
#define CEX_GUESTS_MAX	1024

struct cex_machine;
struct cex_vm;

/*
 * Make a machine with @workers threads, or with one thread for each processor
 * if @workers is 0. Return NULL with errno set if there is not enough memory or
 * a thread cannot be started. The caller frees the machine by
 * cex_machine_free().
 */
struct cex_machine *cex_machine_new(unsigned int workers);

/*
 * Wait for the requests that are being processed, end the threads and free the
 * machine with everything in it. @machine may be NULL.
 */
void cex_machine_free(struct cex_machine *machine);

/*
 * cex_add_adapter() adds an adapter of @type: "CEX4" to "CEX8", followed by A
 * for an accelerator, C for a CCA coprocessor or P for an EP11 coprocessor.
 * cex_add_domain() adds a usage domain. Both must be called before the first VM
 * is attached. They return 0, -EINVAL if there is no such type or number,
 * -EEXIST if the machine already has the adapter or domain, -EBUSY if a VM was
 * attached before, or -ENOMEM.
 *
 * cex_has_type() returns whether there is such a type. cex_nth_type() stores
 * the name of type number @n, or returns false if there are not so many. They
 * are numbered from 0, by generation.
 */
#define CEX_TYPE_SIZE	sizeof("CEX8A")

int cex_add_adapter(struct cex_machine *machine, unsigned int adapter,
		    const char *type);
bool cex_has_type(const char *type);
bool cex_nth_type(size_t n, char type[CEX_TYPE_SIZE]);
int cex_add_domain(struct cex_machine *machine, unsigned int domain);

/*
 * Set the master keys that the domains of coprocessors have at first, whether a
 * domain is added before this call or after it. @how is one of:
 *
 *	random	each domain has random keys of its own, as without this call
 *	same	all domains have the same random keys
 *	PATH	all domains have the keys of this file, and random ones of the
 *		kinds that it does not name; its lines are "KIND HEXADECIMAL",
 *		where KIND is asym, aes, apka or wk
 *
 * This must be called before the first VM is attached. Return 0, or a negative
 * errno with a sentence in @reason, which has room for @size characters.
 */
int cex_set_master_keys(struct cex_machine *machine, const char *how,
			char *reason, size_t size);

/*
 * Make a machine without adapter interruptions. This must be called before the
 * first VM is attached.
 */
void cex_set_polled(struct cex_machine *machine);

/*
 * cex_attach_lpar() attaches the LPAR, whose APCB is its profile. Queues that
 * an earlier LPAR or one of its guests used begin to be zeroized.
 * cex_attach_guest() attaches the guest with the number @guest, which the LPAR
 * created by GUEST_CREATE. The APCB of a guest is empty until GUEST_MASKS.
 *
 * The VM is valid until cex_detach(). Both functions return NULL with errno set
 * to EBUSY if the VM is attached already, ENOENT if there is no such guest or
 * it was attached and detached before, or ENOMEM.
 */
struct cex_vm *cex_attach_lpar(struct cex_machine *machine);
struct cex_vm *cex_attach_guest(struct cex_machine *machine, uint64_t guest);

/*
 * Detach @vm and free it. @vm may be NULL. Its requests and replies are
 * dropped, and its queues stay dirty. When @vm is the LPAR, its guests are
 * destroyed as well; a guest that is attached stays valid until it is detached
 * itself.
 */
void cex_detach(struct cex_vm *vm);

/*
 * Tell the machine that the link to @vm is lost and may be established again.
 * The requests and replies of @vm are dropped, and its changes are not counted
 * any more. @vm stays attached and keeps its APCB, and its queues go on
 * interrupting it. Return 0, or -ENOENT if @vm is a guest that was destroyed
 * and therefore has nothing to keep.
 */
int cex_suspend(struct cex_vm *vm);

/*
 * Return the number by which a guest is attached, which is a secret, or 0 for
 * the LPAR.
 */
uint64_t cex_guest_number(const struct cex_vm *vm);

/* Return the number under which cex_queue_info() and events show @vm. */
uint64_t cex_vm_index(const struct cex_vm *vm);

/*
 * Who holds a VM: bytes that have a meaning for the caller only and stay with
 * the VM. They are zero at first.
 */
#define CEX_HOLDER	64

struct cex_holder {
	uint8_t bytes[CEX_HOLDER];
};

void cex_set_holder(struct cex_vm *vm, const struct cex_holder *holder);
struct cex_holder cex_holder(struct cex_vm *vm);

/*
 * Count what changes for @vm in @changes until @vm is detached or suspended.
 * Without this call, no adapter interruption reaches the VM. The caller owns
 * @changes, which must stay valid until cex_detach() or cex_suspend().
 */
void cex_watch(struct cex_vm *vm, struct ap_changes *changes);

/*
 * Show @vm its replies in @shelf until @vm is detached or suspended. The caller
 * owns @shelf, which is zero or was shown to @vm before, and must stay valid
 * until then.
 */
void cex_show(struct cex_vm *vm, struct ap_shelf *shelf);

/* Record that @lpar, which attaches again, called GUEST_LISTEN before. */
void cex_listen(struct cex_vm *lpar);

/*
 * Reset @vm, which attaches again, as AP_OP_RESET of ap.h does. It was reset
 * while it was not connected.
 */
void cex_reset(struct cex_vm *vm);

/*
 * Execute one command of @vm. @in holds command->length bytes, and @out has
 * room for AP_MESSAGE_MAX bytes. The command is not trusted. @result is always
 * filled in completely.
 */
void cex_execute(struct cex_vm *vm, const struct ap_command *command,
		 const void *in, struct ap_result *result, void *out);

/*
 * The state that is to outlive the process (state.h) has a revision, which
 * grows with each change. An answer to a VM depends on a revision: unless that
 * revision was saved before, what the answer says may not be true after the
 * process was killed and started again.
 *
 * cex_revision() returns the revision of the machine. cex_vm_revision() returns
 * the one that the last command or attachment of @vm depends on; only the
 * thread that executes the commands of @vm may call it.
 */
uint64_t cex_revision(struct cex_machine *machine);
uint64_t cex_vm_revision(const struct cex_vm *vm);

/*
 * Tell the machine that its state is saved up to @revision. Until this is called,
 * every revision counts as saved. A reply that depends on a later one is not
 * shown on a shelf.
 */
void cex_set_saved(struct cex_machine *machine, uint64_t revision);

/*
 * Return how often a VM reached a queue that still held leftovers of another
 * VM: either an APCB that names the queue came into force, or the VM enqueued a
 * request or received a reply, and no ZAPQ had ended since the last request of
 * the other VM.
 */
uint64_t cex_dirty_handovers(struct cex_machine *machine);

/*
 * What a VM did to the machine that an operator may want to know. VMs are
 * numbered as by cex_queue_info().
 *
 * DIRTY_HANDOVER	@vm reached the queue @apqn, which holds leftovers of
 *			@other
 * MASTER_KEYS_CHANGED	a command of @vm changed the keys of @apqn's domain
 * ADAPTER_...		@vm configured or deconfigured the adapter of @apqn
 * VERB_UNKNOWN		@vm asked @apqn for a verb that it does not serve;
 *			@verb names it. Each verb is told once.
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
 * Have @tell called for each event from now on, or have no function called if
 * @tell is NULL. Any thread may call @tell, and all VMs wait while it runs: it
 * must not wait for anything and must not call the machine.
 */
void cex_observe(struct cex_machine *machine, cex_tell_fn *tell, void *context);

enum cex_state {
	CEX_OPERATING,
	CEX_RESET_IN_PROGRESS,
	CEX_DECONFIGURED,
	CEX_CHECKSTOPPED,
	CEX_BUSY,
	CEX_REMOVED,		/* not in the LPAR's profile */
};

/*
 * What an observer sees of a queue. VMs are numbered: the LPAR is 0, and its
 * guests are 1, 2, ... in the order of GUEST_CREATE.
 *
 * @owner: the guest whose APCB names the queue, or the LPAR if there is none
 * @clean: no VM has enqueued a request since the last ZAPQ ended
 * @user: the VM that enqueued the last request; valid if the queue is not clean
 * @pending: requests and replies in the queue
 * @served: replies made since the machine was made
 * @latency: of these, the time from NQAP until the reply was ready
 * @reset_ms: how long a reset takes; UINT64_MAX if it never ends
 * @faults: the faults that are set, and how often each is still to strike
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

/* Fill in @info. Return 0, or -ENODEV if there is no such queue. */
int cex_queue_info(struct cex_machine *machine, uint16_t apqn,
		   struct cex_queue_info *info);

/*
 * Change the machine under its VMs. The queues of an adapter that is
 * deconfigured or checkstopped, or of an adapter or domain that is removed from
 * the LPAR's profile, lose their requests and replies, but keep their users.
 * cex_configure() ends either state of an adapter. An adapter or domain that
 * returns to the profile is again in the APCB of each guest that names it. All
 * of these return 0, or -ENODEV if the machine has no such adapter or domain.
 */
int cex_configure(struct cex_machine *machine, unsigned int adapter);
int cex_deconfigure(struct cex_machine *machine, unsigned int adapter);
int cex_checkstop(struct cex_machine *machine, unsigned int adapter);
int cex_profile_adapter(struct cex_machine *machine, unsigned int adapter,
			bool in_it);
int cex_profile_domain(struct cex_machine *machine, unsigned int domain,
		       bool in_it);

/*
 * cex_set_reset_time() sets how long a reset of a queue takes; UINT64_MAX is
 * for ever. The time is compared whenever the end of a reset is asked for, so
 * that another one also applies to a reset in progress. cex_set_fault() sets
 * how often @fault is to strike from now on (fault.h). Both return 0, or
 * -ENODEV if there is no such queue.
 */
int cex_set_reset_time(struct cex_machine *machine, uint16_t apqn,
		       uint64_t milliseconds);
int cex_set_fault(struct cex_machine *machine, uint16_t apqn, enum fault fault,
		  uint64_t count);

#endif /* CEX_CEX_H */
