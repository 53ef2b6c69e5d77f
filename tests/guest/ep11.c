// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to an EP11 coprocessor by zcrypt's device, on an AP queue of one's
 * choice.
 */
#include <asm/zcrypt.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "hex.h"
#include "tests/ep11_request.h"
#include "tests/unit/seeded.h"

#define RETURN_VALUE_OFFSET	(EP11_CPRB + 18)
#define RESULT_OFFSET		(EP11_CPRB + 22 + 4)
#define REPLY_MAX		(12 * 1024 - 48)

#define AES_KEY_GEN	0x1080
#define AES_CBC_PAD	0x1085
#define CPACF_WRAP	0x80060001

#define UNEXTRACTABLE	0x6a

#define KEK		0x6c00		/* encrypts, decrypts, wraps, unwraps */
#define KEY		0x200c01	/* the former two, and may leave */

static const char usage[] =
	"usage: ep11 QUEUE check\n"
	"       ep11 QUEUE hostile NUMBER\n"
	"       ep11 QUEUE COMMAND [HEX]\n"
	"\n"
	"Asks each function once and checks what it answers; or sends NUMBER damaged\n"
	"requests and counts the answers; or sends a COMMAND for the domain, with a\n"
	"parameter, by a queue of the adapter that zcrypt chooses, and prints the output:\n"
	"show, pending, generate, commit, finalize, clear, clear-pending, zeroize, or\n"
	"reencrypt with a key blob. QUEUE is an APQN as lszcrypt prints it, e.g. 05.0004.\n"
	"Exits with 0, with 1 if an answer is wrong or a refusal, with 2 if none could be\n"
	"had.\n";

static const uint8_t iv[16] = { 0x0f, 0x1e, 0x2d, 0x3c };

static struct {
	int fd;
	struct ep11_target_dev target;
	struct ep11_request request;
	uint8_t reply[REPLY_MAX];
	size_t reply_length;
} x;

/* 0, or -1 with errno. */
static int send_bytes(void)
{
	struct ep11_urb urb = {
		.targets_num = 1,
		.targets = (uint8_t *)&x.target,
		.req = x.request.bytes,
		.req_len = x.request.length,
		.resp = x.reply,
		.resp_len = sizeof(x.reply),
	};
	int result = ioctl(x.fd, ZSENDEP11CPRB, &urb);

	x.reply_length = urb.resp_len;
	return result;
}

static void begin(unsigned int function)
{
	ep11_begin(&x.request, 4, function, x.target.dom_id);
}

/* The coprocessor's return value; having none ends the program. */
static uint32_t ask(const char *name)
{
	ep11_end(&x.request);
	if (send_bytes()) {
		printf("%s: failed: %s\n", name, strerror(errno));
		exit(1);
	}
	return ep11_get(x.reply + RETURN_VALUE_OFFSET);
}

/* Returns the length of the result; an unsuccessful one ends the program. */
static size_t perform(const char *name)
{
	uint32_t value = ask(name);

	if (value) {
		printf("%s: failed: return value %08x\n", name, value);
		exit(1);
	}
	return x.reply_length - RESULT_OFFSET;
}

static void judge(const char *name, bool right)
{
	printf("%s: %s\n", name, right ? "ok" : "failed: wrong result");
	if (!right)
		exit(1);
}

static void generate(uint32_t booleans, uint8_t *blob)
{
	begin(EP11_GENERATE_KEY);
	ep11_add_u32(&x.request, 0);
	ep11_add_u32(&x.request, 32);
	ep11_add_mechanism(&x.request, AES_KEY_GEN, NULL, 0);
	ep11_add_template(&x.request, booleans, 32);
	ep11_add_octets(&x.request, NULL, 0);
	judge("GenerateKey", perform("GenerateKey") == EP11_BLOB);
	memcpy(blob, x.reply + RESULT_OFFSET, EP11_BLOB);
}

static size_t crypt_single(unsigned int function, const char *name,
			   const uint8_t *blob, const void *in, size_t length)
{
	begin(function);
	ep11_add_u32(&x.request, 0);
	ep11_add_mechanism(&x.request, AES_CBC_PAD, iv, sizeof(iv));
	ep11_add_octets(&x.request, blob, EP11_BLOB);
	ep11_add_octets(&x.request, in, length);
	return perform(name);
}

static void begin_wrap(uint32_t mechanism, const uint8_t *blob,
		       const uint8_t *kek)
{
	begin(EP11_WRAP);
	if (mechanism == CPACF_WRAP)
		x.request.bytes[5] = 0x20;
	ep11_add_u32(&x.request, 0);
	ep11_add_mechanism(&x.request, mechanism, iv, sizeof(iv));
	ep11_add_octets(&x.request, blob, EP11_BLOB);
	ep11_add_octets(&x.request, kek, kek ? EP11_BLOB : 0);
	ep11_add_octets(&x.request, NULL, 0);
}

static size_t wrap(const char *name, uint32_t mechanism, const uint8_t *blob,
		   const uint8_t *kek)
{
	begin_wrap(mechanism, blob, kek);
	return perform(name);
}

static void unwrap(const uint8_t *kek, const uint8_t *wrapped, size_t length,
		   uint8_t *blob)
{
	begin(EP11_UNWRAP);
	ep11_add_template(&x.request, KEY, 32);
	ep11_add_mechanism(&x.request, AES_CBC_PAD, iv, sizeof(iv));
	ep11_add_octets(&x.request, kek, EP11_BLOB);
	ep11_add_octets(&x.request, NULL, 0);
	ep11_add_octets(&x.request, NULL, 0);
	ep11_add_octets(&x.request, wrapped, length);
	judge("UnwrapKey", perform("UnwrapKey") == EP11_BLOB);
	memcpy(blob, x.reply + RESULT_OFFSET, EP11_BLOB);
}

static void query(void)
{
	begin(EP11_GET_INFO);
	ep11_add_u32(&x.request, 1);
	ep11_add_u32(&x.request, 0);
	judge("get_xcp_info", perform("get_xcp_info") == 196);
}

static void draw(void)
{
	uint8_t first[4096];

	for (int i = 0; i < 2; i++) {
		begin(EP11_GENERATE_RANDOM);
		ep11_add_u32(&x.request, sizeof(first));
		judge("GenerateRandom", perform("GenerateRandom") ==
					sizeof(first));
		if (i)
			judge("different random numbers",
			      memcmp(first, x.reply + RESULT_OFFSET,
				     sizeof(first)));
		memcpy(first, x.reply + RESULT_OFFSET, sizeof(first));
	}
}

static void transport(const uint8_t *blob)
{
	uint8_t message[8000], sealed[8016];

	seeded_bytes(message, sizeof(message));
	judge("EncryptSingle", crypt_single(EP11_ENCRYPT, "EncryptSingle", blob,
					    message, sizeof(message)) ==
			       sizeof(sealed));
	memcpy(sealed, x.reply + RESULT_OFFSET, sizeof(sealed));
	judge("DecryptSingle", crypt_single(EP11_DECRYPT, "DecryptSingle", blob,
					    sealed, sizeof(sealed)) ==
			       sizeof(message) &&
			       !memcmp(x.reply + RESULT_OFFSET, message,
				       sizeof(message)));
}

/* A key that left and came back encrypts as it did. */
static void travel(const uint8_t *blob)
{
	uint8_t kek[EP11_BLOB], again[EP11_BLOB], before[32], wrapped[48];

	generate(KEK, kek);
	judge("WrapKey", wrap("WrapKey", AES_CBC_PAD, blob, kek) ==
			 sizeof(wrapped));
	memcpy(wrapped, x.reply + RESULT_OFFSET, sizeof(wrapped));
	unwrap(kek, wrapped, sizeof(wrapped), again);
	crypt_single(EP11_ENCRYPT, "EncryptSingle", blob, iv, sizeof(iv));
	memcpy(before, x.reply + RESULT_OFFSET, sizeof(before));
	crypt_single(EP11_ENCRYPT, "EncryptSingle", again, iv, sizeof(iv));
	judge("the same key", !memcmp(x.reply + RESULT_OFFSET, before,
				      sizeof(before)));
	judge("WrapKey for CPACF", wrap("WrapKey for CPACF", CPACF_WRAP, blob,
					NULL) == 42 + 32 + 32);
	begin_wrap(CPACF_WRAP, kek, NULL);
	judge("WrapKey for CPACF of what may not leave",
	      ask("WrapKey") == UNEXTRACTABLE);
}

static int check(const char *argument)
{
	uint8_t blob[EP11_BLOB];

	(void)argument;
	query();
	draw();
	generate(KEY, blob);
	transport(blob);
	travel(blob);
	return 0;
}

/* Damage up to four bytes, or the length. */
static void damage(void)
{
	for (unsigned int i = seeded_below(4); i; i--)
		seeded_bytes(x.request.bytes + seeded_below(x.request.length),
			     1);
	if (!seeded_below(4))
		x.request.length = 50 + seeded_below(x.request.length - 50);
}

static int hostile(const char *argument)
{
	unsigned long number = argument ? strtoul(argument, NULL, 10) : 1000;
	unsigned long refused = 0, answered = 0, others = 0;
	uint8_t blob[EP11_BLOB];

	generate(KEY, blob);
	for (unsigned long i = 0; i < number; i++) {
		begin(EP11_ENCRYPT);
		ep11_add_u32(&x.request, 0);
		ep11_add_mechanism(&x.request, AES_CBC_PAD, iv, sizeof(iv));
		ep11_add_octets(&x.request, blob, sizeof(blob));
		ep11_add_octets(&x.request, iv, sizeof(iv));
		ep11_end(&x.request);
		damage();
		if (!send_bytes())
			answered++;
		else if (errno == EINVAL)
			refused++;
		else
			others++;
	}
	printf("hostile: %lu answered, %lu refused, %lu failed otherwise\n",
	       answered, refused, others);
	return others ? 1 : check(NULL);
}

static const struct {
	const char *name;
	uint32_t number;
} commands[] = {
	{ "show", EP11_WK }, { "pending", EP11_PENDING_WK },
	{ "generate", EP11_GENERATE_WK }, { "commit", EP11_COMMIT_WK },
	{ "finalize", EP11_FINALIZE_WK }, { "clear", EP11_CLEAR_WK },
	{ "clear-pending", EP11_CLEAR_PENDING_WK }, { "zeroize", EP11_ZEROIZE },
	{ "reencrypt", EP11_REENCRYPT },
};

static uint32_t command_of(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, name))
			return commands[i].number;
	errx(2, "'%s' is not a command\n%s", name, usage);
}

/* An answer is short, or has lengths of 16 bits, as a blob makes them. */
static int print_answer(void)
{
	const uint8_t *payload = x.reply + EP11_CPRB;
	bool is_long = payload[EP11_ANSWER + 1] == 0x82;
	const uint8_t *at = payload + EP11_ANSWER_VALUE + (is_long ? 2 : 0);
	const uint8_t *output = at + 4 + (is_long ? 4 : 2);
	size_t length = is_long ? output[-2] << 8 | output[-1] : output[-1];
	uint32_t value = ep11_get(at);

	if (ep11_get(x.reply + RETURN_VALUE_OFFSET))
		value = ep11_get(x.reply + RETURN_VALUE_OFFSET);
	if (value) {
		printf("return value %08x\n", value);
		return 1;
	}
	printf("ok ");
	for (size_t i = 0; i < length; i++)
		printf("%02x", output[i]);
	printf("\n");
	return 0;
}

static int administer(const char *name, const char *hex)
{
	uint32_t domain = x.target.dom_id;
	uint8_t parameter[EP11_BLOB];
	size_t length = hex ? take_hex(hex, parameter, sizeof(parameter)) : 0;

	x.target.dom_id = 0xffff;
	ep11_begin(&x.request, 1, EP11_ADMIN, domain);
	ep11_administer(&x.request);
	ep11_add_command(&x.request, command_of(name), domain, parameter,
			 length);
	ep11_end(&x.request);
	if (send_bytes()) {
		printf("refused: %s\n", strerror(errno));
		return 1;
	}
	return print_answer();
}

static void take_queue(const char *name)
{
	unsigned int adapter, domain;
	char end;

	if (sscanf(name, "%x.%x%c", &adapter, &domain, &end) != 2 ||
	    adapter > 255 || domain > 255)
		errx(2, "'%s' is not an APQN; write it as 05.0004", name);
	x.target = (struct ep11_target_dev){ adapter, domain };
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "a queue and a command are needed\n%s", usage);
	take_queue(argv[1]);
	x.fd = open("/dev/z90crypt", O_RDWR);
	if (x.fd < 0)
		err(2, "/dev/z90crypt");
	if (!strcmp(argv[2], "check"))
		return check(argv[3]);
	if (!strcmp(argv[2], "hostile"))
		return hostile(argv[3]);
	return administer(argv[2], argv[3]);
}
