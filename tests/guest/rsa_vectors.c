// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs where things are built, and prints C source: fresh RSA keys of every
 * size, random messages, and what this machine's OpenSSL makes of them. So a
 * guest can judge its adapter by another implementation without having one.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rsa_vector.h"

/* The first one is in one byte more than it needs, an odd number. */
static const struct {
	unsigned int bits;
	unsigned int bytes;
} sizes[] = {
	{ 1023, 129 }, { 1024, 128 }, { 2048, 256 }, { 4096, 512 },
};

static void need(int success)
{
	if (success > 0)
		return;
	ERR_print_errors_fp(stderr);
	exit(EXIT_FAILURE);
}

static void print_bytes(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		printf("%u,", bytes[i]);
}

static void print_number(EVP_PKEY *key, const char *field,
			 const char *parameter, size_t size)
{
	unsigned char bytes[RSA_BYTES_MAX];
	BIGNUM *number = NULL;

	need(EVP_PKEY_get_bn_param(key, parameter, &number));
	need(BN_bn2binpad(number, bytes, size));
	printf(".%s={", field);
	print_bytes(bytes, size);
	printf("},\n");
	BN_free(number);
}

/* A number below the modulus, whose highest bit it does not have. */
static void make_message(EVP_PKEY *key, unsigned char *message, size_t size)
{
	BIGNUM *number = BN_new();

	need(BN_rand(number, EVP_PKEY_get_bits(key) - 1, BN_RAND_TOP_ANY,
		     BN_RAND_BOTTOM_ANY));
	need(BN_bn2binpad(number, message, size));
	BN_free(number);
}

/* To OpenSSL, numbers are as long as the modulus; here, zeros may precede. */
static void decrypt(EVP_PKEY *key, const unsigned char *cipher,
		    unsigned char *plain, size_t size)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	size_t length = EVP_PKEY_get_size(key), zeros = size - length;

	memset(plain, 0, zeros);
	need(EVP_PKEY_decrypt_init(context));
	need(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING));
	need(EVP_PKEY_decrypt(context, plain + zeros, &length, cipher + zeros,
			      length));
	EVP_PKEY_CTX_free(context);
}

static void print_messages(EVP_PKEY *key, size_t size)
{
	unsigned char cipher[RSA_MESSAGES][RSA_BYTES_MAX];
	unsigned char plain[RSA_BYTES_MAX];

	printf(".plain={");
	for (int i = 0; i < RSA_MESSAGES; i++) {
		make_message(key, cipher[i], size);
		decrypt(key, cipher[i], plain, size);
		printf("{");
		print_bytes(plain, size);
		printf("},\n");
	}
	printf("},.cipher={");
	for (int i = 0; i < RSA_MESSAGES; i++) {
		printf("{");
		print_bytes(cipher[i], size);
		printf("},\n");
	}
	printf("},");
}

static void print_vector(unsigned int bits, size_t size)
{
	EVP_PKEY *key = EVP_RSA_gen(bits);
	size_t half = (size + 1) / 2;

	need(key != NULL);
	printf("{.bits=%u,.bytes=%zu,\n", bits, size);
	print_number(key, "n", OSSL_PKEY_PARAM_RSA_N, size);
	print_number(key, "e", OSSL_PKEY_PARAM_RSA_E, size);
	print_number(key, "d", OSSL_PKEY_PARAM_RSA_D, size);
	print_number(key, "p", OSSL_PKEY_PARAM_RSA_FACTOR1, half);
	print_number(key, "q", OSSL_PKEY_PARAM_RSA_FACTOR2, half);
	print_number(key, "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1, half);
	print_number(key, "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2, half);
	print_number(key, "u", OSSL_PKEY_PARAM_RSA_COEFFICIENT1, half);
	print_messages(key, size);
	printf("},\n");
	EVP_PKEY_free(key);
}

int main(void)
{
	printf("#include \"rsa_vector.h\"\n"
	       "const struct rsa_vector rsa_vectors[] = {\n");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		print_vector(sizes[i].bits, sizes[i].bytes);
	printf("{.bits=0},\n};\n");
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
