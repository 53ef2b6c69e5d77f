// SPDX-License-Identifier: GPL-2.0-only
/* Who waits for a change is told of it: poll(), uevents, eventfds and the log, as docs/ABI promises. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/unit/driver/machine.h"

#include "driver/event.h"

#define QUEUE	APQN(5, 5)

/* The uevents since told_of() was asked last. */
static struct {
	const struct device *dev;
	char event[24], list[UEVENT_BUFFER_SIZE];
} events[512];
static unsigned int event_count;

static void on_event(const struct device *dev, char *env[])
{
	assert_true(event_count < 512);
	events[event_count].dev = dev;
	strcpy(events[event_count].event, env[0]);
	strcpy(events[event_count++].list, env[1] ? env[1] : "");
	assert_true(!env[1] || !env[2]);
}

static int hear(void **state)
{
	(void)state;
	kernel_on_event = on_event;
	event_count = 0;
	kernel_forget();
	return 0;
}

static int set_up_listened(void **state)
{
	set_up_open(state);
	return hear(state);
}

static int tear_down_listened(void **state)
{
	kernel_on_event = NULL;
	return tear_down_open(state);
}

/* Whether @dev told @event with @list, at any place among those that came; it is forgotten. */
static bool told(const struct device *dev, const char *event, const char *list)
{
	for (unsigned int i = 0; i < event_count; i++) {
		if (events[i].dev != dev || strcmp(events[i].event, event) ||
		    strcmp(events[i].list, list))
			continue;
		events[i].dev = NULL;
		return true;
	}
	return false;
}

static bool nothing_else_told(void)
{
	for (unsigned int i = 0; i < event_count; i++)
		if (events[i].dev)
			return false;
	event_count = 0;
	return true;
}

static const struct device *device(void)
{
	return mdev->vdev.dev;
}

static const struct device *queue(void)
{
	return &model_queue(QUEUE)->aq.ap_dev.device;
}

static void assert_matrix_notified(bool is)
{
	assert_int_equal(!!kernel_notified(device(), "ap_config"), is);
	assert_int_equal(!!kernel_notified(device(), "matrix"), is);
	assert_int_equal(!!kernel_notified(device(), "control_domains"), is);
}

static void assert_guest_notified(bool is)
{
	assert_int_equal(!!kernel_notified(device(), "guest_matrix"), is);
	assert_int_equal(!!kernel_notified(device(), "guest_control_domains"), is);
}

static void assert_queue_notified(bool is)
{
	assert_int_equal(!!kernel_notified(queue(), "status"), is);
	assert_int_equal(!!kernel_notified(queue(), "condition"), is);
}

static void assignment_is_told(void **state)
{
	(void)state;
	kernel_forget();
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_matrix_notified(true);
	assert_guest_notified(true);
	assert_queue_notified(true);
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_matrix_notified(false);
	assert_guest_notified(false);
	assert_int_equal(model_write(mdev, "assign_domain", "5"), 0);
	assert_matrix_notified(true);
	assert_guest_notified(true);
	assert_queue_notified(true);
}

/* While it is assigned, but in no guest, a queue changes its status, too. */
static void status_of_a_queue_without_a_guest_is_told(void **state)
{
	(void)state;
	model_close(mdev);
	kernel_settle(HZ);
	kernel_forget();
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_string_equal(model_show_queue(QUEUE, "status"), "unassigned\n");
	assert_queue_notified(true);
	assert_int_equal(model_write(mdev, "assign_domain", "5"), 0);
	assert_string_equal(model_show_queue(QUEUE, "status"), "assigned\n");
	assert_queue_notified(true);
	assert_int_equal(model_write(mdev, "activate", "0"), 0);
	assert_string_equal(model_show_queue(QUEUE, "status"), "unassigned\n");
	assert_queue_notified(true);
	assert_int_equal(model_write(mdev, "activate", "1"), 0);
	assert_int_equal(model_open(mdev, guest), 0);
}

static void refused_assignment_is_no_change(void **state)
{
	struct matrix_mdev *other;
	int error;

	(void)state;
	other = model_create(2, &error);
	assert_int_equal(model_write(other, "ap_config", "0x04,0x04,0"), -EADDRINUSE);
	assert_int_equal(kernel_notified(other->vdev.dev, "matrix"), 0);
	assert_int_equal(kernel_logged(other->vdev.dev, "05.0005: assigned to device-1"), 1);
	model_remove(other);
}

static void removed_device_leaves_its_queues_unassigned(void **state)
{
	struct matrix_mdev *other;
	int error;

	(void)state;
	other = model_create(2, &error);
	assert_int_equal(model_bind(APQN(6, 6)), 0);
	kernel_settle(HZ);
	assert_int_equal(model_write(other, "ap_config", "0x02,0x02,0"), 0);
	kernel_notified(&model_queue(APQN(6, 6))->aq.ap_dev.device, "status");
	model_remove(other);
	assert_int_equal(!!kernel_notified(&model_queue(APQN(6, 6))->aq.ap_dev.device, "status"), 1);
	assert_string_equal(model_show_queue(APQN(6, 6), "status"), "unassigned\n");
}

static void staging_is_told(void **state)
{
	(void)state;
	model_close(mdev);
	kernel_settle(HZ);
	hear(state);
	kernel_forget();
	assert_int_equal(model_write(mdev, "activate", "0"), 0);
	assert_true(told(device(), "AP_EVENT=deactivate", ""));
	assert_matrix_notified(true);
	assert_guest_notified(true);
	assert_int_equal(model_write(mdev, "activate", "0"), 0);
	assert_true(nothing_else_told());
	assert_matrix_notified(false);
	assert_int_equal(model_write(mdev, "activate", "1"), 0);
	assert_true(told(device(), "AP_EVENT=activate", ""));
	assert_true(nothing_else_told());
	assert_matrix_notified(true);
	assert_guest_notified(true);
	assert_int_equal(model_open(mdev, guest), 0);
}

static void opening_and_closing_are_told(void **state)
{
	(void)state;
	model_close(mdev);
	assert_true(told(device(), "AP_EVENT=unplug", "AP_APQN=05.0004,05.0005"));
	assert_true(nothing_else_told());
	kernel_settle(HZ);
	kernel_forget();
	assert_int_equal(model_open(mdev, guest), 0);
	assert_true(told(device(), "AP_EVENT=plug", "AP_APQN=05.0004,05.0005"));
	assert_true(nothing_else_told());
	assert_guest_notified(true);
	assert_queue_notified(true);
	model_close(mdev);
	assert_guest_notified(true);
	assert_queue_notified(true);
	kernel_settle(HZ);
	hear(state);
	assert_int_equal(model_open(mdev, guest), 0);
}

/* guest_matrix showed what it would get. */
static void opening_by_a_guest_that_gets_nothing_is_told(void **state)
{
	(void)state;
	model_close(mdev);
	kernel_settle(HZ);
	hear(state);
	kernel_forget();
	guest->kvm.arch.crypto.crycbd = 0;
	assert_int_equal(model_open(mdev, guest), 0);
	assert_true(nothing_else_told());
	guest->kvm.arch.crypto.crycbd = 1;
}

static unsigned int looks;

/* The first queue has been looked at by then. */
static void bus_begins_after_second_look(void)
{
	if (++looks == 2)
		model_queue(APQN(5, 4))->aq.sm_state = AP_SM_STATE_RESET_START;
}

/* guest_matrix showed queues, at one of which the bus is when the device is opened. */
static void opening_that_brings_nothing_of_what_was_shown_is_told(void **state)
{
	(void)state;
	model_close(mdev);
	kernel_settle(HZ);
	assert_string_equal(model_show(mdev, "guest_matrix"), "05.0004\n05.0005\n");
	looks = 0;
	model.after_tapq = bus_begins_after_second_look;
	kernel_forget();
	assert_int_equal(model_open(mdev, guest), 0);
	model.after_tapq = NULL;
	assert_string_equal(model_show(mdev, "guest_matrix"), "");
	assert_guest_notified(true);
	kernel_settle(20 * HZ);
	assert_string_equal(model_show(mdev, "guest_matrix"), "05.0004\n05.0005\n");
	assert_guest_notified(true);
}

static void queues_and_control_domains_are_told_by_name(void **state)
{
	(void)state;
	assert_int_equal(model_bind(APQN(6, 4)), 0);
	assert_int_equal(model_bind(APQN(6, 5)), 0);
	kernel_settle(HZ);
	assert_int_equal(model_write(mdev, "ap_config", "0x02,0x0c,0x05"), 0);
	assert_true(told(device(), "AP_EVENT=unplug", "AP_APQN=05.0004,05.0005"));
	assert_true(told(device(), "AP_EVENT=plug", "AP_APQN=06.0004,06.0005"));
	assert_true(told(device(), "AP_EVENT=plug", "AP_CONTROL_DOMAIN=0005,0007"));
	assert_true(nothing_else_told());
	assert_int_equal(model_write(mdev, "unassign_control_domain", "7"), 0);
	assert_true(told(device(), "AP_EVENT=unplug", "AP_CONTROL_DOMAIN=0007"));
	assert_true(nothing_else_told());
}

static unsigned int listed;

/* The next item of a list that is told in parts; each part is short, and begins with @variable. */
static void on_part(const struct device *dev, char *env[])
{
	const char *at = strchr(env[1], '=') + 1;
	unsigned int adapter, domain;
	int length;

	(void)dev;
	assert_string_equal(env[0], "AP_EVENT=plug");
	assert_true(strlen(env[1]) < UEVENT_BUFFER_SIZE / 2);
	assert_int_equal(strncmp(env[1], "AP_APQN=", 8), 0);
	do {
		assert_int_equal(sscanf(at, "%2x.%4x%n", &adapter, &domain, &length), 2);
		assert_int_equal(length, 7);
		assert_int_equal(APQN(adapter, domain), listed++);
		at += length;
	} while (*at++ == ',');
	assert_int_equal(at[-1], '\0');
}

static void long_lists_are_told_in_parts(void **state)
{
	const struct matrix nothing = { 0 };
	struct matrix all = { 0 };
	struct device dev = { 0 };

	(void)state;
	memset(&all.apm, 0xff, sizeof(all.apm));
	memset(&all.aqm, 0xff, sizeof(all.aqm));
	listed = 0;
	kernel_on_event = on_part;
	vfio_ap_event_apcb(&dev, &nothing, &all);
	assert_int_equal(listed, 65536);
	kernel_on_event = NULL;
}

static void fate_of_a_queue_is_told(void **state)
{
	(void)state;
	kernel_forget();
	model_queue(QUEUE)->fault = 0x77;
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	kernel_settle(HZ / 2);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "quarantined\n");
	assert_true(told(queue(), "AP_EVENT=quarantine", "AP_APQN=05.0005"));
	assert_int_equal(kernel_logged(queue(), "quarantined: response code 77 to its reset"), 1);
	assert_queue_notified(true);
	kernel_settle(3 * HZ);
	assert_int_equal(kernel_logged(queue(), ""), 0);
	assert_queue_notified(false);
	model_queue(QUEUE)->fault = 0;
	kernel_settle(20 * HZ);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "ready\n");
	assert_true(told(queue(), "AP_EVENT=recover", "AP_APQN=05.0005"));
	assert_int_equal(kernel_logged(queue(), "out of quarantine"), 1);
	assert_int_equal(kernel_logged(queue(), ""), 0);
	assert_queue_notified(true);
	assert_true(told(device(), "AP_EVENT=unplug", "AP_APQN=05.0005"));
	assert_true(nothing_else_told());
}

/* Neither is worth a uevent. */
static void reset_and_absence_are_told_to_pollers_only(void **state)
{
	(void)state;
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	kernel_settle(HZ);
	assert_true(told(device(), "AP_EVENT=unplug", "AP_APQN=05.0005"));
	model_unbind(QUEUE);
	model_queue(QUEUE)->fault = AP_RESPONSE_DECONFIGURED;
	assert_int_equal(model_bind(QUEUE), 0);
	kernel_forget();
	kernel_settle(HZ);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "unavailable\n");
	assert_queue_notified(true);
	model_queue(QUEUE)->fault = 0;
	kernel_settle(3 * HZ);
	assert_string_equal(model_show_queue(QUEUE, "condition"), "ready\n");
	assert_queue_notified(true);
	assert_true(nothing_else_told());
	assert_int_equal(kernel_logged(queue(), "quarantine"), 0);
}

static void queue_unbound_unclean_is_told(void **state)
{
	(void)state;
	model_use(guest);
	model_queue(QUEUE)->fault = 0x77;
	model_unbind(QUEUE);
	assert_true(told(queue(), "AP_EVENT=unclean", "AP_APQN=05.0005"));
	assert_int_equal(kernel_logged(queue(), "could not be zeroized"), 1);
	model_queue(QUEUE)->fault = 0;
	assert_int_equal(model_bind(QUEUE), 0);
	kernel_settle(HZ);
	hear(state);
	model_unbind(QUEUE);
	assert_false(told(queue(), "AP_EVENT=unclean", "AP_APQN=05.0005"));
}

/*
 * The debug feature, for who looks for the cause of a trouble: failures at the levels 3 and 4, what
 * users do at 5, each reset at 6.
 */

static void debug_feature_tells_of_resets(void **state)
{
	(void)state;
	assert_int_equal(mdev->vdev.ops->ioctl(&mdev->vdev, VFIO_DEVICE_RESET, 0), 0);
	assert_int_equal(kernel_traced("6 05.0005: reset in its guest, response code 00 to its reset\n"), 1);
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_int_equal(kernel_traced("5 vfio0: the APCB of its guest changes\n"), 1);
	assert_int_equal(kernel_traced("6 05.0005: clean, response code 00 to its reset\n"), 1);
	model_unbind(QUEUE);
	assert_int_equal(kernel_traced("5 05.0005: unbound, zeroized 1\n"), 1);
	model_queue(QUEUE)->fault = AP_RESPONSE_CHECKSTOPPED;
	assert_int_equal(model_bind(QUEUE), 0);
	kernel_settle(HZ);
	assert_int_equal(kernel_traced("4 05.0005: unavailable, response code 04 to its reset\n"), 1);
	model_queue(QUEUE)->fault = 0x77;
	kernel_settle(3 * HZ);
	assert_int_equal(kernel_traced("3 05.0005: quarantined, response code 77 to its reset\n"), 1);
	model_queue(QUEUE)->fault = 0;
}

static void debug_feature_tells_of_users(void **state)
{
	(void)state;
	model_close(mdev);
	assert_int_equal(kernel_traced("5 vfio0: closed\n"), 1);
	assert_int_equal(model_open(mdev, NULL), -EINVAL);
	assert_int_equal(kernel_traced("4 vfio0: opened: -22\n"), 1);
	assert_int_equal(model_open(mdev, guest), 0);
	assert_int_equal(kernel_traced("5 vfio0: opened: 0\n"), 1);
	model_use(guest);
	model_queue(QUEUE)->fault = 0x77;
	model_unbind(QUEUE);
	assert_int_equal(kernel_traced("3 05.0005: unbound, zeroized 0\n"), 1);
	model_queue(QUEUE)->fault = 0;
	assert_int_equal(model_bind(QUEUE), 0);
	assert_int_equal(kernel_traced("5 05.0005: bound\n"), 1);
}

static void debug_feature_tells_of_refusals(void **state)
{
	const struct matrix host = model.host;
	struct matrix wanted = { 0 };
	struct matrix_mdev *other;
	int error;

	(void)state;
	other = model_create(2, &error);
	assert_int_equal(model_write(other, "ap_config", "0x04,0x04,0"), -EADDRINUSE);
	assert_int_equal(kernel_traced("4 vfio0: its assignment is refused: -98\n"), 1);
	model_remove(other);
	mask_add(&wanted.apm, 5);
	mask_add(&wanted.aqm, 5);
	assert_int_equal(model_reserve(&wanted), -EADDRINUSE);
	assert_int_equal(kernel_traced("4 queues are kept from the host\n"), 1);
	model_scan(&host, NULL, NULL);
	assert_int_equal(kernel_traced("5 the AP configuration has changed, its scan begins\n"), 1);
	assert_int_equal(kernel_traced("5 the AP configuration has changed, its scan is over\n"), 1);
}

/* The VMM's eventfds */

static void set_eventfd(u32 index, s32 fd)
{
	struct {
		struct vfio_irq_set set;
		s32 fd;
	} argument = {
		{
			.argsz = sizeof(argument),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index,
			.count = 1,
		},
		fd,
	};

	assert_int_equal(mdev->vdev.ops->ioctl(&mdev->vdev, VFIO_DEVICE_SET_IRQS,
					       (unsigned long)&argument), 0);
}

#define REQUEST		0
#define CONFIG_CHANGED	1

static void vmm_is_told_that_its_guest_changed(void **state)
{
	(void)state;
	set_eventfd(REQUEST, 3);
	set_eventfd(CONFIG_CHANGED, 4);
	kernel_signals(4);
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_int_equal(kernel_signals(4), 1);
	assert_int_equal(model_write(mdev, "assign_domain", "7"), 0);
	assert_int_equal(kernel_signals(4), 0);
	assert_int_equal(kernel_signals(3), 0);
}

static void vmm_is_asked_for_the_device(void **state)
{
	(void)state;
	kernel_forget();
	mdev->vdev.ops->request(&mdev->vdev, 0);
	assert_int_equal(kernel_logged(device(), "who cannot be asked"), 1);
	mdev->vdev.ops->request(&mdev->vdev, 1);
	assert_int_equal(kernel_logged(device(), ""), 0);
	set_eventfd(REQUEST, 3);
	kernel_signals(3);
	for (unsigned int count = 0; count < 2; count++) {
		mdev->vdev.ops->request(&mdev->vdev, count);
		assert_int_equal(kernel_signals(3), 1);
		assert_int_equal(kernel_logged(device(), "asked its user to release it"), 1);
	}
	set_eventfd(REQUEST, -1);
	mdev->vdev.ops->request(&mdev->vdev, 2);
	assert_int_equal(kernel_signals(3), 0);
}

/* Its eventfds may be another's by then. */
static void next_vmm_has_eventfds_of_its_own(void **state)
{
	(void)state;
	set_eventfd(REQUEST, 3);
	set_eventfd(CONFIG_CHANGED, 4);
	model_close(mdev);
	kernel_settle(HZ);
	kernel_signals(4);
	assert_int_equal(model_open(mdev, guest), 0);
	mdev->vdev.ops->request(&mdev->vdev, 0);
	assert_int_equal(kernel_signals(3), 0);
	assert_int_equal(kernel_signals(4), 0);
}

static const struct CMUnitTest tests[] = {
	TEST(assignment_is_told, listened, listened),
	TEST(status_of_a_queue_without_a_guest_is_told, listened, listened),
	TEST(refused_assignment_is_no_change, listened, listened),
	TEST(removed_device_leaves_its_queues_unassigned, listened, listened),
	TEST(staging_is_told, listened, listened),
	TEST(opening_and_closing_are_told, listened, listened),
	TEST(opening_by_a_guest_that_gets_nothing_is_told, listened, listened),
	TEST(opening_that_brings_nothing_of_what_was_shown_is_told, listened, listened),
	TEST(queues_and_control_domains_are_told_by_name, listened, listened),
	cmocka_unit_test(long_lists_are_told_in_parts),
	TEST(fate_of_a_queue_is_told, listened, listened),
	TEST(reset_and_absence_are_told_to_pollers_only, listened, listened),
	TEST(queue_unbound_unclean_is_told, listened, listened),
	TEST(debug_feature_tells_of_resets, listened, listened),
	TEST(debug_feature_tells_of_users, listened, listened),
	TEST(debug_feature_tells_of_refusals, listened, listened),
	TEST(vmm_is_told_that_its_guest_changed, listened, listened),
	TEST(vmm_is_asked_for_the_device, listened, listened),
	TEST(next_vmm_has_eventfds_of_its_own, listened, listened),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
