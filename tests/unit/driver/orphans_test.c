// SPDX-License-Identifier: GPL-2.0-only
/* Queues that are unbound while their guest keeps them, as its user space holds kvm->lock. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/unit/driver/machine.h"

#include "driver/queue.h"
#include "driver/registry.h"

#define QUEUE	APQN(5, 5)

static struct matrix_mdev *other;
static struct model_guest *other_guest;

static int set_up_two(void **state)
{
	int error;

	set_up_open(state);
	other = model_create(2, &error);
	other_guest = model_guest_new();
	assert_int_equal(model_open(other, other_guest), 0);
	model_use(guest);
	return 0;
}

static int tear_down_two(void **state)
{
	if (kernel_while_waiting)
		fail_msg("nobody has waited");
	model_close(other);
	model_remove(other);
	model_guest_free(other_guest);
	return tear_down_open(state);
}

/* Whoever unbinds it is killed, since the guest does not give it up. */
static void unbind_under_guest(void)
{
	guest->locked = true;
	kernel_task.killed = true;
	model_unbind(QUEUE);
	kernel_task.killed = false;
	assert_true(matrix_has(&guest->apcb, QUEUE));
}

static void guest_goes_on(void)
{
	guest->locked = false;
	kernel_settle(HZ);
	assert_false(matrix_has(&guest->apcb, QUEUE));
}

static int reset_by_guest(void)
{
	return mdev->vdev.ops->ioctl(&mdev->vdev, VFIO_DEVICE_RESET, 0);
}

/* Nobody can reset it for the guest, which still has its others. */
static void guest_resets_what_is_left(void **state)
{
	(void)state;
	unbind_under_guest();
	model_queue(APQN(5, 4))->zapqs = 0;
	assert_int_equal(reset_by_guest(), -EIO);
	assert_int_equal(model_queue(APQN(5, 4))->zapqs, 1);
	guest_goes_on();
	assert_int_equal(reset_by_guest(), 0);
}

static void take_queue_from_device(void)
{
	struct matrix next = mdev->matrix;

	mask_del(&next.aqm, APQN_DOMAIN(QUEUE));
	mutex_lock(&mdev->lock);
	assert_int_equal(vfio_ap_registry_claim(mdev, &next, true, false), 0);
	mutex_unlock(&mdev->lock);
}

static void use_other_device(void)
{
	kernel_while_waiting = NULL;
	assert_int_equal(model_write(other, "assign_control_domain", "6"), 0);
	model_close(other);
	assert_int_equal(model_open(other, other_guest), 0);
	guest->locked = false;
}

/* Its next device does not wait with the process that unbinds it. */
static void guest_that_keeps_it_stops_no_other(void **state)
{
	(void)state;
	guest->locked = true;
	take_queue_from_device();
	assert_int_equal(model_write(other, "ap_config", "0x04,0x04,0"), 0);
	kernel_while_waiting = use_other_device;
	model_unbind(QUEUE);
	assert_false(matrix_has(&guest->apcb, QUEUE));
}

/* Nor with a reset by the guest that still has it. */
static void reset_in_the_guest_that_keeps_it_stops_no_other(void **state)
{
	const struct matrix queues = guest->apcb;

	(void)state;
	assert_int_equal(model_bind(APQN(6, 5)), 0);
	guest->locked = true;
	take_queue_from_device();
	model_queue(QUEUE)->reset_time = 3 * HZ;
	vfio_ap_registry_begin_reset(&queues);
	assert_int_equal(model_write(other, "ap_config", "0x06,0x04,0"), 0);
	assert_true(matrix_has(&other_guest->apcb, APQN(6, 5)));
	assert_string_equal(model_show_queue(QUEUE, "condition"), "resetting\n");
	guest->locked = false;
	assert_int_equal(model_write(mdev, "ap_config", "0x04,0x08,0"), 0);
	kernel_settle(HZ);
	assert_true(matrix_has(&other_guest->apcb, QUEUE));
}

static void reclaim_in_vain(void)
{
	model.after_tapq = NULL;
	kernel_task.flags = PF_KTHREAD;
	guest->locked = true;
	assert_false(vfio_ap_registry_reclaim(model_queue(QUEUE)->aq.ap_dev.device.data));
}

/* The worker has its answer when the bus stops waiting, and counts the queue as the guest's. */
static void answer_to_an_earlier_reset_makes_it_nobodys(void **state)
{
	const struct matrix queues = guest->apcb;
	struct queue *q = model_queue(QUEUE)->aq.ap_dev.device.data;

	(void)state;
	model_queue(QUEUE)->reset_time = HZ;
	model_queue(APQN(5, 4))->fault = AP_RESPONSE_CHECKSTOPPED;
	vfio_ap_registry_begin_reset(&queues);
	kernel_settle(2);
	model.after_tapq = reclaim_in_vain;
	kernel_settle(2 * HZ);
	assert_null(model.after_tapq);
	assert_null(q->state.owner);
	vfio_ap_registry_leave_behind(q);
	mutex_lock(&vfio_ap_tables.lock);
	assert_true(vfio_ap_tables_left_tainted(QUEUE));
	mutex_unlock(&vfio_ap_tables.lock);
	guest_goes_on();
	model_unbind(QUEUE);
}

static void nothing(unsigned int apqn)
{
	(void)apqn;
}

static void bind_queue(unsigned int apqn)
{
	if (apqn == QUEUE)
		assert_int_equal(model_bind(apqn), 0);
}

static void unbind_if_there(unsigned int apqn)
{
	if (model_queue(apqn)->there)
		model_unbind(apqn);
}

static void configure_adapter_anew(void (*bind)(unsigned int apqn))
{
	struct matrix all = model.host, less = model.host;

	mask_del(&less.apm, APQN_ADAPTER(QUEUE));
	model_scan(&less, nothing, unbind_if_there);
	model_scan(&all, bind, nothing);
}

static void adapter_goes(void)
{
	struct matrix less = model.host;

	kernel_while_waiting = NULL;
	mask_del(&less.apm, APQN_ADAPTER(QUEUE));
	model_scan(&less, nothing, nothing);
}

/* The scan that removes its device waits for the process that unbinds it. */
static void unbinding_ends_when_the_adapter_goes(void **state)
{
	(void)state;
	guest->locked = true;
	kernel_while_waiting = adapter_goes;
	model_unbind(QUEUE);
	assert_true(matrix_has(&guest->apcb, QUEUE));
	guest_goes_on();
}

/* The bus has made another device for it, which is unbound as well. */
static void no_driver_gets_it_while_the_guest_has_it(void **state)
{
	(void)state;
	unbind_under_guest();
	configure_adapter_anew(bind_queue);
	kernel_settle(HZ);
	kernel_forget();
	model_unbind(QUEUE);
	assert_int_equal(kernel_logged(&model_queue(QUEUE)->aq.ap_dev.device,
				       "its guest did not give it up"), 1);
	assert_int_equal(model_bind(QUEUE), -ENODEV);
	model_use(guest);
	guest_goes_on();
	model_queue(QUEUE)->zapqs = 0;
	configure_adapter_anew(nothing);
	assert_int_equal(model_queue(QUEUE)->zapqs, 1);
}

static const struct CMUnitTest tests[] = {
	TEST(guest_resets_what_is_left, two, two),
	TEST(guest_that_keeps_it_stops_no_other, two, two),
	TEST(reset_in_the_guest_that_keeps_it_stops_no_other, two, two),
	TEST(answer_to_an_earlier_reset_makes_it_nobodys, two, two),
	TEST(unbinding_ends_when_the_adapter_goes, two, two),
	TEST(no_driver_gets_it_while_the_guest_has_it, two, two),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
