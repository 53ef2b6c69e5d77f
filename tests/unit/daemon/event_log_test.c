// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/event_log.c"

#define APQN	AP_APQN(5, 4)

static struct loop loop;
static struct cex_machine *machine;
static struct event_log event_log;
static struct cex_vm *lpar;
static FILE *terminal;
static char *text;
static size_t size;

static int setup(void **state)
{
	(void)state;
	machine = cex_machine_new(1);
	if (!machine || cex_add_adapter(machine, 5, "CEX8A") ||
	    cex_add_domain(machine, 4) || loop_open(&loop) ||
	    event_log_open(&event_log, &loop, machine))
		return -1;
	lpar = cex_attach_lpar(machine);
	terminal = stderr;
	stderr = open_memstream(&text, &size);
	return lpar && stderr ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	fclose(stderr);
	stderr = terminal;
	free(text);
	event_log_close(&event_log);
	loop_close(&loop);
	cex_machine_free(machine);
	return 0;
}

static uint64_t execute(struct cex_vm *vm, struct ap_command command,
			const void *in)
{
	static uint8_t out[AP_MESSAGE_MAX];
	struct ap_result result;

	cex_execute(vm, &command, in, &result, out);
	return result.value;
}

static uint64_t give_queue(void)
{
	uint64_t guest = execute(lpar, (struct ap_command){
		.op = AP_OP_GUEST_CREATE }, NULL);
	struct ap_apcb apcb = { 0 };

	ap_mask_set(&apcb.apm, AP_ADAPTER(APQN));
	ap_mask_set(&apcb.aqm, AP_DOMAIN(APQN));
	assert_int_equal(execute(lpar, (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = guest,
		.length = sizeof(apcb) }, &apcb), 0);
	return guest;
}

static void enqueue(struct cex_vm *vm)
{
	execute(vm, (struct ap_command){ .op = AP_OP_NQAP, .apqn = APQN,
					 .length = 1 }, "");
}

/* Return what the loop logs when it serves the event log. */
static const char *logged(void)
{
	struct pollfd ready = { event_log.source.fd, POLLIN, 0 };

	if (poll(&ready, 1, 0) == 1)
		event_log.source.ready(&event_log.source);
	fflush(stderr);
	return text;
}

static void a_dirty_handover_is_a_warning(void **state)
{
	struct cex_vm *guest;

	(void)state;
	guest = cex_attach_guest(machine, give_queue());
	enqueue(guest);
	assert_string_equal(logged(), "");
	give_queue();
	assert_string_equal(logged(),
		"swcexd: warning: dirty handover: guest2 reached 05.0004, which was not zeroized since guest1 used it\n");
	enqueue(lpar);
	assert_non_null(strstr(logged(), "lpar reached 05.0004, which was not zeroized since guest1"));
}

static void who_configures_an_adapter_is_told(void **state)
{
	const struct ap_command off = { .op = AP_OP_DECONFIGURE, .arg[0] = 5 };
	const struct ap_command on = { .op = AP_OP_CONFIGURE, .arg[0] = 5 };

	(void)state;
	execute(lpar, off, NULL);
	execute(lpar, off, NULL);
	execute(lpar, on, NULL);
	assert_string_equal(logged(), "swcexd: info: lpar: deconfigured 05\n"
				      "swcexd: info: lpar: configured 05\n");
}

static void master_keys_are_not_told(void **state)
{
	const struct cex_event event = { .kind = CEX_MASTER_KEYS_CHANGED, .apqn = APQN, .vm = 3 };

	(void)state;
	note(&event_log, &event);
	assert_string_equal(logged(),
			    "swcexd: info: guest3: changed master keys of 05.0004\n");
}

static void unknown_verbs_are_told(void **state)
{
	const struct cex_event event = {
		.kind = CEX_VERB_UNKNOWN, .apqn = APQN, .vm = 1,
		.verb = { "KX 'WRAP    '", "user data 4, keys 68, data 0" },
	};

	(void)state;
	note(&event_log, &event);
	assert_string_equal(logged(), "swcexd: info: guest1: 05.0004 does not serve KX 'WRAP    '; bytes of its parts: user data 4, keys 68, data 0\n");
}

/* Nobody waits for room; an event for which there is none is counted. */
static void more_than_the_log_takes(void **state)
{
	const struct cex_event event = { .kind = CEX_DIRTY_HANDOVER, .apqn = APQN, .vm = 1, .other = 2 };
	unsigned int lines = 0;

	(void)state;
	for (int i = 0; i < 3 * LOG_PERIOD_LINES; i++)
		note(&event_log, &event);
	assert_int_equal(event_log.left_out, 2 * LOG_PERIOD_LINES);
	for (const char *end = logged(); (end = strchr(end, '\n')); end++)
		lines++;
	assert_true(lines <= LOG_PERIOD_LINES);
	assert_int_equal(event_log.count, 0);
	assert_int_equal(event_log.left_out, 0);
}

static void the_rest_is_told_at_the_end(void **state)
{
	(void)state;
	enqueue(lpar);
	event_log_close(&event_log);
	give_queue();
	assert_int_equal(event_log.count, 0);
	assert_int_equal(event_log_open(&event_log, &loop, machine), 0);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(a_dirty_handover_is_a_warning),
		POINT(who_configures_an_adapter_is_told),
		POINT(master_keys_are_not_told),
		POINT(unknown_verbs_are_told),
		POINT(the_rest_is_told_at_the_end),
		POINT(more_than_the_log_takes),
	};

	return cmocka_run_group_tests_name("event_log", tests, NULL, NULL);
}
