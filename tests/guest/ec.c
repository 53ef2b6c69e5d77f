// SPDX-License-Identifier: GPL-2.0-only
/*
 * Elliptic curves through libica-cex, which has no software to fall back to:
 * what a CCA coprocessor computes is compared with what OpenSSL computes. Both
 * libraries are the VM's own, loaded at run time, since there is no need for
 * their headers otherwise.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH_MAX	66
#define HASH_LENGTH	32

/* libica, <ica_api.h> */
static int (*open_adapter)(int *handle);
static void *(*key_new)(unsigned int nid, unsigned int *width);
static int (*key_generate)(int handle, void *key);
static int (*key_public)(void *key, unsigned char *q, unsigned int *length);
static int (*key_private)(void *key, unsigned char *d, unsigned int *length);
static void (*key_free)(void *key);
static int (*derive)(int handle, const void *private, const void *public,
		     unsigned char *z, unsigned int length);
static int (*sign)(int handle, const void *private, const unsigned char *hash,
		   unsigned int hash_length, unsigned char *signature,
		   unsigned int length);
static int (*verify)(int handle, const void *public, const unsigned char *hash,
		     unsigned int hash_length, const unsigned char *signature,
		     unsigned int length);

/* OpenSSL, <openssl/ec.h> */
static void *(*EC_KEY_new_by_curve_name)(int nid);
static void (*EC_KEY_free)(void *key);
static int (*EC_KEY_oct2key)(void *key, const unsigned char *bytes,
			     size_t length, void *ctx);
static int (*EC_KEY_oct2priv)(void *key, const unsigned char *bytes,
			      size_t length);
static const void *(*EC_KEY_get0_public_key)(const void *key);
static int (*ECDH_compute_key)(void *out, size_t length, const void *public,
			       const void *private, void *kdf);
static void *(*ECDSA_SIG_new)(void);
static void (*ECDSA_SIG_free)(void *signature);
static int (*ECDSA_SIG_set0)(void *signature, void *r, void *s);
static int (*ECDSA_do_verify)(const unsigned char *hash, int length,
			      const void *signature, void *key);
static void *(*BN_bin2bn)(const unsigned char *bytes, int length, void *to);

static const struct symbol {
	const char *library;
	const char *name;
	void *pointer;
} symbols[] = {
	{ "libica-cex.so.3", "ica_open_adapter", &open_adapter },
	{ "libica-cex.so.3", "ica_ec_key_new", &key_new },
	{ "libica-cex.so.3", "ica_ec_key_generate", &key_generate },
	{ "libica-cex.so.3", "ica_ec_key_get_public_key", &key_public },
	{ "libica-cex.so.3", "ica_ec_key_get_private_key", &key_private },
	{ "libica-cex.so.3", "ica_ec_key_free", &key_free },
	{ "libica-cex.so.3", "ica_ecdh_derive_secret", &derive },
	{ "libica-cex.so.3", "ica_ecdsa_sign", &sign },
	{ "libica-cex.so.3", "ica_ecdsa_verify", &verify },
	{ "libcrypto.so.3", "EC_KEY_new_by_curve_name",
	  &EC_KEY_new_by_curve_name },
	{ "libcrypto.so.3", "EC_KEY_free", &EC_KEY_free },
	{ "libcrypto.so.3", "EC_KEY_oct2key", &EC_KEY_oct2key },
	{ "libcrypto.so.3", "EC_KEY_oct2priv", &EC_KEY_oct2priv },
	{ "libcrypto.so.3", "EC_KEY_get0_public_key", &EC_KEY_get0_public_key },
	{ "libcrypto.so.3", "ECDH_compute_key", &ECDH_compute_key },
	{ "libcrypto.so.3", "ECDSA_SIG_new", &ECDSA_SIG_new },
	{ "libcrypto.so.3", "ECDSA_SIG_free", &ECDSA_SIG_free },
	{ "libcrypto.so.3", "ECDSA_SIG_set0", &ECDSA_SIG_set0 },
	{ "libcrypto.so.3", "ECDSA_do_verify", &ECDSA_do_verify },
	{ "libcrypto.so.3", "BN_bin2bn", &BN_bin2bn },
};

static void load(const struct symbol *symbol)
{
	void *library = dlopen(symbol->library, RTLD_NOW);
	void *function = library ? dlsym(library, symbol->name) : NULL;

	if (!function) {
		fprintf(stderr, "ec: %s\n", dlerror());
		exit(2);
	}
	memcpy(symbol->pointer, &function, sizeof(function));
}

static const struct curve {
	const char *name;
	int nid;
} curves[] = {
	{ "P-192", 409 }, { "P-224", 713 }, { "P-256", 415 },
	{ "P-384", 715 }, { "P-521", 716 },
	{ "brainpoolP160r1", 921 }, { "brainpoolP192r1", 923 },
	{ "brainpoolP224r1", 925 }, { "brainpoolP256r1", 927 },
	{ "brainpoolP320r1", 929 }, { "brainpoolP384r1", 931 },
	{ "brainpoolP512r1", 933 },
};

static int handle;
static bool failed;

static void report(const struct curve *curve, const char *what, int error)
{
	if (!error) {
		printf("%s %s: ok\n", curve->name, what);
		return;
	}
	failed = true;
	printf("%s %s: failed: %s\n", curve->name, what,
	       error < 0 ? "not as OpenSSL" : strerror(error));
}

/* A key pair of the coprocessor, and the same as OpenSSL has it. */
struct pair {
	void *ica;
	void *openssl;
	unsigned int width;
};

static int pair_copy(struct pair *pair, int nid)
{
	unsigned char d[WIDTH_MAX], q[1 + 2 * WIDTH_MAX] = { 4 };
	unsigned int length = 2 * WIDTH_MAX;
	int error = key_public(pair->ica, q + 1, &length);

	if (error)
		return error;
	pair->openssl = EC_KEY_new_by_curve_name(nid);
	if (!EC_KEY_oct2key(pair->openssl, q, 1 + length, NULL))
		return -1;
	length = WIDTH_MAX;
	error = key_private(pair->ica, d, &length);
	if (error)
		return error;
	return EC_KEY_oct2priv(pair->openssl, d, length) ? 0 : -1;
}

static int pair_make(struct pair *pair, int nid)
{
	int error;

	pair->ica = key_new(nid, &pair->width);
	error = key_generate(handle, pair->ica);
	return error ? error : pair_copy(pair, nid);
}

static int try_derive(const struct pair *mine, const struct pair *peer)
{
	unsigned char z[WIDTH_MAX], right[WIDTH_MAX];
	int error = derive(handle, mine->ica, peer->ica, z, mine->width);

	if (error)
		return error;
	if (ECDH_compute_key(right, mine->width,
			     EC_KEY_get0_public_key(peer->openssl),
			     mine->openssl, NULL) != (int)mine->width)
		return -1;
	return memcmp(z, right, mine->width) ? -1 : 0;
}

static bool openssl_verifies(const struct pair *pair,
			     const unsigned char *hash,
			     const unsigned char *signature)
{
	void *both = ECDSA_SIG_new();
	int valid;

	ECDSA_SIG_set0(both, BN_bin2bn(signature, pair->width, NULL),
		       BN_bin2bn(signature + pair->width, pair->width, NULL));
	valid = ECDSA_do_verify(hash, HASH_LENGTH, both, pair->openssl);
	ECDSA_SIG_free(both);
	return valid == 1;
}

static int try_sign(const struct pair *pair, const unsigned char *hash,
		    unsigned char *signature)
{
	int error = sign(handle, pair->ica, hash, HASH_LENGTH, signature,
			 2 * pair->width);

	if (error)
		return error;
	return openssl_verifies(pair, hash, signature) ? 0 : -1;
}

/*
 * A right signature verifies, and one bit more or less does not: for that libica
 * has an error of its own, unlike for a coprocessor that fails or is gone.
 */
static int try_verify(const struct pair *pair, const unsigned char *hash,
		      unsigned char *signature)
{
	int error = verify(handle, pair->ica, hash, HASH_LENGTH, signature,
			   2 * pair->width);

	if (error)
		return error;
	signature[2 * pair->width - 1] ^= 1;
	error = verify(handle, pair->ica, hash, HASH_LENGTH, signature,
		       2 * pair->width);
	if (error == EFAULT)
		return 0;
	return error ? error : -1;
}

static void try_curve(const struct curve *curve)
{
	static const unsigned char hash[HASH_LENGTH] = "what a hash function would yield";
	unsigned char signature[2 * WIDTH_MAX];
	struct pair one = { 0 }, two = { 0 };
	int error = pair_make(&one, curve->nid);

	if (!error)
		error = pair_make(&two, curve->nid);
	report(curve, "generate", error);
	if (!error) {
		report(curve, "derive", try_derive(&one, &two));
		report(curve, "sign", try_sign(&one, hash, signature));
		report(curve, "verify", try_verify(&one, hash, signature));
	}
	key_free(one.ica);
	if (two.ica)
		key_free(two.ica);
	EC_KEY_free(one.openssl);
	EC_KEY_free(two.openssl);
}

int main(void)
{
	int error;

	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		load(&symbols[i]);
	error = open_adapter(&handle);
	if (error) {
		fprintf(stderr, "ec: no coprocessor: %s\n", strerror(error));
		return 2;
	}
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		try_curve(&curves[i]);
	return failed;
}
