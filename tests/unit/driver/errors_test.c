// SPDX-License-Identifier: GPL-2.0-only
/*
 * The error paths of driver/: each call of the kernel that can fail is made to fail, one after
 * the other, and whatever was taken before has to be given back. And all that a guest, its
 * QEMU or the machine can do wrong by themselves.
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sys/ioctl.h>

#include "tests/unit/driver/machine.h"

#include "driver/apcb.h"
#include "driver/queue.h"
#include "driver/registry.h"
#include "driver/tables.h"

#define NIB	0x5008u
#define LONG	(20 * HZ)

/*
 * @attempt is made with its first call failing, its second, and so on, until all of them
 * succeed. A failure holds nothing that was not held before. Returns how many there were.
 */
static unsigned int fail_each(int (*attempt)(void))
{
	int held = kernel_held, result = -1;
	unsigned int failures = 0;

	while (result) {
		kernel_calls = 0;
		kernel_fail_at = ++failures;
		result = attempt();
		if (kernel_calls < failures)
			assert_int_equal(result, 0);
		if (result) {
			kernel_settle(0);
			assert_true(kernel_calls >= failures);
			assert_int_equal(kernel_held, held);
		}
	}
	kernel_fail_at = 0;
	return failures - 1;
}

static void load_fails_at_each_step(void **state)
{
	(void)state;
	/* registry, debug feature, 3 work queues, root, bus, matrix (5), its driver, AP driver, mdev (2) */
	assert_int_equal(fail_each(module_load), 16);
	module_unload();
	assert_int_equal(kernel_held, 0);
}

static void load_needs_the_machine(void **state)
{
	(void)state;
	model.has_ap = false;
	assert_int_equal(module_load(), -ENODEV);
	model.has_ap = true;
	model.qci_fails = true;
	assert_int_equal(module_load(), -EOPNOTSUPP);
	assert_int_equal(kernel_held, 0);
}

/* The module is not to work with a struct kvm that has another layout. */
static void load_needs_the_kernel_of_the_build(void **state)
{
	(void)state;
	strcpy(kernel_utsname.release, "6.12.1");
	assert_int_equal(module_load(), -ENOEXEC);
	assert_int_equal(kernel_logged(&kernel_itself, "built for Linux 6.12.0, and this is 6.12.1"), 1);
	assert_int_equal(kernel_held, 0);
	strcpy(kernel_utsname.release, UTS_RELEASE);
	assert_int_equal(module_load(), 0);
	module_unload();
}

static void without_qci_limits_are_those_of_the_architecture(void **state)
{
	int error;

	(void)state;
	model.has_qci = false;
	assert_int_equal(module_load(), 0);
	mdev = model_create(1, &error);
	assert_int_equal(model_write(mdev, "assign_adapter", "63"), 0);
	assert_int_equal(model_write(mdev, "assign_adapter", "64"), -ENODEV);
	assert_int_equal(model_write(mdev, "assign_domain", "15"), 0);
	assert_int_equal(model_write(mdev, "assign_domain", "16"), -ENODEV);
	assert_int_equal(model_write(mdev, "ap_config", "0,0001,0"), 0);
	assert_int_equal(model_write(mdev, "ap_config", "0,00008,0"), -ENODEV);
	assert_non_null(strstr(model_show(mdev, "refusal"), "domains up to 0x000f"));
	model_remove(mdev);
	module_unload();
	assert_int_equal(kernel_held, 0);
}

static void without_apxa_too(void **state)
{
	int error;

	(void)state;
	model.apxa = false;
	assert_int_equal(module_load(), 0);
	mdev = model_create(1, &error);
	assert_int_equal(model_write(mdev, "assign_adapter", "64"), -ENODEV);
	model_remove(mdev);
	module_unload();
}

static void no_queue(unsigned int apqn)
{
	(void)apqn;
}

static void adapter_goes(void)
{
	struct matrix host = model.host;

	model.after_qci = NULL;
	mask_del(&host.apm, 6);
	model_scan(&host, no_queue, no_queue);
}

/* While the module is loaded. */
static void later_configuration_counts(void **state)
{
	(void)state;
	model.after_qci = adapter_goes;
	assert_int_equal(module_load(), 0);
	assert_false(mask_has(&vfio_ap_tables.host.apm, 6));
	module_unload();
}

static int bind_queue(void)
{
	return model_bind(APQN(5, 4));
}

static void bind_fails_at_each_step(void **state)
{
	(void)state;
	/* memory, attribute, registry */
	assert_int_equal(fail_each(bind_queue), 3);
}

static int create_device(void)
{
	int error;

	mdev = model_create(1, &error);
	return error;
}

static void create_fails_at_each_step(void **state)
{
	(void)state;
	/* device, refusal, registration */
	assert_int_equal(fail_each(create_device), 3);
	model_remove(mdev);
}

static int open_device(void)
{
	return model_open(mdev, guest);
}

static void open_fails_at_each_step(void **state)
{
	(void)state;
	/* six symbols and a reference; what fails later is not fatal */
	assert_int_equal(fail_each(open_device), 7);
	assert_true(matrix_has(&guest->apcb, APQN(5, 4)));
	assert_non_null(guest->kvm.arch.crypto.pqap_hook);
	model_close(mdev);
}

static void open_is_refused(void **state)
{
	(void)state;
	assert_int_equal(model_open(mdev, NULL), -EINVAL);
	assert_non_null(strstr(model_show(mdev, "refusal"), "KVM has to run it"));
	guest->kvm.users = 0;
	assert_int_equal(model_open(mdev, guest), -EINVAL);
	guest->kvm.users = 1;
	assert_int_equal(model_write(mdev, "activate", "0"), 0);
	assert_int_equal(model_open(mdev, guest), -ENODEV);
	assert_non_null(strstr(model_show(mdev, "refusal"), "write 1 to activate"));
	assert_int_equal(model_write(mdev, "activate", "1"), 0);
}

static void guest_has_one_device(void **state)
{
	struct matrix_mdev *other;
	int error, held = kernel_held;

	(void)state;
	other = model_create(2, &error);
	held = kernel_held;
	assert_int_equal(model_open(other, guest), -EPERM);
	assert_non_null(strstr(model_show(other, "refusal"), "another device of this type"));
	assert_int_equal(kernel_held, held);
	model_remove(other);
}

static void guest_without_apcb_gets_nothing(void **state)
{
	(void)state;
	guest->kvm.arch.crypto.crycbd = 0;
	assert_int_equal(model_open(mdev, guest), 0);
	assert_false(matrix_has_queues(&guest->apcb));
	model_close(mdev);
}

static void uevent_without_memory_says_change(void **state)
{
	(void)state;
	kernel_events("change");
	kernel_events("plug");
	kernel_events("unplug");
	kernel_calls = 0;
	kernel_fail_at = 8;
	assert_int_equal(model_open(mdev, guest), 0);
	assert_int_equal(kernel_events("plug"), 0);
	assert_int_equal(kernel_events("change"), 1);
	kernel_fail_at = 0;
	model_close(mdev);
	assert_int_equal(kernel_events("unplug"), 1);
}

static long device_ioctl(unsigned int command, void *argument)
{
	return mdev->vdev.ops->ioctl(&mdev->vdev, command, (unsigned long)argument);
}

static void unknown_ioctls_are_refused(void **state)
{
	(void)state;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_REGION_INFO, NULL), -EOPNOTSUPP);
	assert_int_equal(device_ioctl(0, NULL), -EOPNOTSUPP);
}

static void information_needs_room(void **state)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = NR_IRQS_OF_MDEV };

	(void)state;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, NULL), -EFAULT);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), 0);
	info.argsz = 8;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_INFO, &info), -EINVAL);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, NULL), -EFAULT);
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &irq), -EINVAL);
	irq.index = 0;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &irq), 0);
	assert_int_equal(irq.count, 1);
	irq.argsz = 4;
	assert_int_equal(device_ioctl(VFIO_DEVICE_GET_IRQ_INFO, &irq), -EINVAL);
}

static long set_irq(u32 flags, u32 index, u32 count, s32 fd)
{
	struct {
		struct vfio_irq_set set;
		s32 fd;
	} argument = {
		{ .argsz = sizeof(argument), .flags = flags, .index = index, .count = count },
		fd,
	};

	return device_ioctl(VFIO_DEVICE_SET_IRQS, &argument);
}

#define EVENTFD	(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)

static void interrupts_are_eventfds(void **state)
{
	(void)state;
	assert_int_equal(device_ioctl(VFIO_DEVICE_SET_IRQS, NULL), -EFAULT);
	assert_int_equal(set_irq(EVENTFD, NR_IRQS_OF_MDEV, 1, 1), -EINVAL);
	assert_int_equal(set_irq(EVENTFD, 0, 0, 1), -EINVAL);
	assert_int_equal(set_irq(EVENTFD, 0, 2, 1), -EINVAL);
	assert_int_equal(set_irq(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1, 1),
			 -EINVAL);
	assert_int_equal(set_irq(VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1, 1),
			 -EINVAL);
	assert_int_equal(set_irq(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_MASK, 0, 1, 1),
			 -EINVAL);
	assert_int_equal(set_irq(EVENTFD, 0, 1, -2), -EINVAL);
	assert_int_equal(set_irq(EVENTFD, 0, 1, 99), -EBADF);
	assert_int_equal(set_irq(EVENTFD, 0, 1, 1), 0);
	assert_int_equal(set_irq(EVENTFD, 0, 1, 2), 0);
	assert_int_equal(set_irq(EVENTFD, 1, 1, 3), 0);
	assert_int_equal(set_irq(EVENTFD, 1, 1, -1), 0);
}

static void reset_tells_of_a_queue_that_fails(void **state)
{
	(void)state;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
	model_queue(APQN(5, 5))->fault = 0x77;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), -EIO);
	kernel_settle(HZ / 2);
	assert_false(matrix_has(&guest->apcb, APQN(5, 5)));
	model_queue(APQN(5, 5))->fault = 0;
	kernel_settle(2 * HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 5)));
}

static void reset_gives_up_in_time(void **state)
{
	unsigned long begin = jiffies;

	(void)state;
	model_queue(APQN(5, 5))->reset_time = LONG;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), -EIO);
	assert_true(jiffies - begin <= 6 * HZ);
	model_queue(APQN(5, 5))->reset_time = 0;
	kernel_settle(LONG);
}

/* However the queues of a write come to rest. */
static struct matrix one_queue(unsigned int apqn)
{
	struct matrix queues = { 0 };

	mask_add(&queues.apm, APQN_ADAPTER(apqn));
	mask_add(&queues.aqm, APQN_DOMAIN(apqn));
	return queues;
}

static void status_has_three_words(void **state)
{
	const struct matrix queues = one_queue(APQN(5, 4));

	(void)state;
	assert_string_equal(model_show_queue(APQN(5, 4), "status"), "in use\n");
	assert_string_equal(model_show_queue(APQN(5, 4), "condition"), "ready\n");
	assert_string_equal(model_show_parent("unready"), "0\n");
	model_queue(APQN(5, 4))->fault = AP_RESPONSE_BUSY;
	vfio_ap_registry_begin_reset(&queues);
	assert_string_equal(model_show_queue(APQN(5, 4), "status"), "in use\n");
	assert_string_equal(model_show_queue(APQN(5, 4), "condition"), "resetting\n");
	assert_string_equal(model_show_parent("unready"), "1\n");
	kernel_settle(6 * HZ);
	assert_string_equal(model_show_queue(APQN(5, 4), "status"), "assigned\n");
	assert_string_equal(model_show_queue(APQN(5, 4), "condition"), "quarantined\n");
	assert_string_equal(model_show_parent("unready"), "1\n");
	assert_int_equal(model_write(mdev, "ap_config", "0,0,0"), 0);
	assert_string_equal(model_show_queue(APQN(5, 4), "status"), "unassigned\n");
	model_queue(APQN(5, 4))->fault = 0;
}

static void a_write_is_one_change(void **state)
{
	unsigned int changes = guest->changes;

	(void)state;
	model_queue(APQN(6, 4))->reset_time = HZ;
	model_queue(APQN(6, 5))->reset_time = 2 * HZ;
	assert_int_equal(model_bind(APQN(6, 4)), 0);
	assert_int_equal(model_bind(APQN(6, 5)), 0);
	assert_int_equal(model_write(mdev, "ap_config", "0x02,0x0c,0x0c"), 0);
	assert_true(matrix_has(&guest->apcb, APQN(6, 5)));
	assert_int_equal(guest->changes, changes + 1);
}

/* Control domains: the administrator says which. */

static void usage_domains_are_controlled_if_that_is_said(void **state)
{
	unsigned int changes = guest->changes;

	(void)state;
	assert_string_equal(model_show(mdev, "control_usage_domains"), "0\n");
	assert_string_equal(model_show(mdev, "guest_control_domains"), "");
	assert_true(mask_empty(&guest->apcb.adm));
	kernel_events("plug");
	kernel_events("unplug");
	assert_int_equal(model_write(mdev, "control_usage_domains", "1\n"), 0);
	assert_string_equal(model_show(mdev, "control_usage_domains"), "1\n");
	assert_string_equal(model_show(mdev, "guest_control_domains"), "0004\n0005\n");
	assert_true(mask_has(&guest->apcb.adm, 4) && mask_has(&guest->apcb.adm, 5));
	assert_int_equal(kernel_events("plug"), 1);
	assert_int_equal(guest->changes, changes + 1);
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_string_equal(model_show(mdev, "guest_control_domains"), "0004\n");
	assert_string_equal(model_show(mdev, "control_domains"), "");
	assert_int_equal(model_write(mdev, "control_usage_domains", "0"), 0);
	assert_true(mask_empty(&guest->apcb.adm));
	assert_true(matrix_has(&guest->apcb, APQN(5, 4)));
}

static void control_domains_are_what_is_assigned(void **state)
{
	(void)state;
	assert_int_equal(model_write(mdev, "assign_control_domain", "7"), 0);
	assert_string_equal(model_show(mdev, "guest_control_domains"), "0007\n");
	assert_int_equal(model_write(mdev, "control_usage_domains", "2"), -EINVAL);
	assert_non_null(strstr(model_show(mdev, "refusal"), "neither 0 nor 1"));
	assert_false(mask_has(&guest->apcb.adm, 4));
	assert_non_null(strstr(model_show_parent("features"), " control_usage_domains"));
}

/* The tools of s390-tools take for claimed what matrix shows. */
static void staged_device_shows_that_it_claims_nothing(void **state)
{
	(void)state;
	assert_string_equal(model_show(mdev, "matrix"), "05.0004\n05.0005\n");
	assert_int_equal(model_write(mdev, "activate", "0"), 0);
	assert_string_equal(model_show(mdev, "matrix"), "");
	assert_int_equal(strncmp(model_show(mdev, "ap_config"), "0x04000000", 10), 0);
	assert_int_equal(model_write(mdev, "activate", "1"), 0);
	assert_string_equal(model_show(mdev, "matrix"), "05.0004\n05.0005\n");
}

static struct matrix_mdev *other;
static struct model_guest *other_guest;

/* 05.0005, which was out of the guest, is another device's and clean: @mdev looks at it. */
static void claim_meanwhile(void)
{
	if (strcmp(model_show_queue(APQN(5, 5), "condition"), "ready\n"))
		return;
	kernel_while_waiting = NULL;
	assert_int_equal(model_write(other, "ap_config", "0x04,0x04,0"), 0);
	mutex_lock(&mdev->lock);
	vfio_ap_apcb_refresh(mdev);
	mutex_unlock(&mdev->lock);
	assert_false(matrix_has(&guest->apcb, APQN(5, 5)));
}

/* The next write waits for a queue in the guest, and no other. */
static void have_a_write_wait(void (*meanwhile)(void))
{
	const struct matrix queues = one_queue(APQN(5, 4));

	model_queue(APQN(5, 4))->reset_time = HZ;
	vfio_ap_registry_begin_reset(&queues);
	kernel_while_waiting = meanwhile;
}

/* While a write waits for queues, it has given up what it takes away, a domain or an adapter. */
static void guest_gets_nothing_that_another_device_has_claimed(void **state)
{
	static const char *const configs[] = { "0x04,0x08,0", "0x06,0x08,0", "0x02,0x0c,0" };
	int error;

	(void)state;
	assert_int_equal(model_bind(APQN(6, 4)), 0);
	assert_int_equal(model_bind(APQN(6, 5)), 0);
	kernel_settle(HZ);
	other = model_create(2, &error);
	for (int i = 0; i < 3; i++) {
		model_unbind(APQN(5, 5));
		assert_int_equal(model_bind(APQN(5, 5)), 0);
		have_a_write_wait(claim_meanwhile);
		assert_int_equal(model_write(mdev, "ap_config", configs[i]), 0);
		assert_null(kernel_while_waiting);
		assert_int_equal(model_write(other, "ap_config", "0,0,0"), 0);
		assert_int_equal(model_write(mdev, "ap_config", "0x04,0x0c,0"), 0);
		assert_true(matrix_has(&guest->apcb, APQN(5, 5)));
	}
	model_remove(other);
}

static void domain_comes_meanwhile(void)
{
	struct matrix more = model.host;

	kernel_while_waiting = NULL;
	mask_add(&more.adm, 9);
	model_scan(&more, NULL, NULL);
	assert_false(mask_has(&guest->apcb.adm, 9));
}

/* Control domains are no queues, and others can have them, too. */
static void guest_gets_no_control_domain_that_was_given_up(void **state)
{
	(void)state;
	assert_int_equal(model_write(mdev, "assign_control_domain", "9"), 0);
	have_a_write_wait(domain_comes_meanwhile);
	assert_int_equal(model_write(mdev, "unassign_control_domain", "9"), 0);
	assert_null(kernel_while_waiting);
	assert_false(mask_has(&guest->apcb.adm, 9));
}

static void only_what_is_asked_for_newly_is_looked_up(void **state)
{
	(void)state;
	assert_int_equal(model_write(mdev, "assign_domain", "6-7"), 0);
	model.reservations_asked = 0;
	assert_int_equal(model_write(mdev, "assign_adapter", "6"), 0);
	assert_int_equal(model.reservations_asked, 4);
	assert_int_equal(model_write(mdev, "unassign_adapter", "6"), 0);
	assert_int_equal(model.reservations_asked, 4);
}

/* AQIC */

static int enable_interrupts(void)
{
	return model_aqic(guest, APQN(5, 4), true, NIB);
}

static void aqic_fails_at_each_step(void **state)
{
	(void)state;
	/* memory twice, page, interruption subclass */
	assert_int_equal(fail_each(enable_interrupts), 4);
	assert_true(model_queue(APQN(5, 4))->interrupts);
	assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_NORMAL);
	assert_false(model_queue(APQN(5, 4))->interrupts);
}

static void aqic_is_refused(void **state)
{
	(void)state;
	assert_int_equal(model_aqic(guest, APQN(5, 6), true, NIB), AP_RESPONSE_Q_NOT_AVAIL);
	assert_int_equal(model_aqic(guest, 0xffff, true, NIB), AP_RESPONSE_Q_NOT_AVAIL);
	assert_int_equal(model_aqic(guest, APQN(5, 4), true, 0), AP_RESPONSE_INVALID_ADDRESS);
	guest->sie_block.eca = 0;
	assert_int_equal(model_aqic(guest, APQN(5, 4), true, NIB), -EOPNOTSUPP);
}

static void aqic_needs_a_shared_page(void **state)
{
	int held = kernel_held;

	(void)state;
	guest->vcpu.arch.pv.handle = 1;
	model.shared_pages = false;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_INVALID_ADDRESS);
	assert_int_equal(kernel_held, held);
	model.shared_pages = true;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
}

static void aqic_failure_keeps_what_was(void **state)
{
	int held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	held = kernel_held;
	model_queue(APQN(5, 4))->fault = AP_RESPONSE_BUSY;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_BUSY);
	assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_BUSY);
	assert_int_equal(kernel_held, held);
	model_queue(APQN(5, 4))->fault = 0;
	assert_int_equal(model_aqic(guest, APQN(5, 4), true, NIB + 8), AP_RESPONSE_OTHERWISE_CHANGED);
	assert_int_equal(kernel_held, held);
}

static void aqic_waits_until_interrupts_are_off(void **state)
{
	int held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	held = kernel_held;
	model_queue(APQN(5, 4))->deaf = true;
	assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_NORMAL);
	assert_int_equal(kernel_held, held);
	model_queue(APQN(5, 4))->deaf = false;
	assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_NORMAL);
	assert_true(kernel_held < held);
}

/* Unknown is not off. */
static void aqic_waits_until_interrupts_are_seen_to_be_off(void **state)
{
	static const u8 silent[] = { AP_RESPONSE_BUSY, 0x36, AP_RESPONSE_DECONFIGURED };
	int held;

	(void)state;
	for (size_t i = 0; i < sizeof(silent); i++) {
		assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
		held = kernel_held;
		model_queue(APQN(5, 4))->silent = silent[i];
		assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_NORMAL);
		assert_int_equal(kernel_held, held);
		model_queue(APQN(5, 4))->silent = 0;
		assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_NORMAL);
		assert_true(kernel_held < held);
	}
}

static void reset_does_not_end_with_an_asynchronous_error(void **state)
{
	const struct matrix queues = one_queue(APQN(5, 4));
	struct queue *q;

	(void)state;
	model_queue(APQN(5, 4))->silent = AP_RESPONSE_DECONFIGURED;
	q = vfio_ap_registry_get_owned(APQN(5, 4), mdev);
	vfio_ap_registry_begin_reset(&queues);
	kernel_settle(HZ);
	assert_int_equal(q->state.phase, QUEUE_RESETTING);
	model_queue(APQN(5, 4))->silent = 0;
	kernel_settle(HZ);
	assert_int_equal(q->state.phase, QUEUE_USED);
	vfio_ap_queue_put(q);
}

static void aqic_during_a_reset(void **state)
{
	const struct matrix queues = one_queue(APQN(5, 4));

	(void)state;
	model_queue(APQN(5, 4))->reset_time = HZ;
	vfio_ap_registry_begin_reset(&queues);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_RESET_IN_PROGRESS);
	assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_RESET_IN_PROGRESS);
	kernel_settle(2 * HZ);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
}

static void move_queue(void)
{
	kernel_while_pinning = NULL;
	assert_int_equal(model_write(mdev, "unassign_domain", "4"), 0);
	assert_int_equal(model_write(other, "assign_adapter", "5"), 0);
	assert_int_equal(model_write(other, "assign_domain", "4"), 0);
	assert_true(matrix_has(&other_guest->apcb, APQN(5, 4)));
}

static void aqic_while_its_queue_moves(void **state)
{
	int error;

	(void)state;
	other = model_create(2, &error);
	other_guest = model_guest_new();
	assert_int_equal(model_open(other, other_guest), 0);
	kernel_while_pinning = move_queue;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_Q_NOT_AVAIL);
	assert_false(model_queue(APQN(5, 4))->interrupts);
	assert_int_equal(model_aqic(other_guest, APQN(5, 4), true, NIB), AP_RESPONSE_NORMAL);
	model_close(other);
	model_remove(other);
	model_guest_free(other_guest);
}

static void reset_comes_back_after_aqic(void **state)
{
	const struct matrix queues = one_queue(APQN(5, 4));
	struct queue *q;
	int held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	held = kernel_held;
	q = vfio_ap_registry_get_owned(APQN(5, 4), mdev);
	mutex_lock(&q->irq_lock);
	vfio_ap_registry_begin_reset(&queues);
	kernel_settle(HZ);
	assert_int_equal(q->state.phase, QUEUE_RESETTING);
	assert_int_equal(kernel_held, held);
	mutex_unlock(&q->irq_lock);
	kernel_settle(HZ);
	assert_int_equal(q->state.phase, QUEUE_USED);
	assert_true(kernel_held < held);
	vfio_ap_queue_put(q);
}

static struct queue *contended;

/* A vCPU that was admitted, and preempted since, goes on. */
static void finish_aqic(void)
{
	const union ap_qirq_ctrl on = { .ir = 1 };

	if (time_before(jiffies, model_queue(contended->apqn)->reset_end))
		return;
	model.after_tapq = NULL;
	ap_aqic(contended->apqn, on, NIB);
	mutex_unlock(&contended->irq_lock);
}

static void aqic_admitted_before_a_reset_is_seen_by_it(void **state)
{
	const struct matrix queues = one_queue(APQN(5, 4));

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	contended = vfio_ap_registry_get_owned(APQN(5, 4), mdev);
	model_queue(APQN(5, 4))->reset_time = 5;
	vfio_ap_registry_begin_reset(&queues);
	kernel_settle(0);
	assert_true(contended->state.zapped);
	mutex_lock(&contended->irq_lock);
	model.after_tapq = finish_aqic;
	kernel_settle(HZ);
	if (model.after_tapq)
		finish_aqic();
	kernel_settle(HZ);
	assert_int_equal(contended->state.phase, QUEUE_USED);
	assert_false(model_queue(APQN(5, 4))->interrupts);
	vfio_ap_queue_put(contended);
}

static void unmapped_page_is_unpinned(void **state)
{
	int held = kernel_held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	mdev->vdev.ops->dma_unmap(&mdev->vdev, NIB - 8, 4);
	kernel_settle(0);
	assert_true(kernel_held > held);
	mdev->vdev.ops->dma_unmap(&mdev->vdev, NIB & PAGE_MASK, PAGE_SIZE);
	kernel_settle(0);
	assert_int_equal(kernel_held, held);
	/* For a moment nothing is pinned there. */
	assert_int_equal(enable_interrupts(), AP_RESPONSE_INVALID_ADDRESS);
	kernel_settle(HZ);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
}

static void dma_unmap(u64 iova, u64 length)
{
	mdev->vdev.ops->dma_unmap(&mdev->vdev, iova, length);
}

/* What lies between stays open, as long as there are few. */
static void ranges_stay_closed_together(void **state)
{
	(void)state;
	dma_unmap(NIB & PAGE_MASK, PAGE_SIZE);
	dma_unmap((NIB & PAGE_MASK) + 2 * PAGE_SIZE, PAGE_SIZE);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_INVALID_ADDRESS);
	assert_int_equal(model_aqic(guest, APQN(5, 4), true, NIB + PAGE_SIZE), AP_RESPONSE_NORMAL);
	assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_NORMAL);
	for (u64 i = 0; i < 10; i++)
		dma_unmap((NIB & PAGE_MASK) + 2 * i * PAGE_SIZE, PAGE_SIZE);
	for (u64 i = 0; i < 10; i++)
		assert_int_equal(model_aqic(guest, APQN(5, 4), true, NIB + 2 * i * PAGE_SIZE),
				 AP_RESPONSE_INVALID_ADDRESS);
	kernel_settle(HZ);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
}

/* VFIO looks ten times. */
static void page_is_waited_for_that_is_unpinned_late(void **state)
{
	int held = kernel_held, tries = 0;

	(void)state;
	assert_true(kernel_unpin_flags & WQ_MEM_RECLAIM);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	kernel_unpin_late = 3 * HZ;
	do {
		dma_unmap(NIB & PAGE_MASK, PAGE_SIZE);
		assert_true(++tries <= 10);
	} while (kernel_held > held);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_INVALID_ADDRESS);
	kernel_unpin_late = 0;
}

/* It does not look twice when all goes. */
static void no_page_is_unpinned_from_memory_that_is_gone(void **state)
{
	int held = kernel_held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	kernel_unpin_late = 30 * HZ;
	dma_unmap(0, ULONG_MAX);
	assert_int_equal(kernel_held, held);
	kernel_unpin_late = 0;
}

static void close_gives_back_interrupts(void **state)
{
	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	model_queue(APQN(5, 5))->fault = AP_RESPONSE_DECONFIGURED;
	assert_int_equal(model_aqic(guest, APQN(5, 5), true, NIB), AP_RESPONSE_DECONFIGURED);
}

/* A queue that hangs may interrupt yet: nobody gets the pages that it writes to. */
static void hanging_queue_keeps_pages(void **state)
{
	int held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	model_queue(APQN(5, 4))->fault = AP_RESPONSE_BUSY;
	model_close(mdev);
	held = kernel_held;
	kernel_settle(5 * HZ);
	assert_int_equal(kernel_held, held);
	model_queue(APQN(5, 4))->fault = 0;
	kernel_settle(2 * HZ);
	/* two pages, and what names them */
	assert_int_equal(kernel_held, held - 3);
	assert_int_equal(model_open(mdev, guest), 0);
}

/* Nor when it is unbound. */
static void hanging_queue_keeps_pages_for_ever(void **state)
{
	int held = kernel_held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	model_queue(APQN(5, 4))->fault = AP_RESPONSE_BUSY;
	model_close(mdev);
	model_unbind(APQN(5, 4));
	model_queue(APQN(5, 4))->fault = 0;
	assert_int_equal(model_bind(APQN(5, 4)), 0);
	kernel_settle(HZ);
	assert_int_equal(model_open(mdev, guest), 0);
	assert_int_equal(kernel_held, held + 2);
	kernel_held = held;
}

/* The ap bus */

/* 05.0006 goes off and comes back; the bus has seen the former. */
static void assign_what_came_back(void)
{
	struct model_queue *q = model_queue(APQN(5, 6));

	q->fault = AP_RESPONSE_DECONFIGURED;
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	model_look(APQN(5, 6));
	kernel_settle(HZ);
	q->fault = 0;
	assert_int_equal(model_write(mdev, "assign_domain", "6"), 0);
	kernel_settle(5 * HZ);
}

static void queue_waits_until_the_bus_has_seen_it_come_back(void **state)
{
	(void)state;
	assign_what_came_back();
	assert_false(matrix_has(&guest->apcb, APQN(5, 6)));
	model_look(APQN(5, 6));
	kernel_settle(2 * HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 6)));
	assert_false(model_queue(APQN(5, 6))->interrupts);
}

/* A reset of the guest's has switched off the interruptions that the bus waits for. */
static void bus_that_waits_for_ever_is_begun_anew(void **state)
{
	(void)state;
	model_queue(APQN(5, 4))->aq.sm_state = AP_SM_STATE_RESET_START;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), 0);
	model_queue(APQN(5, 4))->aq.sm_state = AP_SM_STATE_RESET_START;
	model_unbind(APQN(5, 4));
	assert_false(model_queue(APQN(5, 4))->dirty);
}

/* Updating an adapter's firmware takes longer than a reset may. */
static void quarantine_ends_by_itself(void **state)
{
	struct model_queue *q = model_queue(APQN(5, 5));

	(void)state;
	q->fault = AP_RESPONSE_BUSY;
	assert_int_equal(device_ioctl(VFIO_DEVICE_RESET, NULL), -EIO);
	q->zapqs = 0;
	kernel_settle(300 * HZ);
	assert_false(matrix_has(&guest->apcb, APQN(5, 5)));
	assert_true(q->zapqs < 60);
	q->fault = 0;
	kernel_settle(11 * HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 5)));
}

static void unbind_if_there(unsigned int apqn)
{
	if (model_queue(apqn)->there)
		model_unbind(apqn);
}

static void scan_past_a_guest(void)
{
	struct matrix host = model.host;
	unsigned long begin;

	guest->locked = true;
	begin = jiffies;
	mask_del(&host.apm, 5);
	model_scan(&host, no_queue, unbind_if_there);
	assert_true(jiffies - begin <= 4 * HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 4)));
	guest->locked = false;
	kernel_settle(HZ);
	assert_false(matrix_has(&guest->apcb, APQN(5, 4)));
}

static void bus_does_not_wait_for_a_guest(void **state)
{
	(void)state;
	kernel_task.flags = PF_KTHREAD;
	scan_past_a_guest();
}

/* The AP bus scans in the process that writes to its attribute scans. */
static void scan_of_a_process_does_not_wait_for_a_guest(void **state)
{
	(void)state;
	scan_past_a_guest();
}

/* So does the thread that binds queues anew when the masks have changed. */
static void thread_of_the_kernel_does_not_wait_for_a_guest(void **state)
{
	unsigned long begin = jiffies;

	(void)state;
	kernel_task.flags = PF_KTHREAD;
	guest->locked = true;
	model_unbind(APQN(5, 4));
	model_unbind(APQN(5, 5));
	assert_true(jiffies - begin <= 2 * HZ);
	guest->locked = false;
	kernel_settle(HZ);
	assert_false(matrix_has_queues(&guest->apcb));
}

static void unlock_guest(void)
{
	kernel_while_waiting = NULL;
	guest->locked = false;
}

static void kill_process(void)
{
	kernel_while_waiting = NULL;
	kernel_task.killed = true;
}

/* It waits until the guest gives the queue up, or until it is killed. */
static void process_that_unbinds_waits_for_a_guest(void **state)
{
	(void)state;
	guest->locked = true;
	kernel_while_waiting = unlock_guest;
	model_unbind(APQN(5, 4));
	assert_false(matrix_has(&guest->apcb, APQN(5, 4)));
	assert_false(model_queue(APQN(5, 4))->dirty);
	guest->locked = true;
	kernel_while_waiting = kill_process;
	model_unbind(APQN(5, 5));
	assert_true(matrix_has(&guest->apcb, APQN(5, 5)));
	guest->locked = false;
	kernel_settle(HZ);
	assert_false(matrix_has(&guest->apcb, APQN(5, 5)));
}

/* What the administrator takes from the device; the guest does not follow yet. */
static void take_from_device(void)
{
	const struct matrix nothing = { 0 };

	mutex_lock(&mdev->lock);
	mutex_lock(&ap_perms_mutex);
	assert_int_equal(vfio_ap_registry_claim(mdev, &nothing, true, false), 0);
	mutex_unlock(&ap_perms_mutex);
	mutex_unlock(&mdev->lock);
}

static void bind_domain_4(unsigned int apqn)
{
	if (apqn == APQN(5, 4))
		assert_int_equal(model_bind(apqn), 0);
}

/* The guest holds its lock, and keeps the adapter in its APCB. */
static void adapter_is_configured_anew(void)
{
	struct matrix all = model.host, less = model.host;

	mask_del(&less.apm, 5);
	model_scan(&less, no_queue, unbind_if_there);
	model_scan(&all, bind_domain_4, no_queue);
}

/* Whoever unbinds the queue is killed, since its guest does not give it up. */
static void queue_that_its_guest_keeps_is_nobody_elses(void **state)
{
	const struct matrix queues = one_queue(APQN(5, 4));
	int error;

	(void)state;
	other = model_create(2, &error);
	other_guest = model_guest_new();
	assert_int_equal(model_open(other, other_guest), 0);
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);

	guest->locked = true;
	kernel_task.killed = true;
	model_unbind(APQN(5, 4));
	assert_int_equal(enable_interrupts(), AP_RESPONSE_Q_NOT_AVAIL);
	take_from_device();
	assert_int_equal(model_reserve(&queues), -EADDRINUSE);
	assert_int_equal(model_bind(APQN(5, 4)), -ENODEV);
	adapter_is_configured_anew();
	assert_int_equal(model_write(other, "ap_config", "0x04,0x08,0x08"), 0);
	kernel_settle(HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 4)));
	assert_false(matrix_has(&other_guest->apcb, APQN(5, 4)));
	model_use(guest);
	guest->locked = false;
	kernel_settle(HZ);
	assert_false(matrix_has(&guest->apcb, APQN(5, 4)));
	assert_true(matrix_has(&other_guest->apcb, APQN(5, 4)));
	/* two pages that are kept for ever */
	kernel_held -= 2;
	model_close(other);
	model_remove(other);
	model_guest_free(other_guest);
}

static void clean_queue_that_the_bus_was_at_is_reset_again(void **state)
{
	(void)state;
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	kernel_settle(HZ);
	model_queue(APQN(5, 6))->fault = AP_RESPONSE_DECONFIGURED;
	model_look(APQN(5, 6));
	model_queue(APQN(5, 6))->fault = 0;
	model_look(APQN(5, 6));
	assert_true(model_queue(APQN(5, 6))->interrupts);
	assert_int_equal(model_write(mdev, "assign_domain", "6"), 0);
	kernel_settle(HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 6)));
	assert_false(model_queue(APQN(5, 6))->interrupts);
}

static void clean_queue_that_the_bus_sees_away_is_not_plugged(void **state)
{
	(void)state;
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	kernel_settle(HZ);
	model_queue(APQN(5, 6))->fault = AP_RESPONSE_DECONFIGURED;
	model_look(APQN(5, 6));
	model_queue(APQN(5, 6))->fault = 0;
	assert_int_equal(model_write(mdev, "assign_domain", "6"), 0);
	assert_false(matrix_has(&guest->apcb, APQN(5, 6)));
	model_look(APQN(5, 6));
	kernel_settle(2 * HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 6)));
	assert_false(model_queue(APQN(5, 6))->interrupts);
}

static unsigned int looks;

/* Each of two queues is looked at before the write waits, and again when it comes into force. */
static void bus_begins_after_the_last_look(void)
{
	if (++looks == 4)
		model_queue(APQN(5, 6))->aq.sm_state = AP_SM_STATE_RESET_START;
}

static void clean_queue_that_the_bus_begins_with_is_not_plugged(void **state)
{
	(void)state;
	assert_int_equal(model_bind(APQN(5, 6)), 0);
	assert_int_equal(model_bind(APQN(5, 7)), 0);
	kernel_settle(HZ);
	looks = 0;
	model_queue(APQN(5, 6))->zapqs = 0;
	model.after_tapq = bus_begins_after_the_last_look;
	assert_int_equal(model_write(mdev, "assign_domain", "6-7"), 0);
	model.after_tapq = NULL;
	assert_true(model_queue(APQN(5, 6))->zapqs);
	assert_int_equal(model_queue(APQN(5, 6))->aq.sm_state, AP_SM_STATE_IDLE);
	kernel_settle(HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 6)) && matrix_has(&guest->apcb, APQN(5, 7)));
}

/* The adapter goes and comes back, and the bus initializes the queue for the host. */
static void bus_takes_interruptions(void)
{
	model_queue(APQN(5, 4))->fault = AP_RESPONSE_DECONFIGURED;
	model_look(APQN(5, 4));
	model_queue(APQN(5, 4))->fault = 0;
	model_look(APQN(5, 4));
	assert_int_equal(model_queue(APQN(5, 4))->indicator, MODEL_HOST_INDICATOR);
}

static void guest_takes_interruptions_over_from_the_bus(void **state)
{
	(void)state;
	bus_takes_interruptions();
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	assert_int_not_equal(model_queue(APQN(5, 4))->indicator, MODEL_HOST_INDICATOR);
	assert_int_equal(model_aqic(guest, APQN(5, 4), true, NIB + 8), AP_RESPONSE_OTHERWISE_CHANGED);
}

static void guest_takes_back_interruptions_that_it_had(void **state)
{
	int held;

	(void)state;
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	held = kernel_held;
	bus_takes_interruptions();
	assert_int_equal(enable_interrupts(), AP_RESPONSE_NORMAL);
	assert_int_not_equal(model_queue(APQN(5, 4))->indicator, MODEL_HOST_INDICATOR);
	assert_int_equal(kernel_held, held);
	assert_int_equal(model_aqic(guest, APQN(5, 4), false, 0), AP_RESPONSE_NORMAL);
	assert_true(kernel_held < held);
}

/* The host */

static void host_is_refused_what_is_assigned(void **state)
{
	struct matrix wanted = { 0 };

	(void)state;
	mask_add(&wanted.apm, 5);
	mask_add(&wanted.aqm, 5);
	assert_int_equal(model_reserve(&wanted), -EADDRINUSE);
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_int_equal(model_reserve(&wanted), 0);
	assert_int_equal(model_write(mdev, "assign_domain", "5"), -EADDRNOTAVAIL);
}

/* The kernel takes either masks or overrides. */
static void refusal_names_the_way_that_the_kernel_takes(void **state)
{
	struct matrix wanted = { 0 };

	(void)state;
	mask_add(&wanted.apm, 6);
	mask_add(&wanted.aqm, 4);
	assert_int_equal(model_reserve(&wanted), 0);
	kernel_has_override = true;
	assert_int_equal(model_write(mdev, "assign_adapter", "6"), -EADDRNOTAVAIL);
	assert_non_null(strstr(model_show(mdev, "refusal"), "write -6 to /sys/bus/ap/apmask"));
	memset(&ap_perms, 0xff, sizeof(ap_perms));
	assert_int_equal(model_write(mdev, "assign_adapter", "6"), -EADDRNOTAVAIL);
	assert_non_null(strstr(model_show(mdev, "refusal"),
			       "write vfio_ap to /sys/bus/ap/devices/06.0004/driver_override"));
	kernel_has_override = false;
	assert_int_equal(model_write(mdev, "assign_adapter", "6"), -EADDRNOTAVAIL);
	assert_non_null(strstr(model_show(mdev, "refusal"), "write -6 to /sys/bus/ap/apmask"));
	memset(&ap_perms, 0, sizeof(ap_perms));
}

/* mdevctl removes what it could not start. */
static void refusal_of_a_removed_device_can_be_read(void **state)
{
	struct matrix_mdev *second;
	int error;

	(void)state;
	second = model_create(2, &error);
	assert_int_equal(model_write(second, "ap_config", "0x04,0x08,0"), -EADDRINUSE);
	assert_string_equal(model_show_parent("refusal"), "");
	model_remove(second);
	assert_non_null(strstr(model_show_parent("refusal"), "device-2: ap_config"));
	assert_non_null(strstr(model_show_parent("refusal"), "05.0004: assigned to device-1"));
	second = model_create(2, &error);
	model_remove(second);
	assert_non_null(strstr(model_show_parent("refusal"), "device-2: ap_config"));
}

static void unbound_queue_leaves_its_guest(void **state)
{
	(void)state;
	model_unbind(APQN(5, 5));
	assert_false(matrix_has(&guest->apcb, APQN(5, 5)));
	assert_false(model_queue(APQN(5, 5))->dirty);
	assert_true(matrix_has(&guest->apcb, APQN(5, 4)));
	assert_int_equal(model_bind(APQN(5, 5)), 0);
	kernel_settle(HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 5)));
}

static void queue_bound_late_is_reset(void **state)
{
	(void)state;
	model_unbind(APQN(5, 5));
	model_queue(APQN(5, 5))->neglected = true;
	assert_int_equal(model_bind(APQN(5, 5)), 0);
	kernel_settle(HZ);
	assert_true(matrix_has(&guest->apcb, APQN(5, 5)));
}

/* The guest's last close leaves 05.0005 in quarantine, or unavailable. */
static void leave_stuck(u8 fault)
{
	model_use(guest);
	model_queue(APQN(5, 5))->fault = fault;
	model_close(mdev);
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
}

static int reserve_domain_5(void)
{
	struct matrix wanted = { 0 };

	mask_add(&wanted.apm, 5);
	mask_add(&wanted.aqm, 5);
	return model_reserve(&wanted);
}

static void open_again(void)
{
	model_queue(APQN(5, 5))->fault = 0;
	kernel_settle(2 * HZ);
	assert_int_equal(model_open(mdev, guest), 0);
}

static void host_is_refused_what_is_not_zeroized(void **state)
{
	static const u8 faults[] = { 0x77, AP_RESPONSE_DECONFIGURED, AP_RESPONSE_CHECKSTOPPED };

	(void)state;
	for (size_t i = 0; i < sizeof(faults); i++) {
		leave_stuck(faults[i]);
		assert_int_equal(reserve_domain_5(), -EADDRINUSE);
		model_queue(APQN(5, 5))->fault = 0;
		kernel_settle(2 * HZ);
		assert_int_equal(model_write(mdev, "assign_domain", "5"), 0);
		open_again();
	}
}

static void unbinding_tries_once_more(void **state)
{
	(void)state;
	leave_stuck(0x77);
	kernel_events("unclean");
	model_queue(APQN(5, 5))->fault = 0;
	model_unbind(APQN(5, 5));
	assert_false(model_queue(APQN(5, 5))->dirty);
	assert_int_equal(kernel_events("unclean"), 0);
	open_again();
}

static void unbinding_ends_in_time_and_says_so(void **state)
{
	unsigned long begin;

	(void)state;
	leave_stuck(AP_RESPONSE_BUSY);
	begin = jiffies;
	model_unbind(APQN(5, 5));
	assert_true(jiffies - begin <= 6 * HZ);
	assert_int_equal(kernel_events("unclean"), 1);
	assert_int_equal(reserve_domain_5(), 0);
	model.reserved = (struct matrix){ 0 };
	model_queue(APQN(5, 5))->fault = 0;
	assert_int_equal(model_bind(APQN(5, 5)), 0);
	kernel_settle(HZ);
	assert_false(model_queue(APQN(5, 5))->dirty);
	open_again();
}

/* It is zeroized when it comes back, before its new driver gets it. */
static void host_may_have_what_went_away(void **state)
{
	const struct matrix all = model.host;
	struct matrix less = model.host;

	(void)state;
	leave_stuck(AP_RESPONSE_Q_NOT_AVAIL);
	mask_del(&less.aqm, 5);
	model_scan(&less, no_queue, unbind_if_there);
	assert_int_equal(reserve_domain_5(), 0);
	model_queue(APQN(5, 5))->fault = 0;
	model_queue(APQN(5, 5))->zapqs = 0;
	model_scan(&all, no_queue, no_queue);
	assert_int_equal(model_queue(APQN(5, 5))->zapqs, 1);
	ap_tapq(APQN(5, 5), NULL);
	assert_false(model_queue(APQN(5, 5))->dirty);
	model.reserved = (struct matrix){ 0 };
	open_again();
}

static int meanwhile;

static void reserve_meanwhile(void)
{
	kernel_while_waiting = NULL;
	meanwhile = reserve_domain_5();
}

static void host_is_refused_what_is_being_zeroized(void **state)
{
	(void)state;
	model_use(guest);
	model_queue(APQN(5, 5))->reset_time = HZ;
	kernel_while_waiting = reserve_meanwhile;
	assert_int_equal(model_write(mdev, "unassign_domain", "5"), 0);
	assert_int_equal(meanwhile, -EADDRINUSE);
	assert_int_equal(reserve_domain_5(), 0);
}

/* The module goes: its queues are tried once more all at the same time. */
static void unloading_ends_in_time(void **state)
{
	unsigned long begin;

	model_use(guest);
	model_queue(APQN(5, 4))->fault = AP_RESPONSE_BUSY;
	model_queue(APQN(5, 5))->fault = AP_RESPONSE_BUSY;
	model_close(mdev);
	kernel_events("unclean");
	begin = jiffies;
	tear_down_device(state);
	assert_true(jiffies - begin <= 6 * HZ);
	assert_int_equal(kernel_events("unclean"), 2);
	set_up_open(state);
}

static void host_may_have_what_no_guest_had(void **state)
{
	(void)state;
	assert_int_equal(model_bind(APQN(6, 5)), 0);
	model_queue(APQN(6, 5))->fault = 0x77;
	kernel_settle(HZ);
	kernel_events("unclean");
	model_unbind(APQN(6, 5));
	assert_int_equal(kernel_events("unclean"), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(load_fails_at_each_step, set_up_machine),
	cmocka_unit_test_setup(load_needs_the_machine, set_up_machine),
	cmocka_unit_test_setup(load_needs_the_kernel_of_the_build, set_up_machine),
	cmocka_unit_test_setup(without_qci_limits_are_those_of_the_architecture,
			       set_up_machine),
	cmocka_unit_test_setup(without_apxa_too, set_up_machine),
	cmocka_unit_test_setup(later_configuration_counts, set_up_machine),
	TEST(bind_fails_at_each_step, driver, driver),
	TEST(create_fails_at_each_step, driver, driver),
	TEST(open_fails_at_each_step, device, device),
	TEST(open_is_refused, device, device),
	TEST(guest_has_one_device, open, open),
	TEST(guest_without_apcb_gets_nothing, device, device),
	TEST(uevent_without_memory_says_change, device, device),
	TEST(unknown_ioctls_are_refused, open, open),
	TEST(information_needs_room, open, open),
	TEST(interrupts_are_eventfds, open, open),
	TEST(reset_tells_of_a_queue_that_fails, open, open),
	TEST(reset_gives_up_in_time, open, open),
	TEST(status_has_three_words, open, open),
	TEST(a_write_is_one_change, open, open),
	TEST(only_what_is_asked_for_newly_is_looked_up, open, open),
	TEST(usage_domains_are_controlled_if_that_is_said, open, open),
	TEST(control_domains_are_what_is_assigned, open, open),
	TEST(staged_device_shows_that_it_claims_nothing, device, device),
	TEST(guest_gets_nothing_that_another_device_has_claimed, open, open),
	TEST(guest_gets_no_control_domain_that_was_given_up, open, open),
	TEST(aqic_fails_at_each_step, open, open),
	TEST(aqic_is_refused, open, open),
	TEST(aqic_needs_a_shared_page, open, open),
	TEST(aqic_failure_keeps_what_was, open, open),
	TEST(aqic_waits_until_interrupts_are_off, open, open),
	TEST(aqic_waits_until_interrupts_are_seen_to_be_off, open, open),
	TEST(reset_does_not_end_with_an_asynchronous_error, open, open),
	TEST(aqic_during_a_reset, open, open),
	TEST(aqic_while_its_queue_moves, open, open),
	TEST(reset_comes_back_after_aqic, open, open),
	TEST(aqic_admitted_before_a_reset_is_seen_by_it, open, open),
	TEST(unmapped_page_is_unpinned, open, open),
	TEST(ranges_stay_closed_together, open, open),
	TEST(page_is_waited_for_that_is_unpinned_late, open, open),
	TEST(no_page_is_unpinned_from_memory_that_is_gone, open, open),
	TEST(close_gives_back_interrupts, open, open),
	TEST(hanging_queue_keeps_pages, open, open),
	TEST(hanging_queue_keeps_pages_for_ever, open, open),
	TEST(queue_waits_until_the_bus_has_seen_it_come_back, open, open),
	TEST(bus_that_waits_for_ever_is_begun_anew, open, open),
	TEST(quarantine_ends_by_itself, open, open),
	TEST(bus_does_not_wait_for_a_guest, open, open),
	TEST(scan_of_a_process_does_not_wait_for_a_guest, open, open),
	TEST(thread_of_the_kernel_does_not_wait_for_a_guest, open, open),
	TEST(process_that_unbinds_waits_for_a_guest, open, open),
	TEST(queue_that_its_guest_keeps_is_nobody_elses, open, open),
	TEST(clean_queue_that_the_bus_was_at_is_reset_again, open, open),
	TEST(clean_queue_that_the_bus_sees_away_is_not_plugged, open, open),
	TEST(clean_queue_that_the_bus_begins_with_is_not_plugged, open, open),
	TEST(guest_takes_interruptions_over_from_the_bus, open, open),
	TEST(guest_takes_back_interruptions_that_it_had, open, open),
	TEST(host_is_refused_what_is_assigned, open, open),
	TEST(refusal_names_the_way_that_the_kernel_takes, open, open),
	TEST(refusal_of_a_removed_device_can_be_read, open, open),
	TEST(unbound_queue_leaves_its_guest, open, open),
	TEST(queue_bound_late_is_reset, open, open),
	TEST(host_is_refused_what_is_not_zeroized, open, open),
	TEST(unbinding_tries_once_more, open, open),
	TEST(unbinding_ends_in_time_and_says_so, open, open),
	TEST(host_may_have_what_went_away, open, open),
	TEST(host_is_refused_what_is_being_zeroized, open, open),
	TEST(unloading_ends_in_time, open, open),
	TEST(host_may_have_what_no_guest_had, open, open),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
