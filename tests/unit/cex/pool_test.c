// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole way of administrative commands through a machine: which VM may
 * address which domain. The order in which VMs are served.
 */
#include "tests/unit/cca/message.h"

#include <semaphore.h>
#include <time.h>

#include "cex/pool.c"

#define ADAPTER		5
#define USAGE		4
#define CONTROL		0x47

static unsigned int adapter;
static struct cex_machine *machine;
static struct cex_vm *lpar, *guest;
static uint64_t number;
static struct message m;
static struct answer a;

static struct ap_result execute(struct cex_vm *vm, struct ap_command command,
				const void *in)
{
	struct ap_result result;

	cex_execute(vm, &command, in, &result, a.bytes);
	return result;
}

static void give(const uint8_t *controlled, size_t count)
{
	struct ap_apcb apcb = { 0 };

	ap_mask_set(&apcb.apm, adapter);
	ap_mask_set(&apcb.aqm, USAGE);
	for (size_t i = 0; i < count; i++)
		ap_mask_set(&apcb.adm, controlled[i]);
	assert_int_equal(execute(lpar, (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = number,
		.length = sizeof(apcb) }, &apcb).value, 0);
}

static int attach(void)
{
	lpar = cex_attach_lpar(machine);
	if (!lpar)
		return -1;
	number = execute(lpar, (struct ap_command){
		.op = AP_OP_GUEST_CREATE }, NULL).value;
	guest = cex_attach_guest(machine, number);
	return guest ? 0 : -1;
}

static int setup(void **state)
{
	(void)state;
	adapter = ADAPTER;
	machine = cex_machine_new(2);
	if (!machine || cex_add_domain(machine, USAGE) ||
	    cex_add_domain(machine, CONTROL) ||
	    cex_add_adapter(machine, ADAPTER, "CEX8C"))
		return -1;
	return attach();
}

static int teardown(void **state)
{
	(void)state;
	cex_detach(guest);
	cex_detach(lpar);
	cex_machine_free(machine);
	return 0;
}

static void make(const char *function, const char *rules, uint16_t domain)
{
	message_open(&m, function, rules);
	message_administer(&m, domain);
	block_empty(&m);
	block_empty(&m);
	message_close(&m);
}

static void receive(struct cex_vm *vm)
{
	const struct ap_command dqap = {
		.op = AP_OP_DQAP, .apqn = AP_APQN(adapter, USAGE),
		.arg[0] = 3 * 4096,
	};
	const struct timespec pause = { 0, 100000 };
	struct ap_result result;
	int tries = 100000;

	do {
		result = execute(vm, dqap, NULL);
	} while (AP_STATUS_RC(result.status) == AP_RC_NO_PENDING_REPLY &&
		 --tries && !nanosleep(&pause, NULL));
	assert_int_equal(AP_STATUS_RC(result.status), AP_RC_NORMAL);
	a.length = result.length;
	read_answer(m.bytes, &a);
}

/*
 * Send a command by way of the queue of USAGE. Return the error of a type 82,
 * or 0.
 */
static uint8_t command(struct cex_vm *vm, const char *function,
		       const char *rules, uint16_t domain)
{
	a = (struct answer){ 0 };
	make(function, rules, domain);
	assert_int_equal(AP_STATUS_RC(execute(vm, (struct ap_command){
		.op = AP_OP_NQAP, .apqn = AP_APQN(adapter, USAGE),
		.length = builder_length(&m.b) }, m.bytes).status), AP_RC_NORMAL);
	receive(vm);
	return a.error;
}

static enum master_key_state new_key(unsigned int domain)
{
	struct queue *queue = machine->adapter[adapter]->queue[domain];

	return queue->domain.keys[MASTER_KEY_AES][MASTER_KEY_NEW].state;
}

static uint8_t draw(struct cex_vm *vm, uint16_t domain)
{
	return command(vm, "MP", "AES-MK  RANDOM  ", domain);
}

static struct cex_event last;
static unsigned int events;

static void observe(void *unused, const struct cex_event *event)
{
	(void)unused;
	if (event->kind != CEX_MASTER_KEYS_CHANGED)
		return;
	last = *event;
	events++;
}

static void a_change_of_master_keys_is_told(void **state)
{
	static const uint8_t control[] = { CONTROL };

	(void)state;
	give(control, 1);
	events = 0;
	cex_observe(machine, observe, NULL);
	command(guest, "FQ", "STATICSA", CONTROL);
	draw(guest, USAGE);
	assert_int_equal(events, 0);
	draw(guest, CONTROL);
	assert_int_equal(events, 1);
	assert_int_equal(last.apqn, AP_APQN(ADAPTER, CONTROL));
	assert_int_equal(last.vm, 1);
	command(lpar, "MP", "AES-MK  SET     ", CONTROL);
	assert_int_equal(events, 2);
	assert_int_equal(last.vm, 0);
	cex_observe(machine, NULL, NULL);
	draw(guest, CONTROL);
	assert_int_equal(events, 2);
}

static void an_lpar_controls_its_domains(void **state)
{
	(void)state;
	assert_int_equal(draw(lpar, CONTROL), 0);
	assert_int_equal(a.codes, CCA_OK);
	assert_int_equal(new_key(CONTROL), MASTER_KEY_FULL);
	assert_int_equal(new_key(USAGE), MASTER_KEY_EMPTY);
	assert_int_equal(draw(lpar, USAGE), 0);
	assert_int_equal(new_key(USAGE), MASTER_KEY_FULL);
}

static void a_domain_that_is_not_there(void **state)
{
	static const uint16_t absent[] = { 0, 5, 0xff, 0x147, 0x8047, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_int_equal(draw(lpar, absent[i]), TYPE6_FILTERED);
}

static void a_guest_controls_what_its_adm_says(void **state)
{
	static const uint8_t control[] = { CONTROL, 9 };

	(void)state;
	give(control, 2);
	assert_int_equal(draw(guest, CONTROL), 0);
	assert_int_equal(new_key(CONTROL), MASTER_KEY_FULL);
	assert_int_equal(command(guest, "FQ", "STATICSA", CONTROL), 0);
	assert_memory_equal(a.rules.at + 7 * 8, "3", 1);
	assert_int_equal(draw(guest, 9), TYPE6_FILTERED);
	assert_int_equal(draw(guest, USAGE), TYPE6_FILTERED);
	assert_int_equal(new_key(USAGE), MASTER_KEY_EMPTY);
}

/* Usage of a domain does not include control of it. */
static void a_guest_without_an_adm_controls_nothing(void **state)
{
	static const uint8_t usage[] = { USAGE };

	(void)state;
	give(NULL, 0);
	assert_int_equal(draw(guest, CONTROL), TYPE6_FILTERED);
	assert_int_equal(draw(guest, USAGE), TYPE6_FILTERED);
	assert_int_equal(command(guest, "FQ", "STATICSA", CONTROL),
			 TYPE6_FILTERED);
	assert_int_equal(new_key(CONTROL), MASTER_KEY_EMPTY);
	assert_int_equal(new_key(USAGE), MASTER_KEY_EMPTY);
	give(usage, 1);
	assert_int_equal(draw(guest, USAGE), 0);
	assert_int_equal(new_key(USAGE), MASTER_KEY_FULL);
}

static void an_adm_is_in_force_at_once(void **state)
{
	static const uint8_t control[] = { CONTROL };

	(void)state;
	give(control, 1);
	assert_int_equal(draw(guest, CONTROL), 0);
	give(NULL, 0);
	assert_int_equal(command(guest, "MP", "AES-MK  SET     ", CONTROL),
			 TYPE6_FILTERED);
	assert_int_equal(new_key(CONTROL), MASTER_KEY_FULL);
}

/* The ADM counts for commands only. */
static void usage_is_for_the_queues_domain(void **state)
{
	(void)state;
	a = (struct answer){ 0 };
	make("FQ", "STATICSA", CONTROL);
	build_patch_u16(&m.b, AT_CPRB + 6, 0x5432);
	execute(lpar, (struct ap_command){ .op = AP_OP_NQAP,
		.apqn = AP_APQN(ADAPTER, USAGE), .length = builder_length(&m.b) },
		m.bytes);
	receive(lpar);
	assert_int_equal(a.error, TYPE6_DOMAIN);
}

static struct cex_event told[8];
static unsigned int told_count;

static void take_note(void *unused, const struct cex_event *event)
{
	(void)unused;
	if (event->kind != CEX_VERB_UNKNOWN)
		return;
	assert_true(told_count < sizeof(told) / sizeof(told[0]));
	told[told_count++] = *event;
}

static void an_unknown_verb_is_told_once(void **state)
{
	(void)state;
	give(NULL, 0);
	told_count = 0;
	cex_observe(machine, take_note, NULL);
	assert_int_equal(command(lpar, "KX", "", CONTROL), TYPE6_FUNCTION);
	assert_int_equal(command(guest, "KX", "", CONTROL), TYPE6_FILTERED);
	assert_int_equal(command(lpar, "FQ", "STATICSA", CONTROL), 0);
	assert_int_equal(told_count, 1);
	command(guest, "KX", "FIRST   ", CONTROL);
	cex_observe(machine, NULL, NULL);
	assert_int_equal(told_count, 2);
	assert_int_equal(told[0].apqn, AP_APQN(ADAPTER, USAGE));
	assert_int_equal(told[0].vm, 0);
	assert_string_equal(told[0].verb.name, "KX ''");
	assert_string_equal(told[0].verb.parts, "user data 0, keys 0, data 0");
	assert_int_equal(told[1].vm, 1);
	assert_string_equal(told[1].verb.name, "KX 'FIRST   '");
}

/*
 * Adapter 0 and domain 0 are numbers like any other; 0x100 is not the same as
 * 0.
 */
static int setup_first(void **state)
{
	(void)state;
	adapter = 0;
	machine = cex_machine_new(2);
	if (!machine || cex_add_domain(machine, USAGE) ||
	    cex_add_domain(machine, 0) || cex_add_adapter(machine, 0, "CEX8C"))
		return -1;
	return attach();
}

static void control_domain_0_by_adapter_00(void **state)
{
	static const uint8_t control[] = { 0 };

	(void)state;
	give(NULL, 0);
	assert_int_equal(draw(guest, 0), TYPE6_FILTERED);
	give(control, 1);
	assert_int_equal(draw(guest, 0x100), TYPE6_FILTERED);
	assert_int_equal(draw(guest, USAGE), TYPE6_FILTERED);
	assert_int_equal(new_key(0), MASTER_KEY_EMPTY);
	assert_int_equal(draw(guest, 0), 0);
	assert_int_equal(a.codes, CCA_OK);
	assert_int_equal(new_key(0), MASTER_KEY_FULL);
	assert_int_equal(new_key(USAGE), MASTER_KEY_EMPTY);
}

static void an_lpar_controls_domain_0(void **state)
{
	(void)state;
	assert_int_equal(draw(lpar, 0x100), TYPE6_FILTERED);
	assert_int_equal(new_key(0), MASTER_KEY_EMPTY);
	assert_int_equal(draw(lpar, 0), 0);
	assert_int_equal(new_key(0), MASTER_KEY_FULL);
}

static sem_t gate;
static _Atomic unsigned int begun;
static uint8_t served[4];

static size_t work_behind_gate(const struct domain *domain,
			       const uint8_t *request, size_t length,
			       uint8_t *reply)
{
	(void)length;
	if (begun < sizeof(served))
		served[begun] = domain->number;
	begun++;
	sem_wait(&gate);
	reply[0] = request[0];
	return 1;
}

static void is_begun(unsigned int count)
{
	const struct timespec pause = { 0, 100000 };
	int tries = 100000;

	while (begun < count && --tries)
		nanosleep(&pause, NULL);
	assert_int_equal(begun, count);
}

static void send(struct cex_vm *vm, uint8_t domain)
{
	assert_int_equal(AP_STATUS_RC(execute(vm, (struct ap_command){
		.op = AP_OP_NQAP, .apqn = AP_APQN(adapter, domain),
		.length = 1 }, "").status), AP_RC_NORMAL);
}

static void prepare_behind_gate(const uint8_t *request, size_t length)
{
	(void)request;
	(void)length;
	begun++;
	sem_wait(&gate);
}

/* A coprocessor whose commands take long before they are carried out */
static int setup_prepared(void **state)
{
	struct firmware *gated = malloc(sizeof(*gated));

	if (!gated || setup(state))
		return -1;
	*gated = *machine->adapter[ADAPTER]->firmware;
	gated->prepare = prepare_behind_gate;
	machine->adapter[ADAPTER]->firmware = gated;
	*state = gated;
	begun = 0;
	return sem_init(&gate, 0, 0);
}

static int teardown_prepared(void **state)
{
	teardown(state);
	free(*state);
	return 0;
}

static void begin_to_draw(void)
{
	static const uint8_t control[] = { CONTROL };

	give(control, 1);
	a = (struct answer){ 0 };
	make("MP", "AES-MK  RANDOM  ", CONTROL);
	assert_int_equal(AP_STATUS_RC(execute(guest, (struct ap_command){
		.op = AP_OP_NQAP, .apqn = AP_APQN(adapter, USAGE),
		.length = builder_length(&m.b) }, m.bytes).status), AP_RC_NORMAL);
	is_begun(1);
}

static void an_adm_counts_after_preparation(void **state)
{
	(void)state;
	begin_to_draw();
	give(NULL, 0);
	sem_post(&gate);
	receive(guest);
	assert_int_not_equal(a.error, 0);
	assert_int_equal(new_key(CONTROL), MASTER_KEY_EMPTY);
}

static void what_is_refused_is_not_prepared(void **state)
{
	(void)state;
	give(NULL, 0);
	assert_int_not_equal(draw(guest, CONTROL), 0);
	assert_int_equal(begun, 0);
}

static void reset(struct cex_vm *vm)
{
	struct ap_command command = {
		.op = AP_OP_ZAPQ, .apqn = AP_APQN(adapter, USAGE),
	};
	const struct timespec pause = { 0, 100000 };
	int tries = 100000;

	execute(vm, command, NULL);
	command.op = AP_OP_TAPQ;
	while (AP_STATUS_RC(execute(vm, command, NULL).status) && --tries)
		nanosleep(&pause, NULL);
	assert_int_not_equal(tries, 0);
}

static void a_reset_drops_what_is_prepared(void **state)
{
	(void)state;
	begin_to_draw();
	reset(guest);
	sem_post(&gate);
	sem_post(&gate);
	assert_int_equal(draw(lpar, USAGE), 0);
	assert_int_equal(new_key(CONTROL), MASTER_KEY_EMPTY);
	assert_int_equal(new_key(USAGE), MASTER_KEY_FULL);
}

#define OTHERS	0x80

static int setup_crowd(void **state)
{
	struct firmware *gated = malloc(sizeof(*gated));

	adapter = ADAPTER;
	machine = cex_machine_new(1);
	if (!gated || !machine ||
	    cex_add_adapter(machine, ADAPTER, "CEX8A") ||
	    cex_add_domain(machine, USAGE))
		return -1;
	for (unsigned int i = OTHERS; i < AP_DOMAINS; i++)
		cex_add_domain(machine, i);
	*gated = *machine->adapter[ADAPTER]->firmware;
	gated->answer = work_behind_gate;
	machine->adapter[ADAPTER]->firmware = gated;
	*state = gated;
	begun = 0;
	return sem_init(&gate, 0, 0) || attach();
}

static int teardown_crowd(void **state)
{
	for (unsigned int i = 0; i < 8 * AP_DOMAINS; i++)
		sem_post(&gate);
	teardown(state);
	free(*state);
	return 0;
}

/*
 * The worker has one of a thousand requests of the LPAR when the guest comes.
 */
static void a_crowd_of_queues_is_one_turn(void **state)
{
	(void)state;
	give(NULL, 0);
	for (unsigned int i = OTHERS; i < AP_DOMAINS; i++)
		for (unsigned int j = 0; j < 8; j++)
			send(lpar, i);
	is_begun(1);
	send(guest, USAGE);
	sem_post(&gate);
	is_begun(2);
	assert_true(served[0] >= OTHERS);
	assert_int_equal(served[1], USAGE);
}

#define POINT(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define FIRST(f) cmocka_unit_test_setup_teardown(f, setup_first, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(an_lpar_controls_its_domains),
		POINT(a_domain_that_is_not_there),
		POINT(a_guest_controls_what_its_adm_says),
		POINT(a_guest_without_an_adm_controls_nothing),
		POINT(an_adm_is_in_force_at_once),
		POINT(a_change_of_master_keys_is_told),
		POINT(usage_is_for_the_queues_domain),
		POINT(an_unknown_verb_is_told_once),
		FIRST(control_domain_0_by_adapter_00),
		FIRST(an_lpar_controls_domain_0),
		cmocka_unit_test_setup_teardown(a_crowd_of_queues_is_one_turn,
						setup_crowd, teardown_crowd),
		cmocka_unit_test_setup_teardown(an_adm_counts_after_preparation,
						setup_prepared, teardown_prepared),
		cmocka_unit_test_setup_teardown(what_is_refused_is_not_prepared,
						setup_prepared, teardown_prepared),
		cmocka_unit_test_setup_teardown(a_reset_drops_what_is_prepared,
						setup_prepared, teardown_prepared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
