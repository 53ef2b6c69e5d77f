// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/builder.h"
#include "card/cpacf.h"
#include "machine.h"
#include "state.h"

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
 * The head, records of the queues, those of the attic, and the VMs. A record is
 * good but for changes from the revision @next of its adapter on.
 */
struct state {
	struct cex_machine *machine;
	size_t domains;		/* queues of each adapter */
	size_t queues;
	uint64_t next[AP_ADAPTERS];
	size_t place[AP_ADAPTERS];	/* of the adapter's first record */
	size_t room;
	uint8_t bytes[];
};

static void save_key(struct builder *b, const struct master_key *key)
{
	build_u8(b, key->state);
	build_bytes(b, key->value, MASTER_KEY_MAX);
}

/* All of this changes by queue_touch() only. */
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
	build_u64(b, guest->id);
	build_u64(b, guest->number);
	build_bytes(b, &guest->apcb, sizeof(guest->apcb));
	build_u8(b, guest->attached ? ATTACHED :
		    guest->spent ? NOT_ANY_MORE : NOT_YET);
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

/* False: the records of all queues are good. */
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

/* What is not about queues. */
static struct slice save_rest(struct state *state)
{
	const struct cex_machine *machine = state->machine;
	struct builder b = builder_of(state->bytes, state->room);

	if (!cpacf_key(build_space(&b, CPACF_KEY)))
		return (struct slice){ 0 };
	build_u64(&b, machine->last_id);
	save_configuration(&b, machine);
	build_u32(&b, state->queues + machine->attic.count);
	build_space(&b, state->queues * QUEUE_RECORD + machine->attic.length);
	save_vms(&b, machine);
	return (struct slice){ state->bytes, b.length };
}

/*
 * The machine goes on meanwhile; but a VM that has changed something waits until
 * that is kept, so at some moment nothing is left to be copied.
 */
struct slice state_save(struct state *state, uint64_t *revision)
{
	struct cex_machine *machine = state->machine;
	struct slice bytes;

	pthread_mutex_lock(&machine->lock);
	while (save_an_adapter(state)) {
		pthread_mutex_unlock(&machine->lock);
		sched_yield();
		pthread_mutex_lock(&machine->lock);
	}
	bytes = save_rest(state);
	*revision = machine->revision;
	pthread_mutex_unlock(&machine->lock);
	return bytes;
}

static bool load_key(struct cursor *c, struct domain *domain, int kind, int i)
{
	uint8_t state = cursor_u8(c);
	struct slice value = cursor_take(c, MASTER_KEY_MAX);

	if (c->broken || state > MASTER_KEY_FULL ||
	    (state == MASTER_KEY_PARTIAL && i != MASTER_KEY_NEW))
		return false;
	return domain_restore(domain, kind, i, state, value.at);
}

/* A ZAPQ that was in progress begins once more. */
static bool load_queue(struct cursor *c, struct queue *queue)
{
	uint8_t zeroizing = cursor_u8(c);

	queue->user = cursor_u64(c);
	queue->heir = cursor_u64(c);
	queue->irq = cursor_u64(c);
	queue->adapter->handovers -= queue->handovers;
	queue->handovers = cursor_u64(c);
	queue->adapter->handovers += queue->handovers;
	queue->resetting = queue->zeroizing = zeroizing;
	queue->reset_start = machine_now();
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		for (int i = 0; i < MASTER_KEY_REGISTERS; i++)
			if (!load_key(c, &queue->domain, kind, i))
				return false;
	return zeroizing <= 1 && cursor_at_end(c);
}

static bool keep_apart(struct attic *attic, struct slice record)
{
	uint8_t *records = OPENSSL_clear_realloc(attic->records, attic->length,
						 attic->length + record.length);

	if (!records)
		return false;
	memcpy(records + attic->length, record.at, record.length);
	attic->records = records;
	attic->length += record.length;
	attic->count++;
	return true;
}

static bool load_record(struct cex_machine *machine, struct cursor *c,
			void (*gone)(uint16_t, const char *))
{
	struct slice record = { .at = c->left.at };
	char type[TYPE_LENGTH + 1] = "";
	struct queue *queue;
	struct cursor body;
	uint16_t apqn;

	record.length = cursor_u16(c);
	if (record.length != QUEUE_RECORD)
		return false;
	body = cursor_of(cursor_take(c, QUEUE_RECORD - 2).at, QUEUE_RECORD - 2);
	if (c->broken)
		return false;
	apqn = cursor_u16(&body);
	memcpy(type, cursor_take(&body, TYPE_LENGTH).at, TYPE_LENGTH);
	queue = machine_queue(machine, apqn);
	if (queue && !strcmp(queue->adapter->type, type))
		return load_queue(&body, queue);
	gone(apqn, type);
	return keep_apart(&machine->attic, record);
}

static bool load_guest(struct cex_machine *machine, struct cursor *c)
{
	struct cex_vm *guest = calloc(1, sizeof(*guest));
	struct slice apcb, holder;
	uint8_t attached;

	if (!guest)
		return false;
	guest->machine = machine;
	LIST_INSERT_HEAD(&machine->guests, guest, link);
	machine->guest_count++;
	guest->id = cursor_u64(c);
	guest->number = cursor_u64(c);
	apcb = cursor_take(c, sizeof(guest->apcb));
	attached = cursor_u8(c);
	holder = cursor_take(c, CEX_HOLDER);
	if (c->broken || attached > NOT_ANY_MORE || !guest->number ||
	    guest->id <= VM_LPAR || guest->id > machine->last_id)
		return false;
	memcpy(&guest->apcb, apcb.at, sizeof(guest->apcb));
	memcpy(&guest->holder, holder.at, CEX_HOLDER);
	guest->attached = attached == ATTACHED;
	guest->spent = attached != NOT_YET;
	return true;
}

static bool load_lpar(struct cex_machine *machine, struct cursor *c)
{
	struct slice holder = cursor_take(c, CEX_HOLDER);
	struct cex_vm *lpar = c->broken ? NULL : vm_new_lpar(machine);

	if (lpar)
		memcpy(&lpar->holder, holder.at, CEX_HOLDER);
	return lpar;
}

/* There are no guests without an LPAR. */
static bool load_vms(struct cex_machine *machine, struct cursor *c)
{
	uint8_t lpar = cursor_u8(c);
	uint32_t guests;

	if (lpar > 1 || (lpar && !load_lpar(machine, c)))
		return false;
	guests = cursor_u32(c);
	if (guests > CEX_GUESTS_MAX || (guests && !lpar))
		return false;
	while (guests--)
		if (!load_guest(machine, c))
			return false;
	return cursor_at_end(c);
}

static struct ap_mask load_mask(struct cursor *c)
{
	struct slice bytes = cursor_take(c, sizeof(struct ap_mask));
	struct ap_mask mask = { 0 };

	if (!c->broken)
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

static bool load(struct cex_machine *machine, struct cursor c,
		 void (*gone)(uint16_t, const char *))
{
	struct slice key = cursor_take(&c, CPACF_KEY);
	uint32_t queues;

	machine->last_id = cursor_u64(&c);
	load_configuration(machine, &c);
	queues = cursor_u32(&c);
	if (c.broken)
		return false;
	while (queues--)
		if (!load_record(machine, &c, gone))
			return false;
	if (!load_vms(machine, &c))
		return false;
	cpacf_set_key(key.at);
	return true;
}

bool state_load(struct cex_machine *machine, struct slice bytes,
		void (*gone)(uint16_t apqn, const char *type))
{
	bool loaded;

	pthread_mutex_lock(&machine->lock);
	loaded = load(machine, cursor_of(bytes.at, bytes.length), gone);
	pthread_mutex_unlock(&machine->lock);
	return loaded;
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

	pthread_mutex_lock(&machine->lock);
	if (!vm)
		next = first_attached(LIST_FIRST(&machine->guests));
	else if (vm != machine->lpar)
		next = first_attached(LIST_NEXT(vm, link));
	if (!next && vm != machine->lpar)
		next = machine->lpar;
	pthread_mutex_unlock(&machine->lock);
	return next;
}
