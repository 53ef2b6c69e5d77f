// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA through libica-cex, which has no software to fall back to: with the private
 * exponent, and by the Chinese remainder theorem, which Debian's ibmca never asks
 * for. The library is the VM's own, loaded at run time; what is right was computed
 * by OpenSSL when this was built.
 */
#include <dlfcn.h>
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rsa_vector.h"

#define LIBRARY	"libica-cex.so.3"
#define MORE	8	/* bytes of p, dp and u before those of q and dq */

/* <ica_api.h> */
struct exponent_key {
	unsigned int length;
	const unsigned char *modulus, *exponent;
};

struct crt_key {
	unsigned int length;
	const unsigned char *p, *q, *dp, *dq, *u;
};

static int (*open_adapter)(int *handle);
static int (*exponentiate)(int handle, const unsigned char *in,
			   const struct exponent_key *key, unsigned char *out);
static int (*exponentiate_crt)(int handle, const unsigned char *in,
			       const struct crt_key *key, unsigned char *out);

static int handle;
static bool failed;

static void *load(const char *name)
{
	void *library = dlopen(LIBRARY, RTLD_NOW);
	void *function = library ? dlsym(library, name) : NULL;

	if (!function)
		errx(2, "%s", dlerror());
	return function;
}

static void report(const struct rsa_vector *v, const char *how, int error,
		   const unsigned char *plain, const unsigned char *expected)
{
	if (error)
		printf("RSA-%u %s: failed: %s\n", v->bits, how, strerror(error));
	else if (memcmp(plain, expected, v->bytes))
		printf("RSA-%u %s: failed: not as OpenSSL\n", v->bits, how);
	else
		return;
	failed = true;
}

static void try_exponent(const struct rsa_vector *v, int i)
{
	const struct exponent_key key = { v->bytes, v->n, v->d };
	unsigned char plain[RSA_BYTES_MAX] = { 0 };

	report(v, "ME", exponentiate(handle, v->cipher[i], &key, plain), plain,
	       v->plain[i]);
}

static void try_crt(const struct rsa_vector *v, int i)
{
	unsigned char wide[3][MORE + RSA_BYTES_MAX / 2] = { { 0 } };
	const struct crt_key key = {
		v->bytes, wide[0], v->q, wide[1], v->dq, wide[2],
	};
	unsigned char plain[RSA_BYTES_MAX] = { 0 };

	memcpy(wide[0] + MORE, v->p, v->bytes / 2);
	memcpy(wide[1] + MORE, v->dp, v->bytes / 2);
	memcpy(wide[2] + MORE, v->u, v->bytes / 2);
	report(v, "CRT", exponentiate_crt(handle, v->cipher[i], &key, plain),
	       plain, v->plain[i]);
}

int main(void)
{
	open_adapter = load("ica_open_adapter");
	exponentiate = load("ica_rsa_mod_expo");
	exponentiate_crt = load("ica_rsa_crt");
	if (open_adapter(&handle))
		errx(2, "libica opens no adapter");
	for (const struct rsa_vector *v = rsa_vectors; v->bits; v++)
		for (int i = 0; i < RSA_MESSAGES && !(v->bytes % 2); i++) {
			try_exponent(v, i);
			try_crt(v, i);
		}
	if (!failed)
		printf("ok\n");
	return failed;
}
