// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks for the private numbers of the RSA keys that guests compute with, and for
 * other secrets, in the memory of a process of this machine.
 */
#include "hex.h"
#include "rsa_vector.h"
#include "tests/memory.h"

static const char usage[] =
	"usage: find_secrets PROCESS [HEX]...\n"
	"\n"
	"Prints how many parts of secrets were found in the process' memory, and the first\n"
	"ones on standard error. Exits with 0 if there was none, with 1 if there were, with\n"
	"2 if the memory could not be read.\n";

static struct memory memory;

static void add_vector(const struct rsa_vector *v)
{
	size_t half = v->bytes / 2;

	memory_add(&memory, "d", v->d, v->bytes);
	memory_add(&memory, "p", v->p, half);
	memory_add(&memory, "q", v->q, half);
	memory_add(&memory, "dp", v->dp, half);
	memory_add(&memory, "dq", v->dq, half);
	memory_add(&memory, "u", v->u, half);
}

int main(int argc, char **argv)
{
	unsigned char secret[64];
	int found;

	if (argc < 2)
		errx(2, "a process is needed\n%s", usage);
	memory_init(&memory);
	for (const struct rsa_vector *v = rsa_vectors; v->bits; v++)
		if (!(v->bytes % 2))
			add_vector(v);
	for (int i = 2; i < argc; i++)
		memory_add(&memory, argv[i], secret,
			   take_hex(argv[i], secret, sizeof(secret)));
	found = memory_search(&memory, strtol(argv[1], NULL, 10));
	if (found < 0)
		err(2, "process %s", argv[1]);
	printf("%d\n", found);
	return found ? 1 : 0;
}
