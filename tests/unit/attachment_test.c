// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "qemu/attachment.c"

/*
 * An apd for one connection: it takes the attach, answers with @attached, and
 * then every command with @result and @length bytes of 0xab, @answers times.
 */
static struct {
	char folder[32];
	char path[64];
	int listener;
	pthread_t thread;
	struct link_attach attach;
	struct link_attached attached;
	struct ap_result result;
	size_t length;
	unsigned int answers;
	struct ap_command command;
	uint8_t message[AP_MESSAGE_MAX];
} apd;

static void answer(int sock)
{
	uint8_t packet[LINK_PACKET_MAX + 64];
	ssize_t size = recv(sock, packet, sizeof(packet), 0);

	if (size < (ssize_t)sizeof(apd.command))
		return;
	memcpy(&apd.command, packet, sizeof(apd.command));
	memcpy(apd.message, packet + sizeof(apd.command),
	       size - sizeof(apd.command));
	memset(packet, 0xab, sizeof(packet));
	memcpy(packet, &apd.result, sizeof(apd.result));
	send(sock, packet, sizeof(apd.result) + apd.length, MSG_NOSIGNAL);
}

static void *serve(void *unused)
{
	int sock = accept(apd.listener, NULL, NULL);

	(void)unused;
	if (recv(sock, &apd.attach, sizeof(apd.attach), 0) > 0)
		send(sock, &apd.attached, sizeof(apd.attached), MSG_NOSIGNAL);
	for (unsigned int i = 0; i < apd.answers; i++)
		answer(sock);
	close(sock);
	return NULL;
}

static int start(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)state;
	memset(&apd, 0, sizeof(apd));
	strcpy(apd.folder, "/tmp/attachment-XXXXXX");
	assert_non_null(mkdtemp(apd.folder));
	sprintf(apd.path, "%s/link", apd.folder);
	strcpy(address.sun_path, apd.path);
	apd.listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	assert_int_equal(bind(apd.listener, (struct sockaddr *)&address,
			      sizeof(address)), 0);
	assert_int_equal(listen(apd.listener, 1), 0);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	close(apd.listener);
	unlink(apd.path);
	return rmdir(apd.folder);
}

static struct ap_result result;
static uint8_t out[AP_MESSAGE_MAX];
static char reason[256];

static struct machine *attach(const uint64_t *guest)
{
	assert_int_equal(pthread_create(&apd.thread, NULL, serve, NULL), 0);
	return attachment_open(apd.path, guest, reason, sizeof(reason));
}

static void detach(struct machine *machine)
{
	struct attachment *a = (struct attachment *)machine;

	pthread_join(apd.thread, NULL);
	if (a->socket >= 0)
		close(a->socket);
	g_free(a);
}

static void ask_for(struct machine *machine, uint16_t op)
{
	const struct ap_command command = { .op = op, .apqn = 0x0504 };

	machine->execute(machine, &command, NULL, &result, out);
}

static void as_lpar(void **state)
{
	struct machine *m = attach(NULL);

	(void)state;
	assert_non_null(m);
	assert_true(m->is_lpar);
	detach(m);
	assert_int_equal(apd.attach.magic, LINK_MAGIC);
	assert_int_equal(apd.attach.version, LINK_VERSION);
	assert_int_equal(apd.attach.role, LINK_LPAR);
}

static void as_guest(void **state)
{
	const uint64_t guest = 0xfedcba9876543210;
	struct machine *m = attach(&guest);

	(void)state;
	assert_non_null(m);
	assert_false(m->is_lpar);
	detach(m);
	assert_int_equal(apd.attach.role, LINK_GUEST);
	assert_true(apd.attach.guest == guest);
}

/* apd's reason need not end with a NUL. */
static void refused(void **state)
{
	(void)state;
	apd.attached.error = EBUSY;
	memset(apd.attached.reason, '#', sizeof(apd.attached.reason));
	assert_null(attach(NULL));
	pthread_join(apd.thread, NULL);
	assert_non_null(strstr(reason, apd.path));
	assert_int_equal(strspn(strchr(reason, '#'), "#"),
			 sizeof(apd.attached.reason));
}

static void nobody_there(void **state)
{
	char path[200];

	(void)state;
	assert_null(attachment_open("/nowhere", NULL, reason, sizeof(reason)));
	assert_non_null(strstr(reason, "is apd running"));
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_null(attachment_open(path, NULL, reason, sizeof(reason)));
	assert_non_null(strstr(reason, "give a shorter one"));
}

static void exchange(void **state)
{
	struct ap_command command = {
		.op = AP_OP_NQAP, .apqn = 0x0547, .length = 1000, .psmid = 42,
	};
	uint8_t in[1000];
	struct machine *m;

	(void)state;
	memset(in, 0x77, sizeof(in));
	apd.answers = 1;
	apd.length = AP_MESSAGE_MAX;
	apd.result = (struct ap_result){ .status = 7, .length = AP_MESSAGE_MAX };
	m = attach(NULL);
	m->execute(m, &command, in, &result, out);
	detach(m);
	assert_memory_equal(&apd.command, &command, sizeof(command));
	assert_memory_equal(apd.message, in, sizeof(in));
	assert_int_equal(apd.message[sizeof(in)], 0);
	assert_int_equal(result.status, 7);
	assert_int_equal(out[0], 0xab);
	assert_int_equal(out[AP_MESSAGE_MAX - 1], 0xab);
}

static void is_without_adapters(struct machine *m)
{
	const struct ap_qci *qci = (const struct ap_qci *)out;
	const struct ap_mask none = { 0 };

	ask_for(m, AP_OP_TAPQ);
	assert_int_equal(AP_STATUS_RC(result.status), AP_RC_Q_NOT_AVAIL);
	ask_for(m, AP_OP_QCI);
	assert_int_equal(result.length, sizeof(*qci));
	assert_memory_equal(&qci->apcb.apm, &none, sizeof(none));
	assert_memory_equal(&qci->apcb.adm, &none, sizeof(none));
	ask_for(m, AP_OP_GUEST_CREATE);
	assert_true(result.value == 0 && AP_STATUS_RC(result.status));
	ask_for(m, AP_OP_GUEST_MASKS);
	assert_true(result.value == ENODEV);
}

static void machine_ends(void **state)
{
	struct machine *m;

	(void)state;
	apd.answers = 1;
	m = attach(NULL);
	ask_for(m, AP_OP_TAPQ);
	assert_int_equal(result.status, 0);
	pthread_join(apd.thread, NULL);
	is_without_adapters(m);
	assert_int_equal(((struct attachment *)m)->socket, -1);
	g_free(m);
}

/* An answer whose length is not that of its packet breaks the rules. */
static void wrong_lengths(void **state)
{
	static const struct {
		uint32_t told;
		size_t sent;
	} lengths[] = {
		{ 0, 1 }, { 1, 0 }, { 100, 99 }, { UINT32_MAX, 8 },
		{ AP_MESSAGE_MAX + 1, AP_MESSAGE_MAX + 1 },
	};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct machine *m;

		apd.answers = 1;
		apd.result.length = lengths[i].told;
		apd.length = lengths[i].sent;
		m = attach(NULL);
		is_without_adapters(m);
		detach(m);
		stop(state);
		start(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(as_lpar, start, stop),
		cmocka_unit_test_setup_teardown(as_guest, start, stop),
		cmocka_unit_test_setup_teardown(refused, start, stop),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test_setup_teardown(exchange, start, stop),
		cmocka_unit_test_setup_teardown(machine_ends, start, stop),
		cmocka_unit_test_setup_teardown(wrong_lengths, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
