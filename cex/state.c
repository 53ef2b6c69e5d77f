// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/builder.h"
#include "card/cpacf.h"
#include "apcb.h"
#include "state.h"
#include "vm.h"

#define TYPE_LENGTH	5	/* CEX8A */
#define KEY_RECORD	(1 + MASTER_KEY_MAX)
#define QUEUE_RECORD	(2 + 2 + TYPE_LENGTH + 1 + 4 * 8 + \
			 MASTER_KEY_KINDS * MASTER_KEY_REGISTERS * KEY_RECORD)
#define GUEST_RECORD	(8 + 8 + sizeof(struct ap_apcb) + 1 + CEX_HOLDER)
#define MASKS		(4 * sizeof(struct ap_mask))
#define HEAD		(CPACF_KEY + 8 + MASKS + 4)
#define VMS		(1 + CEX_HOLDER + 4 + CEX_GUESTS_MAX * GUEST_RECORD)

enum { NOT_YET, ATTACHED, NOT_ANY_MORE };

/*
 * The bytes are the head, the records of the queues, those of the attic, and
 * the VMs. The records of an adapter are up to date but for its changes from
 * revision @next on.
 */
struct state {
	struct cex_machine *machine;
	size_t domains;		/* queues of each adapter */
	size_t queues;
	uint64_t next[AP_ADAPTERS];
	size_t place[AP_ADAPTERS];	/* offset of its first record */
	size_t room;
	uint8_t bytes[];
};

static void save_key(struct builder *b, const struct master_key *key)
{
	build_u8(b, key->state);
	build_bytes(b, key->value, MASTER_KEY_MAX);
}

/* Whatever changes any of this must call queue_touch(). */
static void save_queue(struct builder *b, const struct queue *queue)
{
	size_t block = build_open(b);

	build_u16(b, queue->apqn);
	build_bytes(b, queue->adapter->type, TYPE_LENGTH);
	build_u8(b, queue->resetting && queue->zeroizing && queue->user);
	build_u64(b, queue->user);
	build_u64(b, queue->heir);
	build_u64(b, queue->irq);
	build_u64(b, queue->handovers);
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		for (int i = 0; i < MASTER_KEY_REGISTERS; i++)
			save_key(b, &queue->domain.keys[kind][i]);
	build_close(b, block);
}

static void save_guest(struct builder *b, const struct cex_vm *guest)
{
	build_u64(b, guest->client.id);
	build_u64(b, guest->number);
	build_bytes(b, &guest->apcb, sizeof(guest->apcb));
	build_u8(b, guest->attached ? ATTACHED :
		    guest->was_attached ? NOT_ANY_MORE : NOT_YET);
	build_bytes(b, &guest->holder, CEX_HOLDER);
}

static void save_adapter(struct builder *b, const struct cex_machine *machine,
			 enum adapter_state state)
{
	struct ap_mask mask = { 0 };

	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		if (machine->adapter[i] && machine->adapter[i]->state == state)
			ap_mask_set(&mask, i);
	build_bytes(b, &mask, sizeof(mask));
}

static void save_configuration(struct builder *b,
			       const struct cex_machine *machine)
{
	struct ap_mask adapters = { 0 }, domains = { 0 };

	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		if (machine->adapter[i] &&
		    !ap_mask_test(&machine->profile.apm, i))
			ap_mask_set(&adapters, i);
	for (unsigned int i = 0; i < AP_DOMAINS; i++)
		if (ap_mask_test(&machine->domains, i) &&
		    !ap_mask_test(&machine->profile.aqm, i))
			ap_mask_set(&domains, i);
	build_bytes(b, &adapters, sizeof(adapters));
	build_bytes(b, &domains, sizeof(domains));
	save_adapter(b, machine, ADAPTER_DECONFIGURED);
	save_adapter(b, machine, ADAPTER_CHECKSTOPPED);
}

static void save_vms(struct builder *b, const struct cex_machine *machine)
{
	const struct cex_vm *guest;
	unsigned int count = 0;

	build_u8(b, machine->lpar != NULL);
	if (machine->lpar)
		build_bytes(b, &machine->lpar->holder, CEX_HOLDER);
	LIST_FOREACH(guest, &machine->guests, link)
		count += !guest->destroyed;
	build_u32(b, count);
	LIST_FOREACH(guest, &machine->guests, link)
		if (!guest->destroyed)
			save_guest(b, guest);
}

static unsigned int count_ones(const struct ap_mask *mask)
{
	unsigned int ones = 0;

	for (unsigned int i = 0; i < AP_DOMAINS; i++)
		ones += ap_mask_test(mask, i);
	return ones;
}

static unsigned int count_adapters(const struct cex_machine *machine)
{
	unsigned int adapters = 0;

	for (unsigned int i = 0; i < AP_ADAPTERS; i++)
		adapters += machine->adapter[i] != NULL;
	return adapters;
}

static void lay_out(struct state *state)
{
	const struct cex_machine *machine = state->machine;
	size_t place = HEAD;

	for (unsigned int i = 0; i < AP_ADAPTERS; i++) {
		state->place[i] = place;
		if (machine->adapter[i])
			place += state->domains * QUEUE_RECORD;
	}
	if (machine->attic.length)
		memcpy(state->bytes + place, machine->attic.records,
		       machine->attic.length);
}

struct state *state_new(struct cex_machine *machine)
{
	size_t domains = count_ones(&machine->domains);
	size_t queues = domains * count_adapters(machine);
	size_t room = HEAD + queues * QUEUE_RECORD + machine->attic.length + VMS;
	struct state *state = calloc(1, sizeof(*state) + room);

	if (!state)
		return NULL;
	state->machine = machine;
	state->domains = domains;
	state->queues = queues;
	state->room = room;
	lay_out(state);
	return state;
}

void state_free(struct state *state)
{
	if (state)
		OPENSSL_cleanse(state->bytes, state->room);
	free(state);
}

static void save_changes(struct state *state, unsigned int adapter)
{
	struct queue *const *queue = state->machine->adapter[adapter]->queue;
	struct builder b = builder_of(state->bytes + state->place[adapter],
				      state->domains * QUEUE_RECORD);

	for (unsigned int i = 0; i < AP_DOMAINS; i++) {
		if (!queue[i])
			continue;
		if (queue[i]->revision >= state->next[adapter])
			save_queue(&b, queue[i]);
		else
			build_space(&b, QUEUE_RECORD);
	}
	state->next[adapter] = state->machine->revision + 1;
}

/*
 * Save one adapter that has changed, if there is one. Return whether there was
 * one, in which case there may be another.
 */
static bool save_an_adapter(struct state *state)
{
	for (unsigned int i = 0; i < AP_ADAPTERS; i++) {
		const struct adapter *adapter = state->machine->adapter[i];

		if (adapter && adapter->changed >= state->next[i]) {
			save_changes(state, i);
			return true;
		}
	}
	return false;
}

/* Save everything but the queues. */
static int save_rest(struct state *state, struct slice *bytes)
{
	const struct cex_machine *machine = state->machine;
	struct builder b = builder_of(state->bytes, state->room);

	if (!cpacf_key(build_space(&b, CPACF_KEY)))
		return -EIO;
	build_u64(&b, machine->last_id);
	save_configuration(&b, machine);
	build_u32(&b, state->queues + machine->attic.count);
	build_space(&b, state->queues * QUEUE_RECORD + machine->attic.length);
	save_vms(&b, machine);
	*bytes = builder_laid(&b);
	return 0;
}

/*
 * The machine goes on meanwhile. But a VM that has changed something waits
 * until that is saved, so at some moment nothing is left to be copied.
 */
int state_snapshot(struct state *state, struct slice *bytes, uint64_t *revision)
{
	struct cex_machine *machine = state->machine;
	int error;

	machine_lock(machine);
	while (save_an_adapter(state)) {
		machine_unlock(machine);
		sched_yield();
		machine_lock(machine);
	}
	error = save_rest(state, bytes);
	*revision = machine->revision;
	machine_unlock(machine);
	return error;
}

static int load_key(struct cursor *c, struct domain *domain, int kind, int i)
{
	uint8_t state = cursor_u8(c);
	struct slice value = cursor_take(c, MASTER_KEY_MAX);

	if (cursor_is_broken(c) || state > MASTER_KEY_FULL ||
	    (state == MASTER_KEY_PARTIAL && i != MASTER_KEY_NEW))
		return -EINVAL;
	return domain_restore(domain, kind, i, state, value.at) ? 0 : -ENOMEM;
}

static int load_keys(struct cursor *c, struct domain *domain)
{
	int error = 0;

	for (int kind = 0; kind < MASTER_KEY_KINDS && !error; kind++)
		for (int i = 0; i < MASTER_KEY_REGISTERS && !error; i++)
			error = load_key(c, domain, kind, i);
	return error;
}

/* A ZAPQ that was in progress begins again. */
static int load_queue(struct cursor *c, struct queue *queue)
{
	uint8_t zeroizing = cursor_u8(c);
	int error;

	queue->user = cursor_u64(c);
	queue->heir = cursor_u64(c);
	queue->irq = cursor_u64(c);
	queue_hold(queue);
	queue->adapter->handovers -= queue->handovers;
	queue->handovers = cursor_u64(c);
	queue->adapter->handovers += queue->handovers;
	queue->resetting = queue->zeroizing = zeroizing;
	queue->reset_start = machine_now();
	error = load_keys(c, &queue->domain);
	if (error)
		return error;
	return zeroizing <= 1 && cursor_at_end(c) ? 0 : -EINVAL;
}

static int keep_apart(struct attic *attic, struct slice record)
{
	uint8_t *records = OPENSSL_clear_realloc(attic->records, attic->length,
						 attic->length + record.length);

	if (!records)
		return -ENOMEM;
	memcpy(records + attic->length, record.at, record.length);
	attic->records = records;
	attic->length += record.length;
	attic->count++;
	return 0;
}

static int load_record(struct cex_machine *machine, struct cursor *c,
		       void (*gone)(uint16_t, const char *))
{
	struct slice record = cursor_rest(c);
	char type[TYPE_LENGTH + 1] = "";
	struct queue *queue;
	struct cursor body;
	uint16_t apqn;

	record.length = cursor_u16(c);
	if (record.length != QUEUE_RECORD)
		return -EINVAL;
	body = cursor_of(cursor_take(c, QUEUE_RECORD - 2).at, QUEUE_RECORD - 2);
	if (cursor_is_broken(c))
		return -EINVAL;
	apqn = cursor_u16(&body);
	memcpy(type, cursor_take(&body, TYPE_LENGTH).at, TYPE_LENGTH);
	queue = machine_queue(machine, apqn);
	if (queue && !strcmp(queue->adapter->type, type))
		return load_queue(&body, queue);
	gone(apqn, type);
	return keep_apart(&machine->attic, record);
}

static int load_guest(struct cex_machine *machine, struct cursor *c)
{
	uint64_t id = cursor_u64(c), number = cursor_u64(c);
	struct slice apcb = cursor_take(c, sizeof(struct ap_apcb));
	uint8_t attached = cursor_u8(c);
	struct slice holder = cursor_take(c, CEX_HOLDER);
	struct cex_vm *guest;

	if (cursor_is_broken(c) || attached > NOT_ANY_MORE || !number || id <= VM_LPAR ||
	    id > machine->last_id)
		return -EINVAL;
	guest = vm_new_guest(machine, id, number);
	if (!guest)
		return -ENOMEM;
	memcpy(&guest->apcb, apcb.at, sizeof(guest->apcb));
	guest->had = apcb_all;
	memcpy(&guest->holder, holder.at, CEX_HOLDER);
	guest->attached = attached == ATTACHED;
	guest->was_attached = attached != NOT_YET;
	return 0;
}

static int load_lpar(struct cex_machine *machine, struct cursor *c)
{
	struct slice holder = cursor_take(c, CEX_HOLDER);
	struct cex_vm *lpar;

	if (cursor_is_broken(c))
		return -EINVAL;
	lpar = vm_new_lpar(machine);
	if (!lpar)
		return -ENOMEM;
	memcpy(&lpar->holder, holder.at, CEX_HOLDER);
	return 0;
}

/* There are no guests without an LPAR. */
static int load_vms(struct cex_machine *machine, struct cursor *c)
{
	uint8_t lpar = cursor_u8(c);
	int error = lpar > 1 ? -EINVAL : lpar ? load_lpar(machine, c) : 0;
	uint32_t guests;

	if (error)
		return error;
	guests = cursor_u32(c);
	if (guests > CEX_GUESTS_MAX || (guests && !lpar))
		return -EINVAL;
	while (guests-- && !error)
		error = load_guest(machine, c);
	if (error)
		return error;
	return cursor_at_end(c) ? 0 : -EINVAL;
}

static struct ap_mask load_mask(struct cursor *c)
{
	struct slice bytes = cursor_take(c, sizeof(struct ap_mask));
	struct ap_mask mask = { 0 };

	if (!cursor_is_broken(c))
		memcpy(&mask, bytes.at, sizeof(mask));
	return mask;
}

static void load_configuration(struct cex_machine *machine, struct cursor *c)
{
	struct ap_mask adapters = load_mask(c), domains = load_mask(c);
	struct ap_mask deconfigured = load_mask(c), broken = load_mask(c);

	for (unsigned int i = 0; i < AP_ADAPTERS; i++) {
		if (ap_mask_test(&adapters, i))
			ap_mask_clear(&machine->profile.apm, i);
		if (machine->adapter[i] && ap_mask_test(&deconfigured, i))
			machine->adapter[i]->state = ADAPTER_DECONFIGURED;
		if (machine->adapter[i] && ap_mask_test(&broken, i))
			machine->adapter[i]->state = ADAPTER_CHECKSTOPPED;
	}
	for (unsigned int i = 0; i < AP_DOMAINS; i++) {
		if (!ap_mask_test(&domains, i))
			continue;
		ap_mask_clear(&machine->profile.aqm, i);
		ap_mask_clear(&machine->profile.adm, i);
	}
}

static int load(struct cex_machine *machine, struct cursor c,
		void (*gone)(uint16_t, const char *))
{
	struct slice key = cursor_take(&c, CPACF_KEY);
	uint32_t queues;
	int error = 0;

	machine->last_id = cursor_u64(&c);
	load_configuration(machine, &c);
	queues = cursor_u32(&c);
	if (cursor_is_broken(&c))
		return -EINVAL;
	while (queues-- && !error)
		error = load_record(machine, &c, gone);
	if (!error)
		error = load_vms(machine, &c);
	if (!error)
		cpacf_set_key(key.at);
	return error;
}

int state_load(struct cex_machine *machine, struct slice bytes,
	       void (*gone)(uint16_t apqn, const char *type))
{
	int error;

	machine_lock(machine);
	error = load(machine, cursor_of(bytes.at, bytes.length), gone);
	machine_unlock(machine);
	return error;
}

static struct cex_vm *first_attached(struct cex_vm *vm)
{
	while (vm && !vm->attached)
		vm = LIST_NEXT(vm, link);
	return vm;
}

struct cex_vm *state_next_vm(struct cex_machine *machine, struct cex_vm *vm)
{
	struct cex_vm *next = NULL;

	machine_lock(machine);
	if (!vm)
		next = first_attached(LIST_FIRST(&machine->guests));
	else if (vm != machine->lpar)
		next = first_attached(LIST_NEXT(vm, link));
	if (!next && vm != machine->lpar)
		next = machine->lpar;
	machine_unlock(machine);
	return next;
}
