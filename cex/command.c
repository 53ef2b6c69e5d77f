// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of ap.h. Every one of them is decided upon here, and nowhere
 * else.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>

#include "card/cpacf.h"
#include "changes.h"
#include "configuration.h"
#include "display.h"
#include "guest.h"
#include "lifecycle.h"
#include "measurement.h"
#include "pool.h"

#define TAPQ_T_BIT		(UINT64_C(1) << 23)	/* in GR0 */
#define NQAP_SPECIAL_BIT	(UINT64_C(1) << 22)	/* in GR0 */
#define AQIC_FUNCTION		(UINT64_C(3) << 24)	/* in GR0 */

struct call {
	struct cex_vm *vm;
	struct queue *queue;		/* that the VM reaches, or NULL */
	const struct ap_command *command;
	const void *in;
	struct ap_result *result;
	void *out;
	uint64_t now;
	bool was_shown;			/* replies of the queue were not for all */
};

static void end(struct call *call, enum ap_rc rc)
{
	call->result->status = queue_status(call->queue, call->vm->client.id, rc);
}

static void tapq(struct call *call)
{
	bool facilities = call->command->arg[0] & TAPQ_T_BIT;

	call->result->value = adapter_information(call->queue->adapter,
						  facilities);
	end(call, queue_update(call->queue, call->now));
}

static void rapq(struct call *call)
{
	end(call, queue_reset(call->queue, call->now, false));
}

static void zapq(struct call *call)
{
	end(call, queue_reset(call->queue, call->now, true));
}

/*
 * Return the VM that an enabling AQIC is for: the VM that issues it or, if that
 * is the LPAR and it names a GISA, the guest whose AQIC the LPAR is carrying
 * out. Return NULL if there is no such guest.
 */
static struct cex_vm *interrupted_by(const struct call *call)
{
	struct cex_machine *machine = call->vm->machine;

	if (call->vm == machine->lpar && call->command->arg[0] & AP_AQIC_GISA)
		return guest_intercepted(machine, call->command->apqn);
	return call->vm;
}

static void set_irq(struct call *call)
{
	bool enable = call->command->arg[0] & AP_AQIC_ENABLE;
	struct cex_vm *vm = enable ? interrupted_by(call) : NULL;

	if (enable && !vm)
		end(call, AP_RC_BUSY);
	else
		end(call, queue_set_irq(call->queue, call->now, vm ? vm->client.id : 0,
					call->command->arg[1]));
}

static struct ap_intercept registers_of(const struct ap_command *aqic)
{
	return (struct ap_intercept){ {
		AQIC_FUNCTION | aqic->apqn, aqic->arg[0], aqic->arg[1],
	} };
}

/*
 * The LPAR decides on the AQIC of a guest. The guest asks again until there is
 * an answer.
 */
static void intercept(struct call *call)
{
	const struct ap_intercept registers = registers_of(call->command);
	bool is_new;

	call->result->value = intercept_ask(&call->vm->intercept, call->now,
					    &registers, &call->result->status,
					    &is_new) != 0;
	if (is_new)
		changes_interrupt(call->vm->machine->lpar, AP_INTERCEPTS);
}

static void aqic(struct call *call)
{
	struct cex_machine *machine = call->vm->machine;

	if (call->vm != machine->lpar && machine->listening)
		intercept(call);
	else
		set_irq(call);
}

/* The queue may have left the APCB while the guest waited for its AQIC. */
static void answer_unreached(struct call *call)
{
	const struct ap_intercept registers = registers_of(call->command);

	call->result->status = AP_STATUS_OF_RC(AP_RC_Q_NOT_AVAIL);
	if (call->command->op == AP_OP_AQIC)
		intercept_drop(&call->vm->intercept, &registers);
}

static void qact(struct call *call)
{
	call->result->value = adapter_compatible(call->queue->adapter,
						 call->command->arg[0]);
	end(call, queue_update(call->queue, call->now));
}

/*
 * A VM that waits for room is interrupted by a reply. An empty queue will have
 * no reply, so it interrupts at once.
 */
static void say_full(struct call *call)
{
	call->result->status |= AP_STATUS_QUEUE_FULL;
	if (!call->queue->count)
		changes_reply_ready(call->vm->machine, call->queue);
}

static void nqap(struct call *call)
{
	const struct ap_command *command = call->command;
	const struct firmware *firmware = call->queue->adapter->firmware;
	enum ap_rc rc;

	if (command->arg[0] & NQAP_SPECIAL_BIT && !firmware->special) {
		end(call, AP_RC_REQ_FAC_NOT_INST);
		return;
	}
	rc = queue_enqueue(call->queue, call->now, &call->vm->client,
			   command->psmid, call->in, command->length);
	if (!rc)
		pool_offer(call->vm->machine->pool, call->queue);
	end(call, rc);
	if (rc == AP_RC_Q_FULL)
		say_full(call);
}

static void dqap(struct call *call)
{
	size_t length = 0, left = 0;
	enum ap_rc rc;

	call->was_shown = queue_has_shown(call->queue);
	rc = queue_dequeue(call->queue, call->now, call->vm->client.id, call->out,
			   call->command->arg[0], &length, &left,
			   &call->result->psmid);
	call->result->length = length;
	call->result->value = left;
	end(call, rc);
}

static void qci(struct call *call)
{
	struct ap_qci *info = call->out;

	*info = (struct ap_qci){
		.flags = { AP_QCI_MACHINE },
		.na = AP_ADAPTERS - 1,
		.nd = AP_DOMAINS - 1,
		.apcb = vm_apcb(call->vm),
	};
	call->result->length = sizeof(*info);
}

static void reset(struct call *call)
{
	lifecycle_reset(call->vm);
}

static void have_taken(struct call *call)
{
	(void)call;
}

/* ap.h has errno values for errors, which are negative in libcex. */
static void end_lpar_call(struct call *call, int error)
{
	call->result->value = -error;
}

static void tell_wrapping(struct call *call)
{
	struct wrapping_key wrapping;

	if (!cpacf_wrapping(call->vm->client.id, &wrapping))
		return;
	memcpy(call->out, wrapping.key, sizeof(wrapping.key));
	call->result->length = sizeof(wrapping.key);
	OPENSSL_cleanse(&wrapping, sizeof(wrapping));
}

static void create_guest(struct call *call)
{
	uint64_t number = 0;

	if (!guest_create(call->vm->machine, &number))
		call->result->value = number;
}

static void set_guest_masks(struct call *call)
{
	struct ap_apcb apcb;

	if (call->command->length != sizeof(apcb)) {
		end_lpar_call(call, -EINVAL);
		return;
	}
	memcpy(&apcb, call->in, sizeof(apcb));
	end_lpar_call(call, guest_set_apcb(call->vm->machine,
					   call->command->arg[0], &apcb));
}

static void destroy_guest(struct call *call)
{
	end_lpar_call(call, guest_destroy(call->vm->machine,
					  call->command->arg[0]));
}

static void listen_to_guests(struct call *call)
{
	call->vm->machine->listening = call->command->arg[0];
}

static void fetch_intercept(struct call *call)
{
	int error = guest_fetch_intercept(call->vm->machine,
					  call->command->arg[0], call->out);

	if (!error)
		call->result->length = sizeof(struct ap_intercept);
	end_lpar_call(call, error);
}

static void answer_intercept(struct call *call)
{
	end_lpar_call(call, guest_answer_intercept(call->vm->machine,
						   call->command->arg[0],
						   call->command->arg[1]));
}

static void configure(struct call *call)
{
	end_lpar_call(call, configuration_set(call->vm->machine,
					      call->command->arg[0],
					      ADAPTER_OPERATING));
}

static void deconfigure(struct call *call)
{
	end_lpar_call(call, configuration_set(call->vm->machine,
					      call->command->arg[0],
					      ADAPTER_DECONFIGURED));
}

static void measure(struct call *call)
{
	struct ap_measurement measurement;
	int error = measurement_read(call->vm->machine, call->command->apqn,
				     call->command->arg[0], &measurement);

	end_lpar_call(call, error);
	if (error)
		return;
	memcpy(call->out, &measurement, sizeof(measurement));
	call->result->length = sizeof(measurement);
}

enum scope {
	SCOPE_MACHINE,		/* needs no queue */
	SCOPE_QUEUE,		/* needs a queue that the VM reaches */
	SCOPE_MESSAGE,		/* the same, and transfers a message */
	SCOPE_LPAR,		/* an LPAR call */
};

static const struct operation {
	void (*carry_out)(struct call *call);
	enum scope scope;
} operations[] = {
	[AP_OP_TAPQ] = { tapq, SCOPE_QUEUE },
	[AP_OP_RAPQ] = { rapq, SCOPE_QUEUE },
	[AP_OP_ZAPQ] = { zapq, SCOPE_QUEUE },
	[AP_OP_AQIC] = { aqic, SCOPE_QUEUE },
	[AP_OP_QCI] = { qci, SCOPE_MACHINE },
	[AP_OP_QACT] = { qact, SCOPE_QUEUE },
	[AP_OP_NQAP] = { nqap, SCOPE_MESSAGE },
	[AP_OP_DQAP] = { dqap, SCOPE_MESSAGE },
	[AP_OP_RESET] = { reset, SCOPE_MACHINE },
	[AP_OP_CPACF] = { tell_wrapping, SCOPE_MACHINE },
	[AP_OP_TAKEN] = { have_taken, SCOPE_MACHINE },
	[AP_OP_GUEST_CREATE] = { create_guest, SCOPE_LPAR },
	[AP_OP_GUEST_MASKS] = { set_guest_masks, SCOPE_LPAR },
	[AP_OP_GUEST_DESTROY] = { destroy_guest, SCOPE_LPAR },
	[AP_OP_GUEST_LISTEN] = { listen_to_guests, SCOPE_LPAR },
	[AP_OP_GUEST_INTERCEPT] = { fetch_intercept, SCOPE_LPAR },
	[AP_OP_GUEST_ANSWER] = { answer_intercept, SCOPE_LPAR },
	[AP_OP_CONFIGURE] = { configure, SCOPE_LPAR },
	[AP_OP_DECONFIGURE] = { deconfigure, SCOPE_LPAR },
	[AP_OP_MEASURE] = { measure, SCOPE_LPAR },
};

static const struct operation *operation_find(uint16_t op)
{
	if (op >= sizeof(operations) / sizeof(operations[0]) ||
	    !operations[op].carry_out)
		return NULL;
	return &operations[op];
}

/*
 * For a queue that the VM does not reach, the limit is the default one, so that
 * it does not reveal whether the queue exists.
 */
static bool length_is_valid(const struct call *call)
{
	const struct ap_command *command = call->command;
	uint64_t length = command->arg[0];
	uint64_t limit = FIRMWARE_ML * FIRMWARE_ML_UNIT;

	if (command->op == AP_OP_NQAP)
		length = command->length;
	if (call->queue)
		limit = adapter_message_max(call->queue->adapter);
	return length && length <= limit;
}

/*
 * Return whether the next DQAP may get an answer that nobody expects. The VM
 * that took the last reply expects none, and no other VM has expected anything
 * since that reply became ready, which was a change, unless the reply was not for
 * it.
 */
static bool has_changed_queue(const struct call *call)
{
	switch (call->command->op) {
	case AP_OP_TAPQ:
	case AP_OP_QACT:
		return false;
	case AP_OP_DQAP:
		return AP_STATUS_RC(call->result->status) !=
		       AP_RC_NO_PENDING_REPLY &&
		       (call->was_shown || !ap_took_last_reply(call->result));
	default:
		return true;
	}
}

static void tell_of_taken(struct queue *queue, void *machine)
{
	changes_count(machine, queue);
}

static void carry_out_on_queue(struct call *call, const struct operation *op)
{
	call->queue = vm_queue(call->vm, call->command->apqn);
	if (op->scope == SCOPE_MESSAGE && !length_is_valid(call)) {
		call->result->check = AP_CHECK_SPECIFICATION;
		return;
	}
	if (!call->queue) {
		answer_unreached(call);
		return;
	}
	op->carry_out(call);
	call->vm->revision = call->queue->revision;
	if (has_changed_queue(call))
		changes_count(call->vm->machine, call->queue);
	else
		changes_show(call->vm->machine, call->queue);
}

static void carry_out_lpar_call(struct call *call, const struct operation *op)
{
	if (call->vm == call->vm->machine->lpar)
		op->carry_out(call);
	else if (call->command->op != AP_OP_GUEST_CREATE)
		call->result->value = ENODEV;
	call->vm->revision = call->vm->machine->revision;
}

void cex_execute(struct cex_vm *vm, const struct ap_command *command,
		 const void *in, struct ap_result *result, void *out)
{
	const struct operation *op = operation_find(command->op);
	struct call call = {
		.vm = vm,
		.command = command,
		.in = in,
		.result = result,
		.out = out,
	};

	*result = (struct ap_result){ 0 };
	machine_lock(vm->machine);
	call.now = machine_now();
	vm->revision = 0;
	display_take(&vm->client, command->taken, tell_of_taken, vm->machine);
	if (!op)
		result->check = AP_CHECK_OPERATION;
	else if (op->scope == SCOPE_LPAR)
		carry_out_lpar_call(&call, op);
	else if (op->scope == SCOPE_MACHINE)
		op->carry_out(&call);
	else
		carry_out_on_queue(&call, op);
	machine_unlock(vm->machine);
}
