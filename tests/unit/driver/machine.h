/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests of driver/ as a whole begin with, and leave: nothing is held at the end. */
#ifndef TESTS_DRIVER_MACHINE_H
#define TESTS_DRIVER_MACHINE_H

#include "tests/unit/kernel/model.h"

#include "driver/tables.h"

static struct matrix_mdev *mdev;
static struct model_guest *guest;

static inline int set_up_machine(void **state)
{
	(void)state;
	kernel_fail_at = 0;
	kernel_unpin_late = 0;
	kernel_task = (struct kernel_task){ 0 };
	model_reset();
	/* A module that is loaded again begins with its data as built. */
	vfio_ap_tables.limit = (struct matrix){ 0 };
	vfio_ap_tables.told = false;
	return 0;
}

static inline int set_up_driver(void **state)
{
	set_up_machine(state);
	assert_int_equal(module_load(), 0);
	return 0;
}

/* A device with 05.0004 and 05.0005, and a guest that does not have it yet. */
static inline int set_up_device(void **state)
{
	int error;

	set_up_driver(state);
	assert_int_equal(model_bind(APQN(5, 4)), 0);
	assert_int_equal(model_bind(APQN(5, 5)), 0);
	mdev = model_create(1, &error);
	assert_int_equal(model_write(mdev, "assign_adapter", "5\n"), 0);
	assert_int_equal(model_write(mdev, "assign_domain", "4-5\n"), 0);
	guest = model_guest_new();
	return 0;
}

static inline int set_up_open(void **state)
{
	set_up_device(state);
	assert_int_equal(model_open(mdev, guest), 0);
	assert_true(matrix_has(&guest->apcb, APQN(5, 4)));
	return 0;
}

static inline int tear_down_driver(void **state)
{
	(void)state;
	kernel_fail_at = 0;
	module_unload();
	assert_int_equal(kernel_held, 0);
	return 0;
}

static inline int tear_down_device(void **state)
{
	model_remove(mdev);
	model_guest_free(guest);
	return tear_down_driver(state);
}

static inline int tear_down_open(void **state)
{
	model_close(mdev);
	return tear_down_device(state);
}

#define TEST(name, up, down) cmocka_unit_test_setup_teardown(name, set_up_##up, tear_down_##down)

#endif /* TESTS_DRIVER_MACHINE_H */
