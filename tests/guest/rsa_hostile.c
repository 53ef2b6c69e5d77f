// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA requests whose numbers are wrong in many ways: even or zero moduli and
 * primes, messages that are too large, random bytes of every length. The
 * kernel may refuse each but not all; what it does to the queues is for others
 * to look at.
 */
#include <asm/zcrypt.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define BYTES_MIN	16	/* zcrypt finds no queue for less */
#define BYTES_MAX	512
#define EXTRA		8

static unsigned char field[6][BYTES_MAX + EXTRA];

/* Random, of one byte's repetition, or 1, and then perhaps even. */
static void fill(unsigned char *bytes, size_t length)
{
	int kind = rand() % 4;

	for (size_t i = 0; i < length; i++)
		bytes[i] = kind < 2 ? rand() : kind == 2 ? 0xff : 0;
	if (rand() % 2)
		bytes[length - 1] ^= 1;
}

static int exponentiate(int fd, size_t length)
{
	struct ica_rsa_modexpo request = {
		.inputdata = field[0],
		.inputdatalength = length,
		.outputdata = field[1],
		.outputdatalength = length,
		.b_key = field[2],
		.n_modulus = field[3],
	};

	for (int i = 0; i < 4; i++)
		fill(field[i], length);
	return ioctl(fd, ICARSAMODEXPO, &request);
}

static int exponentiate_crt(int fd, size_t length)
{
	struct ica_rsa_modexpo_crt request = {
		.inputdata = field[0],
		.inputdatalength = length,
		.outputdata = field[0],
		.outputdatalength = length,
		.bp_key = field[1],
		.bq_key = field[2],
		.np_prime = field[3],
		.nq_prime = field[4],
		.u_mult_inv = field[5],
	};

	fill(field[0], length);
	for (int i = 1; i < 6; i++)
		fill(field[i], (length + 1) / 2 + EXTRA);
	return ioctl(fd, ICARSACRT, &request);
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0;
	int fd = open("/dev/z90crypt", O_RDWR);
	int done = 0, refused = 0, other = 0;

	if (fd < 0 || count <= 0) {
		fprintf(stderr, "usage: rsa_hostile COUNT\n");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		size_t length = BYTES_MIN + rand() % (BYTES_MAX - BYTES_MIN + 1);
		int error = rand() % 2 ? exponentiate(fd, length) :
					 exponentiate_crt(fd, length);

		if (!error)
			done++;
		else if (errno == EINVAL)
			refused++;
		else if (!other++)
			perror("rsa_hostile");
	}
	printf("%d done, %d refused, %d failed\n", done, refused, other);
	return other || !done || !refused;
}
