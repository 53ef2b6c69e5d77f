// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own self-tests of the ciphers of paes_s390: its testmgr.c as it
 * is, with the entries for these ciphers, which a kernel that is built without
 * paes_s390 leaves out. The module loads only if all of them pass.
 */
#define alg_test paes_alg_test
#include "testmgr.c"

static const char *const ciphers[][2] = {
	{ "ecb-paes-s390", "ecb(paes)" },
	{ "cbc-paes-s390", "cbc(paes)" },
	{ "ctr-paes-s390", "ctr(paes)" },
	{ "xts-paes-s390", "xts(paes)" },
};

/* Return how many of a cipher's names the tests know, driver and algorithm. */
static int __init names_known(const char *const names[2])
{
	return (alg_find_test(names[0]) >= 0) + (alg_find_test(names[1]) >= 0);
}

static int __init paes_selftest_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++) {
		int error = names_known(ciphers[i]) < 2 ? -ENOENT :
			    alg_test(ciphers[i][0], ciphers[i][1], 0, 0);

		pr_info("paes_selftest: %s: %d\n", ciphers[i][0], error);
		if (error)
			return error;
	}
	return 0;
}

static void __exit paes_selftest_exit(void)
{
}

module_init(paes_selftest_init);
module_exit(paes_selftest_exit);
MODULE_SOFTDEP("pre: paes_s390");
MODULE_DESCRIPTION("Self-tests of paes_s390");
MODULE_LICENSE("GPL");
