// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cex/apcb.c"

static struct ap_apcb named(unsigned int adapter, unsigned int domain,
			    unsigned int control)
{
	struct ap_apcb apcb = { 0 };

	ap_mask_set(&apcb.apm, adapter);
	ap_mask_set(&apcb.aqm, domain);
	ap_mask_set(&apcb.adm, control);
	return apcb;
}

static void allows_queues_of_adapters_and_domains(void **state)
{
	struct ap_apcb apcb = named(5, 0x47, 9);

	(void)state;
	assert_true(apcb_allows(&apcb, AP_APQN(5, 0x47)));
	assert_false(apcb_allows(&apcb, AP_APQN(5, 9)));
	assert_false(apcb_allows(&apcb, AP_APQN(4, 0x47)));
	ap_mask_set(&apcb.apm, 255);
	assert_true(apcb_allows(&apcb, AP_APQN(255, 0x47)));
}

static void all_is_every_queue(void **state)
{
	(void)state;
	for (unsigned int apqn = 0; apqn <= UINT16_MAX; apqn++)
		assert_true(apcb_allows(&apcb_all, apqn));
	for (unsigned int domain = 0; domain < AP_DOMAINS; domain++)
		assert_true(ap_mask_test(&apcb_all.adm, domain));
}

static void and_or_of_two(void **state)
{
	const struct ap_apcb none = { 0 }, one = named(1, 2, 3);
	struct ap_apcb apcb = named(4, 5, 6);

	(void)state;
	apcb_or(&apcb, &one);
	assert_true(apcb_allows(&apcb, AP_APQN(1, 2)));
	assert_true(apcb_allows(&apcb, AP_APQN(4, 5)));
	assert_true(ap_mask_test(&apcb.adm, 3));
	assert_true(ap_mask_test(&apcb.adm, 6));
	apcb_and(&apcb, &one);
	assert_memory_equal(&apcb, &one, sizeof(apcb));
	apcb_and(&apcb, &apcb_all);
	assert_memory_equal(&apcb, &one, sizeof(apcb));
	apcb_and(&apcb, &none);
	assert_memory_equal(&apcb, &none, sizeof(apcb));
}

static void queues_are_shared_if_both_masks_meet(void **state)
{
	const struct ap_apcb one = named(5, 255, 9), same = named(5, 255, 8);
	const struct ap_apcb other_domain = named(5, 7, 9);
	const struct ap_apcb other_adapter = named(6, 255, 9);

	(void)state;
	assert_true(apcb_share_queues(&one, &same));
	assert_true(apcb_share_queues(&one, &apcb_all));
	assert_false(apcb_share_queues(&one, &other_domain));
	assert_false(apcb_share_queues(&one, &other_adapter));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(allows_queues_of_adapters_and_domains),
		cmocka_unit_test(all_is_every_queue),
		cmocka_unit_test(and_or_of_two),
		cmocka_unit_test(queues_are_shared_if_both_masks_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
