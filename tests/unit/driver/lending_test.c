// SPDX-License-Identifier: GPL-2.0-only
/* How queues come to guests and leave them, in what order and after what waits. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/unit/driver/machine.h"

#include "driver/queue.h"
#include "driver/reset.h"

#define QUEUE	APQN(5, 5)

static long device_ioctl(unsigned int command, void *argument)
{
	return mdev->vdev.ops->ioctl(&mdev->vdev, command, (unsigned long)argument);
}

static bool has(unsigned int apqn)
{
	return matrix_has(&guest->apcb, apqn);
}

/* What the VMM is told */

static void device_is_an_ap_device_without_regions(void **state)
{
	struct vfio_device_info info;

	(void)state;
	memset(&info, 0xff, sizeof(info));
	info.argsz = sizeof(info);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), 0);
	assert_int_equal(info.flags, VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_RESET);
	assert_int_equal(info.num_regions, 0);
	assert_int_equal(info.num_irqs, 2);
	info.argsz = offsetofend(struct vfio_device_info, num_irqs);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), 0);
	info.argsz--;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), -EINVAL);
}

static void interrupts_are_one_eventfd_each(void **state)
{
	struct vfio_irq_info irq;

	(void)state;
	for (u32 index = 0; index < 2; index++) {
		memset(&irq, 0xff, sizeof(irq));
		irq.argsz = offsetofend(struct vfio_irq_info, count);
		irq.index = index;
		assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &irq), 0);
		assert_int_equal(irq.count, 1);
		assert_int_equal(irq.flags, VFIO_IRQ_INFO_EVENTFD);
	}
	irq.argsz--;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &irq), -EINVAL);
}

/* The life of a device */

static void device_in_use_is_not_staged(void **state)
{
	(void)state;
	assert_int_equal(model_write(mdev, "activate", "0"), -EBUSY);
	assert_non_null(strstr(model_show(mdev, "refusal"), "end it or unplug it first"));
	assert_true(has(QUEUE));
	model_close(mdev);
	assert_int_equal(model_write(mdev, "activate", "0"), 0);
	assert_int_equal(model_write(mdev, "activate", "1"), 0);
	assert_int_equal(model_open(mdev, guest), 0);
	assert_true(has(QUEUE));
}

/* That is what guest_matrix shows without a guest. */
static void closed_device_shows_what_a_guest_would_get(void **state)
{
	(void)state;
	model_close(mdev);
	assert_string_equal(model_show(mdev, "guest_matrix"), "05.0004\n05.0005\n");
	model_queue(QUEUE)->reset_time = HZ;
	assert_int_equal(model_open(mdev, guest), 0);
	model_close(mdev);
	assert_string_equal(model_show(mdev, "guest_matrix"), "05.0004\n05.0005\n");
	assert_false(has(QUEUE));
	assert_int_equal(model_open(mdev, guest), 0);
}

/* Adapters and domains are numbered from 0. */
static void queue_0_is_waited_for(void **state)
{
	int error;

	set_up_machine(state);
	mask_add(&model.host.apm, 0);
	mask_add(&model.host.aqm, 0);
	assert_int_equal(module_load(), 0);
	model_queue(0)->reset_time = HZ;
	assert_int_equal(model_bind(0), 0);
	mdev = model_create(1, &error);
	guest = model_guest_new();
	assert_int_equal(model_write(mdev, "ap_config", "0x8,0x8,0x0"), 0);
	assert_int_equal(model_open(mdev, guest), 0);
	assert_true(has(0));
	assert_string_equal(model_show(mdev, "guest_matrix"), "00.0000\n");
	model_use(guest);
	assert_int_equal(model_write(mdev, "ap_config", "0x0,0x0,0x0"), 0);
	ap_tapq(0, NULL);
	assert_false(model_queue(0)->dirty);
	tear_down_open(state);
}

/* Resets */

static long meanwhile;

static void reset_meanwhile(void)
{
	if (!model_queue(QUEUE)->zapqs)
		return;
	kernel_while_waiting = NULL;
	meanwhile = device_ioctl(VFIO_DEVICE_RESET, NULL);
}

/* A ZAPQ for the second would come when the guest uses the queue again. */
static void two_resets_at_the_same_time_are_one(void **state)
{
	(void)state;
	model_queue(QUEUE)->reset_time = HZ;
	model_queue(QUEUE)->zapqs = 0;
	kernel_while_waiting = reset_meanwhile;
	meanwhile = -1;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
	assert_int_equal(meanwhile, 0);
	kernel_settle(5 * HZ);
	assert_int_equal(model_queue(QUEUE)->zapqs, 1);
}

static void queue_in_use_is_left_alone(void **state)
{
	struct queue *q;

	(void)state;
	model_use(guest);
	model_queue(QUEUE)->zapqs = 0;
	kernel_settle(30 * HZ);
	assert_int_equal(model_queue(QUEUE)->zapqs, 0);
	/* Its worker may be late. */
	q = dev_get_drvdata(&model_queue(QUEUE)->aq.ap_dev.device);
	vfio_ap_reset_work(&q->reset_work.work);
	kernel_settle(5 * HZ);
	assert_int_equal(model_queue(QUEUE)->zapqs, 0);
	assert_true(model_queue(QUEUE)->dirty);
}

/* The guest finds in its own instructions that the queue is away. */
static void reset_of_a_queue_that_is_away_is_an_error(void **state)
{
	(void)state;
	model_queue(QUEUE)->fault = AP_RESPONSE_DECONFIGURED;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), -EIO);
	assert_true(has(QUEUE));
	assert_string_equal(model_show_queue(QUEUE, "condition"), "ready\n");
	model_queue(QUEUE)->fault = 0;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
}

/* What the bus has not yet seen come back is the guest's nevertheless. */
static void reset_in_a_guest_does_not_wait_for_the_bus(void **state)
{
	(void)state;
	model_queue(QUEUE)->fault = AP_RESPONSE_DECONFIGURED;
	model_look(QUEUE);
	model_queue(QUEUE)->fault = 0;
	model_use(guest);
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
	assert_false(model_queue(QUEUE)->dirty);
	model_look(QUEUE);
}

/* The bus would reset it under its next guest, and take its interruptions. */
static void queue_outside_of_guests_is_away_until_the_bus_has_seen_it(void **state)
{
	(void)state;
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	model_unbind(QUEUE);
	model_queue(QUEUE)->fault = AP_RESPONSE_DECONFIGURED;
	assert_int_equal(model_bind(QUEUE), 0);
	model_look(QUEUE);
	kernel_settle(HZ);
	model_queue(QUEUE)->fault = 0;
	kernel_settle(3 * HZ);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "unavailable\n");
	model_look(QUEUE);
	kernel_settle(3 * HZ);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "ready\n");
}

static unsigned long resumed;

static void watch_bus(void)
{
	if (!resumed && model_queue(QUEUE)->aq.sm_state == AP_SM_STATE_IDLE)
		resumed = jiffies;
}

/* It has half of the time, 2.5 s, to get ready by itself. */
static void bus_is_begun_anew_at_half_time(void **state)
{
	unsigned long begin = jiffies;

	(void)state;
	model_queue(QUEUE)->aq.sm_state = AP_SM_STATE_RESET_START;
	resumed = 0;
	kernel_while_waiting = watch_bus;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
	kernel_while_waiting = NULL;
	assert_in_range(resumed - begin, 5 * HZ / 2, 11 * HZ / 4);
}

static void bus_is_begun_anew_with_each_retry(void **state)
{
	(void)state;
	model_queue(QUEUE)->fault = 0x77;
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "quarantined\n");
	model_queue(QUEUE)->fault = 0;
	model_queue(QUEUE)->aq.sm_state = AP_SM_STATE_RESET_START;
	kernel_settle(2 * HZ);
	assert_int_equal(model_queue(QUEUE)->aq.sm_state, AP_SM_STATE_IDLE);
	kernel_settle(3 * HZ);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "ready\n");
}

/* Somebody is at the queue after its ZAPQ, and before anybody has seen it empty. */

static void (*disturb)(struct model_queue *q);

static void disturb_after_reset(void)
{
	struct model_queue *q = model_queue(QUEUE);

	if (!q->resetting || time_before(jiffies, q->reset_end))
		return;
	kernel_while_waiting = NULL;
	ap_tapq(QUEUE, NULL);
	disturb(q);
}

static void use(struct model_queue *q)
{
	q->dirty = true;
}

static void interrupt(struct model_queue *q)
{
	q->interrupts = true;
}

static void queue_that_is_not_idle_is_reset_again(void **state)
{
	static void (* const ways[])(struct model_queue *q) = { use, interrupt };
	struct model_queue *q = model_queue(QUEUE);

	(void)state;
	for (int i = 0; i < 2; i++) {
		q->zapqs = 0;
		q->reset_time = HZ / 2;
		disturb = ways[i];
		kernel_while_waiting = disturb_after_reset;
		assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
		kernel_settle(HZ);
		assert_int_equal(q->zapqs, 2);
		assert_false(q->dirty || q->interrupts);
		assert_string_equal(model_show_queue(QUEUE, "condition"), "ready\n");
		assert_int_equal(model_write(mdev, "assign_domain", "5"), 0);
	}
}

static void bus_begins(void)
{
	model_queue(QUEUE)->aq.sm_state = AP_SM_STATE_RESET_START;
}

/* What it is told was so before. */
static void queue_that_the_bus_has_begun_with_is_reset_again(void **state)
{
	(void)state;
	model_queue(QUEUE)->zapqs = 0;
	model.after_tapq = bus_begins;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), -EIO);
	model.after_tapq = NULL;
	model_queue(QUEUE)->zapqs = 0;
	kernel_settle(20 * HZ);
	assert_true(model_queue(QUEUE)->zapqs);
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
}

/* What TAPQ stored of a queue when it was last found zeroized */

static void record_is_as_old_as_the_last_reset(void **state)
{
	struct model_queue *q = model_queue(APQN(6, 4));

	(void)state;
	assert_non_null(strstr(model_show_parent("features"), " hwinfo"));
	q->hwinfo = 0x920000000e470007;
	q->fault = AP_RESPONSE_DECONFIGURED;
	assert_int_equal(model_bind(APQN(6, 4)), 0);
	kernel_settle(HZ);
	assert_string_equal(model_show_queue(APQN(6, 4), "hwinfo"), "");
	q->fault = 0;
	kernel_settle(3 * HZ);
	assert_string_equal(model_show_queue(APQN(6, 4), "hwinfo"), "0x920000000e470007\n");
	assert_int_equal(model_write(mdev, "ap_config", "0x02,0x08,0"), 0);
	q->hwinfo = 0x920000000f470007;
	assert_string_equal(model_show_queue(APQN(6, 4), "hwinfo"), "0x920000000e470007\n");
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
	assert_string_equal(model_show_queue(APQN(6, 4), "hwinfo"), "0x920000000f470007\n");
}

static void record_has_no_facilities_where_none_are_told(void **state)
{
	(void)state;
	model.has_apft = false;
	model_queue(APQN(6, 4))->hwinfo = 0x920000000e470007;
	assert_int_equal(model_bind(APQN(6, 4)), 0);
	kernel_settle(HZ);
	assert_string_equal(model_show_queue(APQN(6, 4), "hwinfo"), "0x000000000e470007\n");
}

/* Unbinding */

static void unbind_meanwhile(void)
{
	if (!model_queue(QUEUE)->zapqs)
		return;
	kernel_while_waiting = NULL;
	model_queue(QUEUE)->reset_time = 0;
	model_unbind(QUEUE);
}

/* After 5 s it is quarantined, and gets one more reset, which succeeds. */
static void queue_unbound_during_its_reset_gets_one_more(void **state)
{
	(void)state;
	model_use(guest);
	model_queue(QUEUE)->reset_time = 7 * HZ;
	model_queue(QUEUE)->zapqs = 0;
	kernel_events("unclean");
	kernel_while_waiting = unbind_meanwhile;
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_int_equal(kernel_events("unclean"), 0);
	ap_tapq(QUEUE, NULL);
	assert_false(model_queue(QUEUE)->dirty);
}

static void log_tells_of_a_guest_that_keeps_a_queue_only(void **state)
{
	(void)state;
	kernel_forget();
	model_unbind(QUEUE);
	assert_int_equal(kernel_logged(&model_queue(QUEUE)->aq.ap_dev.device, ""), 0);
	guest->locked = true;
	kernel_task.killed = true;
	model_unbind(APQN(5, 4));
	assert_int_equal(kernel_logged(&model_queue(APQN(5, 4))->aq.ap_dev.device,
				       "its guest did not give it up"), 1);
	guest->locked = false;
	kernel_task.killed = false;
	kernel_settle(HZ);
}

static void queue_that_is_not_bound_has_no_data(void **state)
{
	(void)state;
	kernel_calls = 0;
	for (kernel_fail_at = 1; model_bind(APQN(6, 4)); kernel_fail_at++) {
		assert_null(model_queue(APQN(6, 4))->aq.ap_dev.device.data);
		kernel_calls = 0;
	}
	kernel_fail_at = 0;
	assert_non_null(model_queue(APQN(6, 4))->aq.ap_dev.device.data);
	model_unbind(APQN(6, 4));
	assert_null(model_queue(APQN(6, 4))->aq.ap_dev.device.data);
}

/* Plans */

/* The bus has initialized one since its reset: it is reset again before the guest starts. */
static void guest_starts_with_what_the_bus_has_used(void **state)
{
	unsigned int changes;

	(void)state;
	model_close(mdev);
	model_queue(QUEUE)->interrupts = true;
	model_queue(QUEUE)->reset_time = HZ;
	changes = guest->changes;
	assert_int_equal(model_open(mdev, guest), 0);
	assert_true(has(APQN(5, 4)) && has(QUEUE));
	assert_int_equal(guest->changes, changes + 1);
}

/* It claims nothing: its queues are another's, or the host's. */
static void staged_device_waits_for_no_queue_and_touches_none(void **state)
{
	unsigned long begin;

	(void)state;
	assert_int_equal(model_write(mdev, "activate", "0"), 0);
	model_queue(APQN(5, 4))->reset_time = 3 * HZ;
	model_unbind(APQN(5, 4));
	assert_int_equal(model_bind(APQN(5, 4)), 0);
	model_queue(QUEUE)->interrupts = true;
	model_queue(QUEUE)->zapqs = 0;
	begin = jiffies;
	assert_int_equal(model_write(mdev, "assign_domain", "6"), 0);
	assert_int_equal(model_open(mdev, guest), -ENODEV);
	assert_int_equal(jiffies, begin);
	kernel_settle(5 * HZ);
	assert_int_equal(model_queue(QUEUE)->zapqs, 0);
}

static bool missing;

static void look_for_queue(void)
{
	missing |= !has(APQN(5, 4));
}

/* What comes waits until all have come to rest; what the guest has, it keeps. */
static void queues_come_together_and_the_guest_keeps_its_own(void **state)
{
	unsigned int changes = guest->changes;

	(void)state;
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	kernel_settle(HZ);
	model_queue(APQN(5, 7))->reset_time = 3 * HZ;
	missing = false;
	kernel_while_waiting = look_for_queue;
	assert_int_equal(model_bind(APQN(5, 7)), 0);
	assert_int_equal(model_write(mdev, "assign_domain", "6-7"), 0);
	kernel_while_waiting = NULL;
	assert_false(missing);
	assert_true(has(APQN(5, 6)) && has(APQN(5, 7)));
	assert_int_equal(guest->changes, changes + 1);
}

/* The guest's own reset of a queue is nothing that others wait for. */
static void reset_in_the_guest_holds_up_no_plan(void **state)
{
	(void)state;
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	kernel_settle(HZ);
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	kernel_settle(HZ);
	assert_int_equal(model_write(mdev, "assign_domain", "5-6"), 0);
	assert_true(has(QUEUE) && has(APQN(5, 6)));
}

/* Domains 6 and 7 come while the one is still being reset; then adapter 6, likewise. */
static void queues_that_come_late_come_together(void **state)
{
	unsigned int changes;

	(void)state;
	assert_int_equal(model_write(mdev, "ap_config", "0x06,0x0f,0"), 0);
	changes = guest->changes;
	model_queue(APQN(5, 7))->reset_time = 3 * HZ;
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	assert_int_equal(model_bind(APQN(5, 7)), 0);
	kernel_settle(HZ);
	assert_string_equal(model_show_queue(APQN(5, 6), "condition"), "ready\n");
	assert_false(has(APQN(5, 6)));
	kernel_settle(4 * HZ);
	assert_true(has(APQN(5, 6)) && has(APQN(5, 7)));
	assert_int_equal(guest->changes, changes + 1);
	model_queue(APQN(6, 7))->reset_time = 3 * HZ;
	for (unsigned int domain = 4; domain < 8; domain++)
		assert_int_equal(model_bind(APQN(6, domain)), 0);
	kernel_settle(HZ);
	assert_int_equal(guest->changes, changes + 1);
	kernel_settle(4 * HZ);
	assert_true(has(APQN(6, 4)) && has(APQN(6, 7)));
	assert_int_equal(guest->changes, changes + 2);
}

static void bind_and_rest(unsigned int apqn)
{
	assert_int_equal(model_bind(apqn), 0);
	kernel_settle(HZ);
	assert_false(has(apqn));
}

static void unbind(unsigned int apqn)
{
	if (model_queue(apqn)->there)
		model_unbind(apqn);
}

/* What the scan of a new configuration brings, comes when it is over. */
static void queues_of_a_scan_come_together(void **state)
{
	struct matrix all = model.host, less = model.host;

	(void)state;
	assert_int_equal(model_write(mdev, "assign_adapter", "6"), 0);
	mask_del(&less.apm, 6);
	mask_del(&less.aqm, 6);
	mask_del(&less.aqm, 7);
	model_scan(&less, NULL, unbind);
	mask_del(&all.aqm, 6);
	mask_del(&all.aqm, 7);
	model_scan(&all, bind_and_rest, unbind);
	kernel_settle(0);
	assert_true(has(APQN(6, 4)) && has(APQN(6, 5)));
}

/* Interruptions */

static bool is_on(u64 indicator)
{
	return model_aqic(guest, QUEUE, true, indicator) == AP_RESPONSE_NORMAL;
}

static void unmap(u64 iova, u64 length)
{
	mdev->vdev.ops->dma_unmap(&mdev->vdev, iova, length);
}

static void interruptions_that_are_off_hold_no_page(void **state)
{
	const int held = kernel_held;

	(void)state;
	assert_true(is_on(0x6000));
	assert_true(kernel_held > held);
	assert_int_equal(model_aqic(guest, QUEUE, false, 0), AP_RESPONSE_NORMAL);
	assert_int_equal(kernel_held, held);
}

/* Bytes from the first on, as many as are said. */
static void range_that_is_unmapped_has_two_ends(void **state)
{
	const int held = kernel_held;

	(void)state;
	assert_true(is_on(0x6000));
	unmap(0x5000, 0x1000);
	unmap(0x7000, 0x1000);
	assert_true(kernel_held > held);
	unmap(0x6000, 0x1000);
	assert_int_equal(kernel_held, held);
	kernel_settle(HZ);
	assert_true(is_on(0x6fff));
	unmap(0x5000, 0x2000);
	assert_int_equal(kernel_held, held);
	kernel_settle(HZ);
}

static const struct CMUnitTest tests[] = {
	TEST(device_is_an_ap_device_without_regions, open, open),
	TEST(interrupts_are_one_eventfd_each, open, open),
	TEST(device_in_use_is_not_staged, open, open),
	TEST(closed_device_shows_what_a_guest_would_get, open, open),
	cmocka_unit_test(queue_0_is_waited_for),
	TEST(two_resets_at_the_same_time_are_one, open, open),
	TEST(queue_in_use_is_left_alone, open, open),
	TEST(reset_of_a_queue_that_is_away_is_an_error, open, open),
	TEST(reset_in_a_guest_does_not_wait_for_the_bus, open, open),
	TEST(queue_outside_of_guests_is_away_until_the_bus_has_seen_it, open, open),
	TEST(bus_is_begun_anew_at_half_time, open, open),
	TEST(bus_is_begun_anew_with_each_retry, open, open),
	TEST(queue_that_is_not_idle_is_reset_again, open, open),
	TEST(queue_that_the_bus_has_begun_with_is_reset_again, open, open),
	TEST(record_is_as_old_as_the_last_reset, open, open),
	TEST(record_has_no_facilities_where_none_are_told, open, open),
	TEST(queue_unbound_during_its_reset_gets_one_more, open, open),
	TEST(log_tells_of_a_guest_that_keeps_a_queue_only, open, open),
	TEST(queue_that_is_not_bound_has_no_data, driver, driver),
	TEST(guest_starts_with_what_the_bus_has_used, open, open),
	TEST(staged_device_waits_for_no_queue_and_touches_none, device, device),
	TEST(queues_come_together_and_the_guest_keeps_its_own, open, open),
	TEST(queues_that_come_late_come_together, open, open),
	TEST(queues_of_a_scan_come_together, open, open),
	TEST(reset_in_the_guest_holds_up_no_plan, open, open),
	TEST(interruptions_that_are_off_hold_no_page, open, open),
	TEST(range_that_is_unmapped_has_two_ends, open, open),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
