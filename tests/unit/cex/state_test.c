// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cex/state.c"
#include "tests/unit/seeded.h"

#include <errno.h>

#define CCA	AP_APQN(5, 4)
#define EP11	AP_APQN(6, 4)
#define ACCEL	AP_APQN(7, 4)

static struct cex_machine *machine;
static struct cex_vm *lpar, *guest;
static uint64_t number;
static uint8_t *bytes;
static size_t length;
static char gone[256];

static void note_gone(uint16_t apqn, const char *type)
{
	size_t used = strlen(gone);

	snprintf(gone + used, sizeof(gone) - used, "%04x%s ", apqn, type);
}

static struct cex_machine *machine_with(const char *five)
{
	struct cex_machine *made = cex_machine_new(1);

	assert_non_null(made);
	assert_int_equal(cex_add_adapter(made, 5, five), 0);
	assert_int_equal(cex_add_adapter(made, 6, "CEX7P"), 0);
	assert_int_equal(cex_add_adapter(made, 7, "CEX8A"), 0);
	assert_int_equal(cex_add_domain(made, 4), 0);
	assert_int_equal(cex_add_domain(made, 0x47), 0);
	return made;
}

static uint64_t ask(struct cex_vm *vm, struct ap_command command,
		    const void *in)
{
	static uint8_t out[AP_MESSAGE_MAX];
	struct ap_result result;

	cex_execute(vm, &command, in, &result, out);
	return command.op >= AP_OP_GUEST_CREATE ? result.value :
						  AP_STATUS_RC(result.status);
}

static enum ap_rc on(struct cex_vm *vm, enum ap_op op, uint16_t apqn)
{
	return ask(vm, (struct ap_command){ .op = op, .apqn = apqn,
					    .length = op == AP_OP_NQAP }, "");
}

static void set_masks(unsigned int adapter)
{
	struct ap_apcb apcb = { 0 };

	ap_mask_set(&apcb.apm, adapter);
	ap_mask_set(&apcb.aqm, 4);
	assert_int_equal(ask(lpar, (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = number,
		.length = sizeof(apcb) }, &apcb), 0);
}

/* A guest has used 05.0004, and every register holds a master key. */
static int setup(void **state)
{
	const uint8_t part[MASTER_KEY_MAX] = { 1 };
	struct domain *domain;

	(void)state;
	gone[0] = '\0';
	machine = machine_with("CEX8C");
	lpar = cex_attach_lpar(machine);
	number = ask(lpar, (struct ap_command){ .op = AP_OP_GUEST_CREATE }, "");
	set_masks(5);
	guest = cex_attach_guest(machine, number);
	cex_set_holder(guest, &(struct cex_holder){ "holder" });
	assert_int_equal(on(guest, AP_OP_NQAP, CCA), 0);
	domain = &machine_queue(machine, CCA)->domain;
	domain_load(domain, MASTER_KEY_AES, (struct slice){ part, 32 }, true);
	domain_set(domain, MASTER_KEY_AES);
	domain_load(domain, MASTER_KEY_AES, (struct slice){ part, 32 }, false);
	bytes = NULL;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(bytes);
	cex_machine_free(machine);
	return 0;
}

static void save_it(void)
{
	struct state *state = state_new(machine);
	struct slice saved;
	uint64_t revision;

	assert_non_null(state);
	assert_int_equal(state_snapshot(state, &saved, &revision), 0);
	assert_int_equal(revision, cex_revision(machine));
	free(bytes);
	length = saved.length;
	bytes = malloc(length);
	memcpy(bytes, saved.at, length);
	state_free(state);
}

/*
 * Load the state, as another process would, into a machine whose adapter 05 is
 * of @type.
 */
static void restart_as(const char *type)
{
	save_it();
	cex_machine_free(machine);
	machine = machine_with(type);
	assert_int_equal(state_load(machine, (struct slice){ bytes, length },
				    note_gone), 0);
	guest = state_next_vm(machine, NULL);
	lpar = state_next_vm(machine, guest);
	assert_null(state_next_vm(machine, lpar));
	assert_int_equal(cex_guest_number(lpar), 0);
	assert_int_equal(cex_guest_number(guest), number);
}

static void a_restart_changes_nothing(void **state)
{
	struct domain before = machine_queue(machine, CCA)->domain;
	struct cex_queue_info info;
	size_t old_length;
	uint8_t *old;

	(void)state;
	restart_as("CEX8C");
	assert_string_equal(gone, "");
	assert_memory_equal(&machine_queue(machine, CCA)->domain, &before,
			    sizeof(before));
	assert_int_equal(cex_queue_info(machine, CCA, &info), 0);
	assert_false(info.clean);
	assert_int_equal(info.user, 1);
	assert_int_equal(info.owner, 1);
	assert_string_equal((char *)cex_holder(guest).bytes, "holder");
	assert_int_equal(on(guest, AP_OP_TAPQ, CCA), 0);
	assert_int_equal(on(guest, AP_OP_TAPQ, EP11), AP_RC_Q_NOT_AVAIL);
	assert_int_equal(on(lpar, AP_OP_TAPQ, EP11), 0);
	old = bytes;
	old_length = length;
	bytes = NULL;
	save_it();
	assert_int_equal(length, old_length);
	assert_memory_equal(bytes, old, length);
	free(old);
}

static struct cex_machine *widest_machine(void)
{
	static const unsigned int ends[] = { 0, 255 };
	struct cex_machine *made = cex_machine_new(1);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(cex_add_adapter(made, ends[i], "CEX8C"), 0);
		assert_int_equal(cex_add_domain(made, ends[i]), 0);
	}
	return made;
}

/* Adapters and domains are numbered from 0 to 255. */
static void the_first_and_the_last_are_kept(void **state)
{
	static const uint16_t apqns[] = { 0, 255, 255 << 8, 255 << 8 | 255 };
	struct domain before[4];
	struct ap_apcb profile;

	(void)state;
	cex_machine_free(machine);
	machine = widest_machine();
	lpar = cex_attach_lpar(machine);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(on(lpar, AP_OP_NQAP, apqns[i]), 0);
		before[i] = machine_queue(machine, apqns[i])->domain;
	}
	cex_deconfigure(machine, 0);
	cex_checkstop(machine, 255);
	for (int i = 0; i < 2; i++) {
		cex_profile_adapter(machine, i * 255, false);
		cex_profile_domain(machine, i * 255, false);
	}
	profile = machine->profile;
	save_it();
	cex_machine_free(machine);
	machine = widest_machine();
	assert_int_equal(state_load(machine, (struct slice){ bytes, length }, note_gone), 0);
	assert_string_equal(gone, "");
	for (int i = 0; i < 4; i++) {
		assert_memory_equal(&machine_queue(machine, apqns[i])->domain, &before[i],
				    sizeof(before[i]));
		assert_true(machine_queue(machine, apqns[i])->user);
	}
	assert_int_equal(machine->adapter[0]->state, ADAPTER_DECONFIGURED);
	assert_int_equal(machine->adapter[255]->state, ADAPTER_CHECKSTOPPED);
	assert_memory_equal(&machine->profile, &profile, sizeof(profile));
}

static void no_vm_attaches_in_their_place(void **state)
{
	(void)state;
	restart_as("CEX8C");
	assert_null(cex_attach_lpar(machine));
	assert_int_equal(errno, EBUSY);
	assert_null(cex_attach_guest(machine, number));
	assert_int_equal(errno, EBUSY);
	cex_detach(guest);
	assert_null(cex_attach_guest(machine, number));
	assert_int_equal(errno, ENOENT);
}

static void leftovers_stay_known(void **state)
{
	(void)state;
	restart_as("CEX8C");
	assert_int_equal(on(lpar, AP_OP_NQAP, CCA), 0);
	assert_int_equal(cex_dirty_handovers(machine), 1);
	restart_as("CEX8C");
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

static void the_next_guest_reaches_leftovers(void **state)
{
	(void)state;
	restart_as("CEX8C");
	number = ask(lpar, (struct ap_command){ .op = AP_OP_GUEST_CREATE }, "");
	set_masks(5);
	assert_int_equal(cex_dirty_handovers(machine), 1);
}

/* A VM that was told that a ZAPQ began may wait for its end. */
static void a_zapq_begins_again(void **state)
{
	struct cex_queue_info info;

	(void)state;
	assert_int_equal(on(lpar, AP_OP_ZAPQ, CCA), 0);
	restart_as("CEX8C");
	cex_set_reset_time(machine, CCA, UINT64_MAX);
	assert_int_equal(on(lpar, AP_OP_TAPQ, CCA), AP_RC_RESET_IN_PROGRESS);
	cex_set_reset_time(machine, CCA, 0);
	assert_int_equal(on(lpar, AP_OP_TAPQ, CCA), 0);
	cex_queue_info(machine, CCA, &info);
	assert_true(info.clean);
	assert_int_equal(on(lpar, AP_OP_NQAP, CCA), 0);
	assert_int_equal(cex_dirty_handovers(machine), 0);
}

/* The queue goes on interrupting its VM. */
static void interruptions_stay_on(void **state)
{
	const struct ap_command aqic = {
		.op = AP_OP_AQIC, .apqn = CCA, .arg = { AP_AQIC_ENABLE, 0x1000 },
	};
	uint64_t revision = cex_revision(machine);

	(void)state;
	assert_int_equal(ask(guest, aqic, NULL), 0);
	assert_int_equal(cex_vm_revision(guest), revision + 1);
	restart_as("CEX8C");
	assert_int_equal(machine_queue(machine, CCA)->irq, guest->client.id);
	assert_int_equal(cex_suspend(guest), 0);
	assert_int_equal(machine_queue(machine, CCA)->irq, guest->client.id);
	revision = cex_revision(machine);
	assert_int_equal(on(guest, AP_OP_RAPQ, CCA), 0);
	assert_int_equal(cex_vm_revision(guest), revision + 1);
	restart_as("CEX8C");
	assert_int_equal(machine_queue(machine, CCA)->irq, 0);
}

/* What the machine lacks is reported, and is there in the next machine. */
static void what_is_gone_is_kept(void **state)
{
	struct domain before = machine_queue(machine, CCA)->domain;
	struct domain ep11 = machine_queue(machine, EP11)->domain;

	(void)state;
	restart_as("CEX7C");
	assert_string_equal(gone, "0504CEX8C 0547CEX8C ");
	assert_memory_not_equal(&machine_queue(machine, CCA)->domain.keys,
				&before.keys, sizeof(before.keys));
	assert_memory_equal(&machine_queue(machine, EP11)->domain, &ep11,
			    sizeof(ep11));
	restart_as("CEX8C");
	assert_memory_equal(&machine_queue(machine, CCA)->domain, &before,
			    sizeof(before));
	assert_int_equal(machine->attic.count, 2);
}

static void configuration_stays(void **state)
{
	struct ap_apcb profile;

	(void)state;
	cex_deconfigure(machine, 6);
	cex_checkstop(machine, 7);
	cex_profile_adapter(machine, 5, false);
	cex_profile_domain(machine, 0x47, false);
	profile = machine->profile;
	restart_as("CEX8C");
	assert_memory_equal(&machine->profile, &profile, sizeof(profile));
	assert_int_equal(on(guest, AP_OP_TAPQ, CCA), AP_RC_Q_NOT_AVAIL);
	assert_int_equal(on(lpar, AP_OP_TAPQ, EP11), AP_RC_DECONFIGURED);
	assert_int_equal(on(lpar, AP_OP_TAPQ, ACCEL), AP_RC_CHECKSTOPPED);
	cex_profile_adapter(machine, 5, true);
	assert_int_equal(on(guest, AP_OP_TAPQ, CCA), 0);
}

static void guests_come_and_go(void **state)
{
	uint64_t second;

	(void)state;
	second = ask(lpar, (struct ap_command){ .op = AP_OP_GUEST_CREATE }, "");
	restart_as("CEX8C");
	assert_non_null(cex_attach_guest(machine, second));
	assert_int_equal(ask(lpar, (struct ap_command){
		.op = AP_OP_GUEST_DESTROY, .arg[0] = second }, ""), 0);
	restart_as("CEX8C");
	assert_null(cex_attach_guest(machine, second));
	cex_detach(lpar);
	assert_int_equal(machine->guest_count, 1);
	save_it();
	cex_machine_free(machine);
	machine = machine_with("CEX8C");
	assert_int_equal(state_load(machine, (struct slice){ bytes, length },
				    note_gone), 0);
	assert_null(state_next_vm(machine, NULL));
}

/* The revision that the answer to each command depends on. */
static void revisions_tell_what_changed(void **state)
{
	uint64_t revision = cex_revision(machine);

	(void)state;
	on(guest, AP_OP_NQAP, CCA);
	on(lpar, AP_OP_TAPQ, EP11);
	on(lpar, AP_OP_RAPQ, ACCEL);
	on(lpar, AP_OP_ZAPQ, ACCEL);
	assert_int_equal(cex_revision(machine), revision);
	on(lpar, AP_OP_NQAP, EP11);
	assert_int_equal(cex_vm_revision(lpar), ++revision);
	on(lpar, AP_OP_TAPQ, ACCEL);
	assert_true(cex_vm_revision(lpar) < revision);
	cex_set_reset_time(machine, EP11, 0);
	on(lpar, AP_OP_ZAPQ, EP11);
	assert_int_equal(cex_vm_revision(lpar), ++revision);
	on(lpar, AP_OP_TAPQ, EP11);
	assert_int_equal(cex_vm_revision(lpar), ++revision);
	set_masks(6);
	assert_int_equal(cex_vm_revision(lpar), ++revision);
	assert_int_equal(cex_revision(machine), revision);
	on(lpar, AP_OP_RESET, 0);
	assert_true(cex_revision(machine) > revision);
	assert_int_equal(cex_vm_revision(lpar), cex_revision(machine));
}

/* A state that was brought up to date is equal to one that is made anew. */
static void is_up_to_date(struct state *state)
{
	struct slice saved;
	uint64_t revision;

	assert_int_equal(state_snapshot(state, &saved, &revision), 0);
	save_it();
	assert_int_equal(revision, cex_revision(machine));
	assert_int_equal(saved.length, length);
	assert_memory_equal(saved.at, bytes, length);
}

static void change_a_key(uint16_t apqn)
{
	struct queue *queue = machine_queue(machine, apqn);

	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		domain_generate(&queue->domain, kind);
	queue_touch(queue);
}

static void something_happens(unsigned int what, struct cex_vm *vm,
			      uint16_t apqn)
{
	static const enum ap_op ops[] = {
		AP_OP_NQAP, AP_OP_NQAP, AP_OP_DQAP, AP_OP_TAPQ, AP_OP_RAPQ,
		AP_OP_ZAPQ, AP_OP_ZAPQ,
	};

	switch (what) {
	case 0:
		set_masks(AP_ADAPTER(apqn));
		break;
	case 1:
		cex_deconfigure(machine, AP_ADAPTER(apqn));
		break;
	case 2:
		cex_configure(machine, AP_ADAPTER(apqn));
		break;
	case 3:
		change_a_key(apqn);
		break;
	case 4:
	case 5:
		ask(vm, (struct ap_command){ .op = AP_OP_AQIC, .apqn = apqn,
			.arg = { what == 4 ? AP_AQIC_ENABLE : 0, 0x1000 } }, "");
		break;
	default:
		on(vm, ops[what % (sizeof(ops) / sizeof(ops[0]))], apqn);
	}
}

static void changes_are_copied(void **unused)
{
	static const uint16_t apqns[] = { CCA, EP11, ACCEL };
	struct state *state = state_new(machine);

	(void)unused;
	for (size_t i = 0; i < 3; i++)
		cex_set_reset_time(machine, apqns[i], i ? 0 : UINT64_MAX);
	for (int i = 0; i < 2000; i++) {
		something_happens(seeded_below(13),
				  seeded_below(2) ? lpar : guest,
				  apqns[seeded_below(3)]);
		if (i == 1000)
			cex_set_reset_time(machine, CCA, 0);
		is_up_to_date(state);
	}
	on(guest, AP_OP_RESET, 0);
	is_up_to_date(state);
	on(lpar, AP_OP_RESET, 0);
	is_up_to_date(state);
	cex_detach(guest);
	is_up_to_date(state);
	cex_detach(lpar);
	is_up_to_date(state);
	lpar = cex_attach_lpar(machine);
	is_up_to_date(state);
	state_free(state);
}

/* The LPAR always has the same id, so another LPAR may come. */
static void a_vm_that_is_gone_is_not_interrupted(void **unused)
{
	struct state *state = state_new(machine);
	struct slice saved;
	uint64_t revision;

	(void)unused;
	ask(lpar, (struct ap_command){ .op = AP_OP_AQIC, .apqn = ACCEL,
				       .arg = { AP_AQIC_ENABLE, 0x1000 } }, "");
	assert_int_equal(machine_queue(machine, ACCEL)->irq, lpar->client.id);
	assert_int_equal(state_snapshot(state, &saved, &revision), 0);
	cex_detach(lpar);
	lpar = cex_attach_lpar(machine);
	assert_int_equal(machine_queue(machine, ACCEL)->irq, 0);
	is_up_to_date(state);
	state_free(state);
}

static bool loads(const uint8_t *at, size_t size)
{
	struct cex_machine *other = machine_with("CEX8C");
	/* The copy lets ASan see any access beyond the end. */
	uint8_t *copy = malloc(size + !size);
	int error;

	memcpy(copy, at, size);
	error = state_load(other, (struct slice){ copy, size }, note_gone);
	assert_true(!error || error == -EINVAL);
	free(copy);
	cex_machine_free(other);
	return !error;
}

static void damaged_states_do_no_harm(void **state)
{
	(void)state;
	save_it();
	for (size_t i = 0; i < length; i += i < 64 || i + 300 > length ? 1 : 17) {
		uint8_t byte = bytes[i];

		assert_false(loads(bytes, i));
		bytes[i] = ~byte;
		loads(bytes, length);
		bytes[i] = byte;
	}
	assert_true(loads(bytes, length));
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(a_restart_changes_nothing),
		POINT(the_first_and_the_last_are_kept),
		POINT(no_vm_attaches_in_their_place),
		POINT(leftovers_stay_known),
		POINT(the_next_guest_reaches_leftovers),
		POINT(a_zapq_begins_again),
		POINT(interruptions_stay_on),
		POINT(what_is_gone_is_kept),
		POINT(configuration_stays),
		POINT(guests_come_and_go),
		POINT(revisions_tell_what_changed),
		POINT(changes_are_copied),
		POINT(a_vm_that_is_gone_is_not_interrupted),
		POINT(damaged_states_do_no_harm),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
