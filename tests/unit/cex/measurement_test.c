// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/cex/machine.h"

#include "cex/measurement.c"

static struct ap_measurement m;

/* Return the error. */
static uint64_t measure(struct cex_vm *vm, uint16_t apqn, bool whole)
{
	struct ap_result result = execute(vm, (struct ap_command){
		.op = AP_OP_MEASURE, .apqn = apqn, .arg = { whole } }, NULL);

	memset(&m, 0, sizeof(m));
	if (result.value)
		assert_int_equal(result.length, 0);
	else
		assert_int_equal(result.length, sizeof(m));
	memcpy(&m, out, result.length);
	return result.value;
}

static void compute(struct cex_vm *vm, uint16_t apqn)
{
	assert_int_equal(rc_of(enqueue(vm, apqn, 1)), AP_RC_NORMAL);
	EVENTUALLY(!rc_of(dequeue(vm, apqn, 4096)));
}

static void a_queue_counts_its_requests(void **state)
{
	(void)state;
	compute(lpar, QUEUE_B);
	compute(lpar, QUEUE_B);
	assert_int_equal(measure(lpar, QUEUE_B, false), 0);
	assert_int_equal(m.type, 14);
	assert_int_equal(m.mode, 8);
	assert_int_equal(m.counters, 6);
	assert_int_equal(m.counter[0].requests, 2);
	assert_true(m.counter[0].time > 0);
	for (unsigned int i = 1; i < AP_COUNTERS; i++)
		assert_int_equal(m.counter[i].requests, 0);
}

static void an_adapter_counts_those_of_all_its_queues(void **state)
{
	(void)state;
	compute(lpar, QUEUE_A);
	compute(lpar, AP_APQN(4, 0x47));
	compute(lpar, QUEUE_B);
	assert_int_equal(measure(lpar, QUEUE_A, true), 0);
	assert_int_equal(m.type, 10);
	assert_int_equal(m.counter[0].requests, 2);
	assert_int_equal(measure(lpar, QUEUE_A, false), 0);
	assert_int_equal(m.counter[0].requests, 1);
}

static void what_the_lpar_lacks_is_not_measured(void **state)
{
	(void)state;
	assert_int_equal(measure(lpar, AP_APQN(4, 5), false), ENODEV);
	assert_int_equal(measure(lpar, AP_APQN(7, 4), true), ENODEV);
}

static void a_guest_measures_nothing(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *guest = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	assert_int_equal(measure(guest, QUEUE_A, false), ENODEV);
	assert_int_equal(measure(guest, QUEUE_A, true), ENODEV);
	compute(guest, QUEUE_A);
	assert_int_equal(measure(lpar, QUEUE_A, false), 0);
	assert_int_equal(m.counter[0].requests, 1);
	cex_detach(guest);
}

static void what_is_of_no_kind_is_not_counted(void **state)
{
	static const uint8_t message[16] = { 1 };

	(void)state;
	execute(lpar, (struct ap_command){ .op = AP_OP_NQAP, .apqn = QUEUE_A,
		.length = sizeof(message) }, message);
	EVENTUALLY(!rc_of(dequeue(lpar, QUEUE_A, 4096)));
	assert_int_equal(measure(lpar, QUEUE_A, true), 0);
	for (unsigned int i = 0; i < AP_COUNTERS; i++)
		assert_int_equal(m.counter[i].requests, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(a_queue_counts_its_requests),
		POINT(an_adapter_counts_those_of_all_its_queues),
		POINT(what_the_lpar_lacks_is_not_measured),
		POINT(a_guest_measures_nothing),
		POINT(what_is_of_no_kind_is_not_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
