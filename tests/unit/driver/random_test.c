// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random operations on driver/ as a whole against a simple model. While one operation waits,
 * workers run and others begin, as other processes could. Whenever an APCB comes into force,
 * model.c checks that no queue is in two guests and that each new one is assigned, bound and clean.
 * When all is at rest, what a guest has is compared with what it should have.
 *
 * timeout: 180
 */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/unit/kernel/model.h"
#include "tests/unit/seeded.h"

#define OPERATIONS	30000
#define REST_EVERY	40
#define REST		(30 * HZ)	/* longer than any reset here, or its deadline */
#define DEVICES		3
#define GUESTS		3
#define DEPTH		3		/* operations that wait at the same time */

static const unsigned int adapters[] = { 5, 6, 7 };
static const unsigned int domains[] = { 4, 5, 6, 7, 8 };

/* @users: operations under way that need the device to stay; @guest: who has it open */
static struct holding {
	struct matrix_mdev *m;
	unsigned int users;
	bool changing;			/* opened or closed just now */
	struct model_guest *guest;
} devices[DEVICES];

/* A guest has one device at most. */
static struct visitor {
	struct model_guest *guest;
	bool busy;
} guests[GUESTS];

static bool moving[AP_IDS * AP_IDS];	/* bound or unbound just now */
static bool scanning;
static unsigned int depth;
static bool kept_pages;

static struct holding *any_device(void)
{
	struct holding *d = &devices[seeded_below(DEVICES)];

	return d->m ? d : NULL;
}

static unsigned int any_apqn(void)
{
	return APQN(adapters[seeded_below(2)], domains[seeded_below(4)]);
}

static struct ap_mask any_mask(const unsigned int *ids, unsigned int count)
{
	struct ap_mask mask = { 0 };

	for (unsigned int i = 0; i < count; i++)
		if (seeded_below(2))
			mask_add(&mask, ids[i]);
	return mask;
}

static void bind(unsigned int apqn)
{
	if (moving[apqn] || model_queue(apqn)->there)
		return;
	assert_int_equal(model_bind(apqn), 0);
}

static void unbind(unsigned int apqn)
{
	if (moving[apqn] || !model_queue(apqn)->there)
		return;
	moving[apqn] = true;
	model_unbind(apqn);
	moving[apqn] = false;
}

/* Operations */

static void create(void)
{
	unsigned int number = seeded_below(DEVICES);
	int error;

	if (!devices[number].m)
		devices[number].m = model_create(number, &error);
}

static void remove_device(void)
{
	struct holding *d = any_device();
	struct matrix_mdev *m;

	if (!d || d->users || d->guest || d->changing)
		return;
	m = d->m;
	d->m = NULL;
	model_remove(m);
}

static void write_attribute(const char *attribute, const char *text)
{
	struct holding *d = any_device();
	int error;

	if (!d)
		return;
	d->users++;
	error = model_write(d->m, attribute, text);
	assert_true(!error || error == -EADDRINUSE || error == -EADDRNOTAVAIL || error == -EBUSY);
	d->users--;
}

static void assign(void)
{
	static const char *const attribute[] = {
		"assign_adapter", "unassign_adapter", "assign_domain", "unassign_domain",
		"assign_control_domain", "unassign_control_domain",
	};
	unsigned int which = seeded_below(6);
	char text[16];

	sprintf(text, "%u", which < 2 ? adapters[seeded_below(3)] : domains[seeded_below(5)]);
	write_attribute(attribute[which], text);
}

static void configure(void)
{
	struct ap_mask a = any_mask(adapters, 3), d = any_mask(domains, 5);
	char text[128];

	sprintf(text, "%016llx,%016llx,0", a.word[0], d.word[0]);
	write_attribute("ap_config", text);
}

static void activate(void)
{
	write_attribute("activate", seeded_below(3) ? "1" : "0");
}

static void control(void)
{
	write_attribute("control_usage_domains", seeded_below(2) ? "1" : "0");
}

static void open_device(void)
{
	struct visitor *g = &guests[seeded_below(GUESTS)];
	struct holding *d = any_device();
	int error;

	if (!d || d->guest || d->changing || g->busy)
		return;
	g->busy = true;
	d->changing = true;
	error = model_open(d->m, g->guest);
	assert_true(!error || error == -ENODEV);
	d->changing = false;
	d->guest = error ? NULL : g->guest;
	g->busy = !error;
}

static void close_device(void)
{
	struct holding *d = any_device();
	struct model_guest *guest;

	if (!d || !d->guest || d->changing)
		return;
	guest = d->guest;
	d->changing = true;
	model_close(d->m);
	d->changing = false;
	d->guest = NULL;
	for (int i = 0; i < GUESTS; i++)
		if (guests[i].guest == guest)
			guests[i].busy = false;
}

static void reset_device(void)
{
	struct holding *d = any_device();
	long error;

	if (!d || !d->guest || d->changing)
		return;
	d->changing = true;
	error = d->m->vdev.ops->ioctl(&d->m->vdev, VFIO_DEVICE_RESET, 0);
	assert_true(!error || error == -EIO);
	d->changing = false;
}

static void use(void)
{
	model_use(guests[seeded_below(GUESTS)].guest);
}

static void interrupt(void)
{
	struct visitor *g = &guests[seeded_below(GUESTS)];

	if (g->guest->kvm.arch.crypto.pqap_hook)
		model_aqic(g->guest, any_apqn(), seeded_below(3), 0x1000 * seeded_below(4));
}

static void rebind(void)
{
	unsigned int apqn = any_apqn();

	if (seeded_below(2))
		unbind(apqn);
	else if (matrix_has(&model.host, apqn) && !matrix_has(&model.reserved, apqn))
		bind(apqn);
}

/* The host takes and gives; its bus then has the drivers follow. */
static void reserve(void)
{
	struct matrix wanted = { any_mask(adapters, 2), any_mask(domains, 2), { { 0 } } };
	unsigned int apqn;

	if (scanning || model_reserve(&wanted))
		return;
	scanning = true;
	matrix_for_each(apqn, &model.host) {
		if (matrix_has(&model.reserved, apqn))
			unbind(apqn);
		else
			bind(apqn);
	}
	scanning = false;
}

static void scan(void)
{
	struct matrix host = { any_mask(adapters, 2), any_mask(domains, 4), { { 0 } } };

	if (scanning)
		return;
	if (seeded_below(2)) {
		mask_add(&host.apm, 5);
		mask_add(&host.apm, 6);
	}
	scanning = true;
	model_scan(&host, bind, unbind);
	scanning = false;
}

static void fail_or_recover(void)
{
	static const u8 faults[] = { 0, 0, 0, 0x77, AP_RESPONSE_DECONFIGURED, AP_RESPONSE_BUSY,
		AP_RESPONSE_CHECKSTOPPED };
	struct model_queue *q = model_queue(any_apqn());

	q->fault = faults[seeded_below(sizeof(faults))];
	q->reset_time = seeded_below(8) ? seeded_below(4) : seeded_below(10 * HZ);
}

static void pass_time(void)
{
	kernel_settle(seeded_below(2 * HZ));
}

static void operate(void)
{
	static const struct {
		void (*perform)(void);
		unsigned int weight;
	} table[] = {
		{ create, 6 }, { remove_device, 2 }, { assign, 30 }, { configure, 10 },
		{ activate, 6 }, { control, 4 }, { open_device, 14 }, { close_device, 6 }, { reset_device, 6 },
		{ use, 30 }, { interrupt, 8 }, { rebind, 6 }, { reserve, 2 }, { scan, 2 },
		{ fail_or_recover, 6 }, { pass_time, 6 },
	};
	unsigned int at = seeded_below(144), i = 0;

	while (at >= table[i].weight)
		at -= table[i++].weight;
	table[i].perform();
}

static void operate_meanwhile(void)
{
	if (depth >= DEPTH || seeded_below(4))
		return;
	depth++;
	operate();
	depth--;
}

/* What has to hold at rest */

static bool usable(const struct matrix *has, unsigned int apqn)
{
	return matrix_has(has, apqn) ||
	       (model_queue(apqn)->there && !ap_tapq(apqn, NULL).response_code);
}

static bool line_fits(const struct matrix *has, struct ap_mask adapter, struct ap_mask domain)
{
	struct matrix line = { adapter, domain, { { 0 } } };
	unsigned int apqn;

	matrix_for_each(apqn, &line)
		if (!usable(has, apqn))
			return false;
	return true;
}

/* Whether nothing is left out that an APCB could have without a queue that it must not have. */
static bool is_whole(const struct matrix *assigned, const struct matrix *has)
{
	struct ap_mask rest = mask_andnot(&assigned->apm, &has->apm);
	unsigned int id, apqn;

	if (!matrix_has_queues(has)) {
		matrix_for_each(apqn, assigned)
			if (usable(has, apqn))
				return false;
		return true;
	}
	mask_for_each(id, &rest) {
		struct ap_mask line = { { 0 } };

		mask_add(&line, id);
		if (line_fits(has, line, has->aqm))
			return false;
	}
	rest = mask_andnot(&assigned->aqm, &has->aqm);
	mask_for_each(id, &rest) {
		struct ap_mask line = { { 0 } };

		mask_add(&line, id);
		if (line_fits(has, has->apm, line))
			return false;
	}
	return true;
}

static void check_device(const struct holding *d)
{
	struct matrix assigned = matrix_and(&d->m->matrix, &model.host);
	struct matrix has = d->m->apcb;
	struct ap_mask uncontrolled = mask_andnot(&has.aqm, &has.adm);
	unsigned int apqn;

	if (d->guest)
		assert_true(matrix_equal(&d->guest->apcb, &has));
	if (!d->m->active) {
		assert_false(matrix_has_queues(&has));
		return;
	}
	if (d->m->control_usage)
		assigned.adm = mask_or(&assigned.adm, &has.aqm);
	assert_true(matrix_within(&has, &assigned));
	assert_true(!d->m->control_usage || mask_empty(&uncontrolled));
	matrix_for_each(apqn, &has)
		assert_true(model_queue(apqn)->there);
	assert_true(is_whole(&assigned, &has));
}

/* A queue that hangs when it is unbound may write to its pages, which are never given back. */
static bool has_kept_pages(unsigned int apqn)
{
	char event[100];

	sprintf(event, "3 " APQN_FMT ": the pages that it may write to are kept for ever\n",
		APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
	return kernel_traced(event);
}

static void note_kept_pages(void)
{
	for (size_t i = 0; i < sizeof(adapters) / sizeof(adapters[0]); i++)
		for (size_t j = 0; j < sizeof(domains) / sizeof(domains[0]); j++)
			if (has_kept_pages(APQN(adapters[i], domains[j])))
				kept_pages = true;
}

static void check_at_rest(void)
{
	kernel_settle(REST);
	note_kept_pages();
	for (int i = 0; i < DEVICES; i++)
		if (devices[i].m)
			check_device(&devices[i]);
}

static void give_all_back(void)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		if (!devices[i].m)
			continue;
		if (devices[i].guest)
			model_close(devices[i].m);
		model_remove(devices[i].m);
	}
	for (int i = 0; i < GUESTS; i++)
		model_guest_free(guests[i].guest);
	module_unload();
	note_kept_pages();
	assert_int_equal(kernel_held, kernel_pages);
	assert_true(kept_pages || !kernel_pages);
}

static void guests_have_what_they_should(void **state)
{
	unsigned int apqn;

	(void)state;
	model_reset();
	assert_int_equal(module_load(), 0);
	for (int i = 0; i < GUESTS; i++)
		guests[i].guest = model_guest_new();
	matrix_for_each(apqn, &model.host)
		bind(apqn);
	kernel_while_waiting = operate_meanwhile;
	for (int i = 0; i < OPERATIONS; i++) {
		operate();
		if (i % REST_EVERY == 0)
			check_at_rest();
	}
	kernel_while_waiting = NULL;
	give_all_back();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guests_have_what_they_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
