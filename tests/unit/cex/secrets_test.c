// SPDX-License-Identifier: GPL-2.0-only
/*
 * No secret stays in the memory of a machine once the request that brought it
 * is done. The machine is another process, and it receives keys in messages
 * only.
 */
#include "tests/unit/cca/message.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sys/wait.h>
#include <time.h>

#include "cex/cex.h"
#include "tests/ep11_request.h"
#include "tests/memory.h"

#define DOMAIN		4
#define ACCELERATOR	4
#define CCA		5
#define EP11		6
#define WIDTH_MAX	512
#define BLOB_AT		(TYPE86_HEADER_SIZE + EP11_CPRB + 22 + 4)

static struct memory memory;
static struct message m;
static struct answer a;

/*
 * What comes before each message: the adapter of the queue, and the length.
 * There is one request at a time.
 */
struct head {
	uint32_t adapter;
	uint32_t length;
};

static pid_t parent, machine_pid;
static int to_machine, from_machine;

static void read_all(int fd, void *bytes, size_t length)
{
	uint8_t *at = bytes;
	ssize_t done;

	for (; length; at += done, length -= done) {
		done = read(fd, at, length);
		if (done <= 0)
			_exit(done < 0);
	}
}

static void write_all(int fd, const void *bytes, size_t length)
{
	if (write(fd, bytes, length) != (ssize_t)length)
		_exit(1);
}

static struct cex_vm *make_machine(void)
{
	struct cex_machine *machine = cex_machine_new(1);

	if (!machine || cex_add_domain(machine, DOMAIN) ||
	    cex_add_adapter(machine, ACCELERATOR, "CEX8A") ||
	    cex_add_adapter(machine, CCA, "CEX8C") ||
	    cex_add_adapter(machine, EP11, "CEX8P"))
		_exit(1);
	return cex_attach_lpar(machine);
}

static void serve(struct cex_vm *lpar, int in, int out)
{
	static uint8_t message[AP_MESSAGE_MAX];
	struct ap_command command;
	struct ap_result result;
	struct head head;

	read_all(in, &head, sizeof(head));
	read_all(in, message, head.length);
	command = (struct ap_command){ .op = AP_OP_NQAP, .length = head.length,
		.apqn = AP_APQN(head.adapter, DOMAIN) };
	cex_execute(lpar, &command, message, &result, message);
	if (AP_STATUS_RC(result.status))
		_exit(1);
	OPENSSL_cleanse(message, sizeof(message));
	command = (struct ap_command){ .op = AP_OP_DQAP, .apqn = command.apqn,
		.arg[0] = 3 * 4096 };
	do {
		nanosleep(&(struct timespec){ 0, 100000 }, NULL);
		cex_execute(lpar, &command, NULL, &result, message);
	} while (AP_STATUS_RC(result.status) == AP_RC_NO_PENDING_REPLY &&
		 getppid() == parent);
	head.length = result.length;
	write_all(out, &head, sizeof(head));
	write_all(out, message, head.length);
	OPENSSL_cleanse(message, sizeof(message));
}

/* Start the machine's process before there is any key. */
static int start_machine(void **state)
{
	int in[2], out[2];

	(void)state;
	if (pipe(in) || pipe(out))
		return -1;
	parent = getpid();
	machine_pid = fork();
	if (!machine_pid) {
		struct cex_vm *lpar = make_machine();

		close(in[1]);
		close(out[0]);
		for (;;)
			serve(lpar, in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	to_machine = in[1];
	from_machine = out[0];
	memory_init(&memory);
	return machine_pid < 0;
}

static int end_machine(void **state)
{
	(void)state;
	close(to_machine);
	close(from_machine);
	return waitpid(machine_pid, NULL, 0) != machine_pid;
}

static void exchange(uint32_t adapter, const uint8_t *message, size_t length)
{
	struct head head = { adapter, length };

	a = (struct answer){ 0 };
	write_all(to_machine, &head, sizeof(head));
	write_all(to_machine, message, length);
	read_all(from_machine, &head, sizeof(head));
	a.length = head.length;
	read_all(from_machine, a.bytes, a.length);
}

static void exchange_cca(void)
{
	message_close(&m);
	exchange(CCA, m.bytes, builder_length(&m.b));
	read_answer(m.bytes, &a);
	assert_int_equal(a.error, 0);
	assert_int_equal(a.codes, CCA_OK);
}

static void nothing_is_left(void)
{
	assert_int_not_equal(memory.count, 0);
	assert_int_equal(memory_search(&memory, machine_pid), 0);
}

struct rsa {
	size_t width;
	uint8_t n[WIDTH_MAX], d[WIDTH_MAX];
	uint8_t crt[5][WIDTH_MAX / 2];		/* p, q, dp, dq, u */
};

static void take(EVP_PKEY *key, const char *name, uint8_t *out, size_t width)
{
	BIGNUM *number = NULL;

	assert_true(EVP_PKEY_get_bn_param(key, name, &number));
	assert_int_equal(BN_bn2binpad(number, out, width), width);
	BN_clear_free(number);
}

static void make_rsa(struct rsa *rsa, size_t bits)
{
	static const char *const crt[] = {
		OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
		OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	};
	static const char *const names[] = { "p", "q", "dp", "dq", "u" };
	EVP_PKEY *key = EVP_RSA_gen(bits);

	assert_non_null(key);
	rsa->width = bits / 8;
	take(key, OSSL_PKEY_PARAM_RSA_N, rsa->n, rsa->width);
	take(key, OSSL_PKEY_PARAM_RSA_D, rsa->d, rsa->width);
	memory_add(&memory, "d", rsa->d, rsa->width);
	for (int i = 0; i < 5; i++) {
		take(key, crt[i], rsa->crt[i], rsa->width / 2);
		memory_add(&memory, names[i], rsa->crt[i], rsa->width / 2);
	}
	EVP_PKEY_free(key);
}

static void add_message(struct builder *b, size_t width)
{
	build_u8(b, 0);
	for (size_t i = 1; i < width; i++)
		build_u8(b, 0x11 + i);
}

static void open_type50(struct builder *b, uint8_t *bytes, const struct rsa *rsa,
			bool crt)
{
	size_t w = rsa->width;
	uint16_t format = w == 128 ? 1 : w == 256 ? 2 : 3;

	*b = builder_of(bytes, MESSAGE_MAX);
	build_u16(b, 0x50);
	build_u16(b, 16 + (crt ? 7 * w / 2 : 3 * w));
	build_zeros(b, 4);
	build_u16(b, (crt ? 0x10 : 0) | format);
	build_zeros(b, 6);
}

static void accelerate(const struct rsa *rsa, bool crt)
{
	static uint8_t bytes[MESSAGE_MAX];
	struct builder b;

	open_type50(&b, bytes, rsa, crt);
	if (crt) {
		for (int i = 0; i < 5; i++)
			build_bytes(&b, rsa->crt[i], rsa->width / 2);
	} else {
		build_bytes(&b, rsa->d, rsa->width);
		build_bytes(&b, rsa->n, rsa->width);
	}
	add_message(&b, rsa->width);
	exchange(ACCELERATOR, bytes, builder_length(&b));
	assert_int_equal(a.bytes[1], 0x80);
}

static void an_accelerator_forgets_rsa_keys(void **state)
{
	static struct rsa rsa;

	(void)state;
	for (size_t bits = 1024; bits <= 4096; bits *= 2) {
		make_rsa(&rsa, bits);
		accelerate(&rsa, true);
		accelerate(&rsa, false);
		nothing_is_left();
	}
}

static void exponentiate(const struct rsa *rsa)
{
	size_t w = rsa->width;

	message_open(&m, "PK", "MRP     ");
	block_open(&m);
	add_message(&m.b, w);
	block_close(&m);
	token_open(&m, 0x0400, 12 + 2 * w, 0);
	build_zeros(&m.b, 2);
	build_u16(&m.b, w);
	build_u16(&m.b, 8 * w);
	build_u16(&m.b, w);
	build_bytes(&m.b, rsa->d, w);
	build_bytes(&m.b, rsa->n, w);
	block_close(&m);
	exchange_cca();
}

static void exponentiate_crt(const struct rsa *rsa)
{
	size_t w = rsa->width;

	message_open(&m, "PD", "ZERO-PAD");
	block_open(&m);
	add_message(&m.b, w);
	block_close(&m);
	token_open(&m, 0x0800, 132 + 5 * w / 2 + w, 0);
	build_zeros(&m.b, 24);
	build_u8(&m.b, 0x40);
	build_zeros(&m.b, 25);
	for (int i = 0; i < 5; i++)
		build_u16(&m.b, w / 2);
	build_u16(&m.b, w);
	build_zeros(&m.b, 4);
	build_u16(&m.b, 0);
	build_zeros(&m.b, 60);
	for (int i = 0; i < 5; i++)
		build_bytes(&m.b, rsa->crt[i], w / 2);
	build_bytes(&m.b, rsa->n, w);
	block_close(&m);
	exchange_cca();
}

static void a_cca_coprocessor_forgets_rsa_keys(void **state)
{
	static struct rsa rsa;

	(void)state;
	for (size_t bits = 1024; bits <= 4096; bits *= 2) {
		make_rsa(&rsa, bits);
		exponentiate(&rsa);
		exponentiate_crt(&rsa);
		nothing_is_left();
	}
}

static void a_cca_coprocessor_forgets_curves(void **state)
{
	static const char hash[] = "a hash of this many bytes is one";
	EVP_PKEY *key = EVP_EC_gen("secp521r1");
	uint8_t private[66];

	(void)state;
	take(key, OSSL_PKEY_PARAM_PRIV_KEY, private, sizeof(private));
	EVP_PKEY_free(key);
	memory_add(&memory, "private key", private, sizeof(private));
	memory_add(&memory, "private key", private + 2, 64);
	message_open(&m, "SG", "ECDSA   ");
	block_open(&m);
	build_u16(&m.b, 2 + 32);
	build_bytes(&m.b, hash, 32);
	block_close(&m);
	block_open(&m);
	build_u16(&m.b, 4 + 8 + 76 + 66);
	build_u16(&m.b, 0x20);
	build_u16(&m.b, 0x1e00);
	build_u16(&m.b, 8 + 76 + 66);
	build_zeros(&m.b, 4);
	build_u16(&m.b, 0x2000);
	build_u16(&m.b, 76 + 66);
	build_zeros(&m.b, 4);
	build_u32(&m.b, 0x80004000);
	build_u16(&m.b, 521);
	build_zeros(&m.b, 60);
	build_u16(&m.b, 66);
	build_bytes(&m.b, private, 66);
	block_close(&m);
	exchange_cca();
	nothing_is_left();
}

/*
 * The coprocessor gets a key in clear, and then its token, which the verb US
 * makes a protected key of.
 */
static void a_cca_coprocessor_forgets_aes_keys(void **state)
{
	uint8_t clear[32], token[64];

	(void)state;
	assert_int_equal(getentropy(clear, sizeof(clear)), 0);
	memory_add(&memory, "AES key", clear, sizeof(clear));
	message_open(&m, "CM", "AES     ");
	block_open(&m);
	build_bytes(&m.b, clear, sizeof(clear));
	block_close(&m);
	block_empty(&m);
	exchange_cca();
	nothing_is_left();
	assert_int_equal(a.keys.length, 4 + sizeof(token));
	memcpy(token, a.keys.at + 4, sizeof(token));
	message_open(&m, "US", "");
	block_open(&m);
	field(&m, 1, NULL, 0);
	block_close(&m);
	block_open(&m);
	field(&m, 0, token, sizeof(token));
	block_close(&m);
	exchange_cca();
	nothing_is_left();
}

/* The key was the domain's, and is neither the current nor the old one. */
static void a_cca_coprocessor_forgets_master_keys(void **state)
{
	static const char *const parts[] = {
		"AES-MK  FIRST   ", "AES-MK  LAST    ",
	};
	uint8_t part[2][32], key[32];

	(void)state;
	assert_int_equal(getentropy(part, sizeof(part)), 0);
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = part[0][i] ^ part[1][i];
	memory_add(&memory, "part", part[1], sizeof(part[1]));
	for (int i = 0; i < 2; i++) {
		message_open(&m, "MP", parts[i]);
		message_administer(&m, DOMAIN);
		block_open(&m);
		build_bytes(&m.b, part[i], sizeof(part[i]));
		block_close(&m);
		block_empty(&m);
		exchange_cca();
	}
	nothing_is_left();
	memory_add(&memory, "part", part[0], sizeof(part[0]));
	memory_add(&memory, "master key", key, sizeof(key));
	assert_int_not_equal(memory_search(&memory, machine_pid), 0);
	message_open(&m, "MP", "AES-MK  CLEAR   ");
	message_administer(&m, DOMAIN);
	block_empty(&m);
	block_empty(&m);
	exchange_cca();
	nothing_is_left();
}

static struct ep11_request request;

static void begin_ep11(unsigned int function)
{
	ep11_begin(&request, 4, function, DOMAIN);
}

/* Return the only result of the reply. */
static const uint8_t *exchange_ep11(void)
{
	static uint8_t message[TYPE6_HEADER_SIZE + sizeof(request.bytes)];

	ep11_end(&request);
	exchange(EP11, message, ep11_enclose(&request, 4096, message));
	assert_int_equal(a.bytes[1], 0x86);
	assert_int_equal(ep11_get(a.bytes + BLOB_AT - 8), 0);
	return a.bytes + BLOB_AT;
}

static void make_kek(uint8_t *kek)
{
	begin_ep11(EP11_GENERATE_KEY);
	ep11_add_u32(&request, 0);
	ep11_add_u32(&request, 32);
	ep11_add_mechanism(&request, 0x1080, NULL, 0);
	ep11_add_template(&request, 0x6c00, 32);
	ep11_add_octets(&request, NULL, 0);
	memcpy(kek, exchange_ep11(), EP11_BLOB);
}

/* Import a key as zcrypt does it, and make a protected key of it. */
static void an_ep11_coprocessor_forgets_aes_keys(void **state)
{
	uint8_t clear[32], kek[EP11_BLOB], wrapped[48];
	static const uint8_t iv[16];

	(void)state;
	assert_int_equal(getentropy(clear, sizeof(clear)), 0);
	memory_add(&memory, "AES key", clear, sizeof(clear));
	make_kek(kek);
	begin_ep11(EP11_ENCRYPT);
	ep11_add_u32(&request, 0);
	ep11_add_mechanism(&request, 0x1085, iv, sizeof(iv));
	ep11_add_octets(&request, kek, EP11_BLOB);
	ep11_add_octets(&request, clear, sizeof(clear));
	memcpy(wrapped, exchange_ep11(), sizeof(wrapped));
	nothing_is_left();
	begin_ep11(EP11_UNWRAP);
	ep11_add_template(&request, 0x200c01, 32);
	ep11_add_mechanism(&request, 0x1085, iv, sizeof(iv));
	ep11_add_octets(&request, kek, EP11_BLOB);
	ep11_add_octets(&request, NULL, 0);
	ep11_add_octets(&request, NULL, 0);
	ep11_add_octets(&request, wrapped, sizeof(wrapped));
	memcpy(kek, exchange_ep11(), EP11_BLOB);
	nothing_is_left();
	begin_ep11(EP11_WRAP);
	request.bytes[5] = 0x20;
	ep11_add_u32(&request, 0);
	ep11_add_mechanism(&request, 0x80060001, iv, sizeof(iv));
	ep11_add_octets(&request, kek, EP11_BLOB);
	ep11_add_octets(&request, NULL, 0);
	ep11_add_octets(&request, NULL, 0);
	exchange_ep11();
	nothing_is_left();
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, start_machine, end_machine)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(an_accelerator_forgets_rsa_keys),
		POINT(a_cca_coprocessor_forgets_rsa_keys),
		POINT(a_cca_coprocessor_forgets_curves),
		POINT(a_cca_coprocessor_forgets_aes_keys),
		POINT(a_cca_coprocessor_forgets_master_keys),
		POINT(an_ep11_coprocessor_forgets_aes_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
