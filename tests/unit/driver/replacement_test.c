// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix of a device is replaced while a guest uses it: the queues that stay are neither taken
 * from the guest nor reset, and a refusal changes nothing.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/unit/driver/machine.h"
#include "tests/unit/seeded.h"

#include "driver/apcb.h"
#include "driver/assign.h"

#define STAYS	APQN(5, 4)
#define GOES	APQN(5, 5)
#define NIB	0x5008u

static u64 indicator;
static bool missed;

static bool has(unsigned int apqn)
{
	return matrix_has(&guest->apcb, apqn);
}

static void look_for_queue(void)
{
	missed |= !has(STAYS);
}

/* What the guest puts into its queues, and what a reset of one of them would be seen by. */
static void begin_to_watch(void)
{
	unsigned int apqn;

	model_use(guest);
	matrix_for_each(apqn, &guest->apcb)
		model_queue(apqn)->zapqs = 0;
	missed = false;
	kernel_while_waiting = look_for_queue;
}

static int set_up_used(void **state)
{
	set_up_open(state);
	for (unsigned int domain = 4; domain < 8; domain++) {
		if (domain > 5)
			assert_int_equal(model_bind(APQN(5, domain)), 0);
		assert_int_equal(model_bind(APQN(6, domain)), 0);
	}
	kernel_settle(HZ);
	assert_int_equal(model_aqic(guest, STAYS, true, NIB), AP_RESPONSE_NORMAL);
	indicator = model_queue(STAYS)->indicator;
	begin_to_watch();
	return 0;
}

static int tear_down_used(void **state)
{
	kernel_while_waiting = NULL;
	return tear_down_open(state);
}

static void assert_undisturbed(void)
{
	const struct model_queue *q = model_queue(STAYS);

	assert_true(has(STAYS) && !missed);
	assert_int_equal(q->zapqs, 0);
	assert_true(q->dirty && q->interrupts);
	assert_int_equal(q->indicator, indicator);
	assert_string_equal(model_show_queue(STAYS, "status"), "in use\n");
	assert_string_equal(model_show_queue(STAYS, "condition"), "ready\n");
}

/* What comes has to be reset first, and what goes afterwards. */
static void take_long(void)
{
	for (unsigned int domain = 4; domain < 8; domain++) {
		model_queue(APQN(5, domain))->reset_time = HZ;
		model_queue(APQN(6, domain))->reset_time = 2 * HZ;
	}
}

static void what_stays_is_left_alone(void **state)
{
	static const struct {
		const char *config;
		unsigned int comes;
	} table[] = {
		{ "0x04,0x0a,0", APQN(5, 6) },		/* another domain */
		{ "0x06,0x08,0", APQN(6, 4) },		/* another adapter */
		{ "0x06,0x09,0x0f", APQN(6, 7) },	/* both, and control domains */
		{ "0x04,0x08,0", STAYS },		/* less */
	};
	unsigned int changes;

	(void)state;
	take_long();
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		changes = guest->changes;
		assert_int_equal(model_write(mdev, "ap_config", table[i].config), 0);
		assert_undisturbed();
		assert_int_equal(guest->changes, changes + 1);
		assert_true(has(table[i].comes) && !has(GOES));
		assert_false(model_queue(GOES)->dirty);
		assert_int_equal(model_write(mdev, "ap_config", "0x04,0x0c,0"), 0);
		assert_undisturbed();
		assert_int_equal(guest->changes, changes + 2);
		begin_to_watch();
	}
}

/* An APCB that cannot have a queue does without its adapter or its domain. */
static void what_cannot_come_costs_nothing_that_stays(void **state)
{
	(void)state;
	model_unbind(APQN(5, 6));
	model_queue(APQN(6, 4))->reset_time = 10 * HZ;
	model_unbind(APQN(6, 4));
	assert_int_equal(model_bind(APQN(6, 4)), 0);
	assert_int_equal(model_write(mdev, "ap_config", "0x06,0x0f,0"), 0);
	assert_undisturbed();
	assert_true(has(GOES) && has(APQN(5, 7)) && !has(APQN(5, 6)) && !has(APQN(6, 5)));
	assert_true(model_queue(GOES)->dirty);
	assert_int_equal(model_write(mdev, "ap_config", "0x06,0x08,0"), 0);
	assert_undisturbed();
	assert_false(has(GOES) || has(APQN(6, 4)));
}

/* The bus has yet to see that it is back: that is found out before the guest loses anything. */
static void what_the_bus_sees_away_makes_no_second_change(void **state)
{
	unsigned int changes = guest->changes;

	(void)state;
	model_queue(APQN(5, 6))->fault = AP_RESPONSE_DECONFIGURED;
	model_look(APQN(5, 6));
	model_queue(APQN(5, 6))->fault = 0;
	assert_int_equal(model_write(mdev, "ap_config", "0x04,0x0b,0"), 0);
	assert_undisturbed();
	assert_true(has(APQN(5, 7)) && !has(APQN(5, 6)) && !has(GOES));
	assert_int_equal(guest->changes, changes + 1);
}

static void reset_itself(void)
{
	kernel_while_waiting = look_for_queue;
	assert_int_equal(mdev->vdev.ops->ioctl(&mdev->vdev, VFIO_DEVICE_RESET, 0), 0);
}

/* A reset that the guest wants itself is carried out once, and ends no other way. */
static void reset_by_the_guest_goes_on(void **state)
{
	(void)state;
	take_long();
	model_queue(APQN(5, 6))->reset_time = 3 * HZ;
	model_unbind(APQN(5, 6));
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	kernel_while_waiting = reset_itself;
	assert_int_equal(model_write(mdev, "ap_config", "0x04,0x0a,0"), 0);
	assert_true(has(STAYS) && has(APQN(5, 6)) && !has(GOES) && !missed);
	assert_int_equal(model_queue(STAYS)->zapqs, 1);
	assert_false(model_queue(STAYS)->dirty);
}

static void replace_meanwhile(void)
{
	kernel_while_waiting = look_for_queue;
	assert_int_equal(model_write(mdev, "ap_config", "0x06,0x09,0"), 0);
}

static void scan_meanwhile(void)
{
	struct matrix less = model.host;

	kernel_while_waiting = look_for_queue;
	mask_del(&less.aqm, 7);
	model_scan(&less, NULL, model_unbind);
}

/* Each of the two waits for the queues of the other. */
static void meanwhile_nothing_is_taken_either(void **state)
{
	static void (* const ways[])(void) = { replace_meanwhile, scan_meanwhile };

	(void)state;
	for (int i = 0; i < 2; i++) {
		take_long();
		model_unbind(APQN(5, 6));
		assert_int_equal(model_bind(APQN(5, 6)), 0);
		kernel_while_waiting = ways[i];
		assert_int_equal(model_write(mdev, "ap_config", "0x04,0x0a,0"), 0);
		assert_undisturbed();
		assert_false(has(GOES));
	}
	assert_true(has(APQN(5, 6)));
}

/* Another administrator has written, and waits for a queue that is not at rest. */
static void begin_another_write(void)
{
	struct matrix next = mdev->matrix;

	kernel_while_waiting = look_for_queue;
	model_queue(APQN(5, 6))->reset_time = 3 * HZ;
	model_unbind(APQN(5, 6));
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	mask_add(&next.aqm, 6);
	mask_del(&next.aqm, APQN_DOMAIN(GOES));
	mutex_lock(&mdev->lock);
	assert_int_equal(vfio_ap_assign(mdev, &next), 0);
	mutex_unlock(&mdev->lock);
}

/* The first writer, who is ready before, does not begin what the second has asked for. */
static void two_writes_come_into_force_in_one_change(void **state)
{
	unsigned int changes = guest->changes;

	(void)state;
	model_queue(APQN(5, 7))->reset_time = HZ;
	model_unbind(APQN(5, 7));
	assert_int_equal(model_bind(APQN(5, 7)), 0);
	kernel_while_waiting = begin_another_write;
	assert_int_equal(model_write(mdev, "assign_domain", "7"), 0);
	assert_undisturbed();
	assert_true(has(APQN(5, 6)) && has(APQN(5, 7)) && !has(GOES));
	assert_int_equal(guest->changes, changes + 1);
	vfio_ap_apcb_settle(mdev);
	assert_int_equal(guest->changes, changes + 1);
}

/* All that an administrator, a guest and its VMM can see of a change. */
static void assert_unchanged(const struct matrix *before, unsigned int changes)
{
	static const char *const attributes[] = {
		"ap_config", "matrix", "guest_matrix", "control_domains", "guest_control_domains",
	};

	assert_undisturbed();
	assert_true(matrix_equal(&guest->apcb, before));
	assert_int_equal(guest->changes, changes);
	assert_int_equal(model_queue(GOES)->zapqs, 0);
	assert_int_equal(kernel_events("plug") + kernel_events("unplug"), 0);
	assert_string_equal(model_show(mdev, "matrix"), "05.0004\n05.0005\n");
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		assert_int_equal(kernel_notified(mdev->vdev.dev, attributes[i]), 0);
}

static void assert_refused(const char *config, int error, const char *reason)
{
	const unsigned int changes = guest->changes;
	const struct matrix before = guest->apcb;

	kernel_forget();
	kernel_events("plug");
	kernel_events("unplug");
	assert_int_equal(model_write(mdev, "ap_config", config), error);
	assert_non_null(strstr(model_show(mdev, "refusal"), reason));
	assert_unchanged(&before, changes);
	kernel_settle(30 * HZ);
	assert_unchanged(&before, changes);
}

/* A single queue that the device cannot have refuses all of the others, and keeps what goes. */
static void refusal_changes_nothing(void **state)
{
	struct matrix_mdev *other;
	int error;

	(void)state;
	other = model_create(2, &error);
	assert_int_equal(model_write(other, "ap_config", "0x02,0x02,0"), 0);
	mask_add(&model.reserved.apm, 6);
	mask_add(&model.reserved.aqm, 7);
	assert_refused("0x06,0x0a,0", -EADDRINUSE, "06.0006: assigned to device-2");
	assert_refused("0x06,0x09,0", -EADDRNOTAVAIL, "06.0007: reserved for the host");
	assert_refused("0x06,0x0b,0", -EADDRNOTAVAIL, "06.0006: assigned to device-2");
	assert_refused("0x04,0x08", -EINVAL, "not three masks");
	assert_refused("0x04,0x08,0x0g", -EINVAL, "not three masks");
	mask_del(&vfio_ap_tables.limit.aqm, 6);
	assert_refused("0x04,0x0a,0", -ENODEV, "the machine has");
	mask_add(&vfio_ap_tables.limit.aqm, 6);
	model_remove(other);
}

/* Any matrix after any other, on a machine some of whose queues are of no use. */

static void write_random_config(struct matrix *next)
{
	char text[64];

	*next = (struct matrix){};
	for (unsigned int id = 4; id < 8; id++) {
		if (id < 7 && seeded_below(2))
			mask_add(&next->apm, id);
		if (seeded_below(2))
			mask_add(&next->aqm, id);
	}
	sprintf(text, "%016llx,%016llx,0", next->apm.word[0], next->aqm.word[0]);
	assert_int_equal(model_write(mdev, "ap_config", text), 0);
}

static void bind_or_spoil_one(void)
{
	struct model_queue *q = model_queue(APQN(5 + seeded_below(2), 4 + seeded_below(4)));

	if (!q->there)
		assert_int_equal(model_bind(q - model_queue(0)), 0);
	else if (seeded_below(4))
		q->fault = 0;
	else if (seeded_below(2))
		q->fault = 0x77;
	else
		model_unbind(q - model_queue(0));
	kernel_settle(30 * HZ);
}

static void any_replacement_leaves_alone_what_stays(void **state)
{
	struct matrix before, next;
	unsigned int apqn, changes;

	(void)state;
	for (int i = 0; i < 400; i++) {
		bind_or_spoil_one();
		begin_to_watch();
		kernel_while_waiting = NULL;
		before = guest->apcb;
		changes = guest->changes;
		write_random_config(&next);
		matrix_for_each(apqn, &before)
			if (matrix_has(&next, apqn))
				assert_true(has(apqn) && !model_queue(apqn)->zapqs);
		assert_in_range(guest->changes, changes, changes + 1);
	}
}

static const struct CMUnitTest tests[] = {
	TEST(what_stays_is_left_alone, used, used),
	TEST(what_cannot_come_costs_nothing_that_stays, used, used),
	TEST(what_the_bus_sees_away_makes_no_second_change, used, used),
	TEST(reset_by_the_guest_goes_on, used, used),
	TEST(meanwhile_nothing_is_taken_either, used, used),
	TEST(two_writes_come_into_force_in_one_change, used, used),
	TEST(refusal_changes_nothing, used, used),
	TEST(any_replacement_leaves_alone_what_stays, used, used),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
