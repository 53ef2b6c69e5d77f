// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/apcb.h"
#include "cex/machine.c"

static void has_the_queues_of_its_adapters(void **state)
{
	(void)state;
	assert_int_equal(machine_queue(machine, QUEUE_A)->apqn, QUEUE_A);
	assert_int_equal(machine_queue(machine, QUEUE_B)->apqn, QUEUE_B);
	assert_null(machine_queue(machine, AP_APQN(4, 5)));
	assert_null(machine_queue(machine, AP_APQN(6, 4)));
	assert_null(machine_queue(machine, 0));
}

static uint16_t visited[16];
static unsigned int visits;

static void visit(struct queue *queue, void *context)
{
	assert_ptr_equal(context, &visits);
	assert_in_range(visits, 0, 15);
	visited[visits++] = queue->apqn;
}

static void visits_what_an_apcb_names(void **state)
{
	struct ap_apcb one = apcb_of(QUEUE_B), absent = apcb_of(AP_APQN(9, 4));

	(void)state;
	visits = 0;
	machine_each_queue_of(machine, &one, visit, &visits);
	assert_int_equal(visits, 1);
	assert_int_equal(visited[0], QUEUE_B);
	machine_each_queue_of(machine, &absent, visit, &visits);
	assert_int_equal(visits, 1);
	machine_each_queue_of(machine, &apcb_all, visit, &visits);
	assert_int_equal(visits, 5);
	cex_profile_adapter(machine, 5, false);
	machine_each_queue_of(machine, &apcb_all, visit, &visits);
	assert_int_equal(visits, 9);
}

static void finds_what_vms_have_left(void **state)
{
	(void)state;
	visits = 0;
	machine_each_held_queue_of(machine, &apcb_all, visit, &visits);
	assert_int_equal(visits, 0);
	enqueue(lpar, QUEUE_B, 1);
	machine_each_held_queue_of(machine, &apcb_all, visit, &visits);
	assert_int_equal(visits, 1);
	assert_int_equal(visited[0], QUEUE_B);
	machine_each_held_queue_of(machine, &(struct ap_apcb){ 0 }, visit, &visits);
	assert_int_equal(visits, 1);
	zeroize_queue(lpar, QUEUE_B);
	machine_each_held_queue_of(machine, &apcb_all, visit, &visits);
	assert_int_equal(visits, 1);
	cex_watch(lpar, &watched);
	assert_int_equal(switch_irq(lpar, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	machine_each_held_queue_of(machine, &apcb_all, visit, &visits);
	assert_int_equal(visits, 2);
	assert_int_equal(visited[1], QUEUE_A);
}

static void each_change_is_a_revision(void **state)
{
	uint64_t before = cex_revision(machine);

	(void)state;
	on_queue(lpar, AP_OP_TAPQ, QUEUE_A);
	assert_int_equal(cex_revision(machine), before);
	enqueue(lpar, QUEUE_A, 1);
	assert_true(cex_revision(machine) > before);
	before = cex_revision(machine);
	cex_profile_domain(machine, 4, false);
	assert_true(cex_revision(machine) > before);
}

static struct cex_event last;

static void note(void *context, const struct cex_event *event)
{
	assert_ptr_equal(context, &last);
	last = *event;
}

static void an_observer_is_told_of_dirty_handovers(void **state)
{
	(void)state;
	cex_observe(machine, note, &last);
	enqueue(lpar, QUEUE_A, 1);
	give(new_guest(), QUEUE_A);
	assert_int_equal(last.kind, CEX_DIRTY_HANDOVER);
	assert_int_equal(last.apqn, QUEUE_A);
	assert_int_equal(last.vm, 1);
	assert_int_equal(last.other, 0);
	cex_observe(machine, NULL, NULL);
	last.apqn = 0;
	give(new_guest(), QUEUE_A);
	assert_int_equal(last.apqn, 0);
	assert_int_equal(cex_dirty_handovers(machine), 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(has_the_queues_of_its_adapters),
		POINT(visits_what_an_apcb_names),
		POINT(finds_what_vms_have_left),
		POINT(each_change_is_a_revision),
		POINT(an_observer_is_told_of_dirty_handovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
