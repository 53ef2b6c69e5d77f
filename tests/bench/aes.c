// SPDX-License-Identifier: GPL-2.0-only
/*
 * AES-CBC over 256 bytes by a driver of the kernel's, from so many callers at once
 * and for so many seconds:
 *
 *	aes DRIVER CALLERS SECONDS
 *
 * Prints how many requests were done. What each caller encrypts first has to be
 * what comes out when it is decrypted.
 */
#include <err.h>
#include <linux/if_alg.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LENGTH		256
#define IV_LENGTH	16
#define CALLERS_MAX	64

static const char *driver;
static time_t until;

struct caller {
	pthread_t thread;
	unsigned long done;
};

static int open_cipher(void)
{
	static const unsigned char key[16] = "a key of 16 byte";
	struct sockaddr_alg address = { .salg_family = AF_ALG, .salg_type = "skcipher" };
	int cipher = socket(AF_ALG, SOCK_SEQPACKET, 0), operation;

	snprintf((char *)address.salg_name, sizeof(address.salg_name), "%s", driver);
	if (cipher < 0 || bind(cipher, (struct sockaddr *)&address, sizeof(address)))
		err(1, "%s", driver);
	if (setsockopt(cipher, SOL_ALG, ALG_SET_KEY, key, sizeof(key)))
		err(1, "the key");
	operation = accept(cipher, NULL, 0);
	if (operation < 0)
		err(1, "accept");
	return operation;
}

static void add(struct msghdr *message, struct cmsghdr **at, int type, const void *data, size_t length)
{
	*at = *at ? CMSG_NXTHDR(message, *at) : CMSG_FIRSTHDR(message);
	(*at)->cmsg_level = SOL_ALG;
	(*at)->cmsg_type = type;
	(*at)->cmsg_len = CMSG_LEN(length);
	memcpy(CMSG_DATA(*at), data, length);
}

static void encipher(int cipher, unsigned int operation, void *in, void *out)
{
	struct { struct af_alg_iv iv; unsigned char bytes[IV_LENGTH]; } iv = { { IV_LENGTH }, { 0 } };
	char control[CMSG_SPACE(sizeof(operation)) + CMSG_SPACE(sizeof(iv))] = { 0 };
	struct iovec text = { in, LENGTH };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *at = NULL;

	add(&message, &at, ALG_SET_OP, &operation, sizeof(operation));
	add(&message, &at, ALG_SET_IV, &iv, sizeof(iv));
	if (sendmsg(cipher, &message, 0) != LENGTH || read(cipher, out, LENGTH) != LENGTH)
		err(1, "a request");
}

static void *call(void *argument)
{
	struct caller *caller = argument;
	unsigned char in[LENGTH] = "text", out[LENGTH], back[LENGTH];
	int cipher = open_cipher();

	encipher(cipher, ALG_OP_ENCRYPT, in, out);
	encipher(cipher, ALG_OP_DECRYPT, out, back);
	if (!memcmp(in, out, LENGTH) || memcmp(in, back, LENGTH))
		errx(1, "%s computes wrongly", driver);
	for (caller->done = 2; time(NULL) < until; caller->done++)
		encipher(cipher, ALG_OP_ENCRYPT, in, out);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct caller callers[CALLERS_MAX];
	unsigned long count = argc == 4 ? strtoul(argv[2], NULL, 10) : 0, done = 0;

	if (!count || count > CALLERS_MAX)
		errx(2, "usage: aes DRIVER CALLERS SECONDS, with at most %d callers", CALLERS_MAX);
	driver = argv[1];
	until = time(NULL) + strtoul(argv[3], NULL, 10);
	for (unsigned long i = 0; i < count; i++)
		if (pthread_create(&callers[i].thread, NULL, call, &callers[i]))
			errx(1, "no thread");
	for (unsigned long i = 0; i < count; i++) {
		pthread_join(callers[i].thread, NULL);
		done += callers[i].done;
	}
	printf("%lu requests\n", done);
	return 0;
}
