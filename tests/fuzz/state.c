// SPDX-License-Identifier: GPL-2.0-only
/*
 * What swcexd finds in its state file. The first byte of an input says what the
 * rest of it is:
 *
 *	0	a state, as it is
 *	1	a file, encrypted or not
 *	2	changes of a state that a machine had, 3 bytes each: a place of
 *		16 bits and what to add there; a change at the end cuts off as
 *		many bytes as are to be added
 *	3	such changes of the file that holds this state
 *
 * A state that can be loaded results in a machine that works and has the same
 * state. A file can be opened only if it is the one that was written.
 *
 * runs: 2000
 */
#include "bytes/sealed.h"
#include "cex/cex.h"
#include "cex/state.h"
#include "fuzz.h"

static const struct slice secret = { (const uint8_t *)"a key file", 10 };
static struct slice state, file;

static struct cex_machine *new_machine(void)
{
	struct cex_machine *machine = cex_machine_new(1);

	promised(machine);
	promised(!cex_add_adapter(machine, 5, "CEX8C"));
	promised(!cex_add_adapter(machine, 6, "CEX7P"));
	promised(!cex_add_domain(machine, 4));
	promised(!cex_add_domain(machine, 0x47));
	return machine;
}

static struct slice save(struct cex_machine *machine)
{
	struct state *of_machine = state_new(machine);
	struct slice bytes;
	uint64_t revision;

	promised(of_machine);
	promised(!state_snapshot(of_machine, &bytes, &revision));
	bytes.at = exact_copy(bytes.at, bytes.length);
	state_free(of_machine);
	return bytes;
}

static void make_file(void)
{
	uint8_t *sealed = malloc(state.length + SEALED_OVERHEAD);

	promised(sealed && !sealed_make(secret, state, sealed));
	file = (struct slice){ sealed, state.length + SEALED_OVERHEAD };
}

/*
 * The state is that of a machine with an LPAR and two guests, one of which has
 * a queue.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct cex_machine *machine = new_machine();
	struct cex_vm *lpar = cex_attach_lpar(machine);
	struct ap_command command = { .op = AP_OP_GUEST_CREATE };
	struct ap_apcb apcb = { 0 };
	struct ap_result result;

	(void)argc;
	(void)argv;
	promised(lpar);
	cex_execute(lpar, &command, NULL, &result, NULL);
	cex_execute(lpar, &command, NULL, &result, NULL);
	ap_mask_set(&apcb.apm, 5);
	ap_mask_set(&apcb.aqm, 4);
	command = (struct ap_command){
		.op = AP_OP_GUEST_MASKS, .arg[0] = result.value,
		.length = sizeof(apcb),
	};
	cex_execute(lpar, &command, &apcb, &result, NULL);
	promised(!result.value);
	state = save(machine);
	make_file();
	cex_detach(lpar);
	cex_machine_free(machine);
	return 0;
}

static void note_gone(uint16_t apqn, const char *type)
{
	(void)apqn;
	promised(strlen(type) <= 5);
}

static bool load(struct cex_machine *machine, struct slice bytes)
{
	uint8_t *copy = exact_copy(bytes.at, bytes.length);
	int error = state_load(machine,
			       (struct slice){ copy, bytes.length }, note_gone);

	free(copy);
	return !error;
}

static void use(struct cex_machine *machine)
{
	struct ap_command command = { .op = AP_OP_TAPQ, .apqn = AP_APQN(5, 4) };
	struct cex_vm *vm = NULL;
	struct ap_result result;

	while ((vm = state_next_vm(machine, vm)))
		cex_execute(vm, &command, NULL, &result, NULL);
}

/*
 * Load a state into a machine and return the state of that, or nothing if it
 * cannot be loaded.
 */
static struct slice pass(struct slice bytes)
{
	struct cex_machine *machine = new_machine();
	struct slice passed = { 0 };

	if (load(machine, bytes)) {
		use(machine);
		passed = save(machine);
	}
	cex_machine_free(machine);
	return passed;
}

/* Loading reverses the order of the guests, so the second time restores it. */
static void judge_state(struct slice bytes)
{
	struct slice first = pass(bytes), second, third;

	if (!first.at)
		return;
	second = pass(first);
	promised(second.at && second.length == first.length);
	third = pass(second);
	promised(third.at && third.length == first.length);
	promised(!memcmp(third.at, first.at, first.length));
	free((void *)first.at);
	free((void *)second.at);
	free((void *)third.at);
}

static void judge_file(struct slice bytes)
{
	uint8_t *sealed = exact_copy(bytes.at, bytes.length);
	uint8_t *out = malloc(bytes.length + 1);
	bool same = bytes.length == file.length &&
		    !memcmp(bytes.at, file.at, file.length);

	promised(out);
	promised(sealed_open(secret, (struct slice){ sealed, bytes.length },
			     out) == SEALED_OK ? same : !same);
	promised(!same || !memcmp(out, state.at, state.length));
	free(sealed);
	free(out);
}

static void change(struct slice bytes, struct cursor changes,
		   void (*judge)(struct slice bytes))
{
	uint8_t *copy = exact_copy(bytes.at, bytes.length);
	size_t length = bytes.length;

	while (length && cursor_left(&changes) >= 3) {
		size_t at = cursor_u16(&changes) % (length + 1);
		uint8_t what = cursor_u8(&changes);

		if (at < length)
			copy[at] += what;
		else
			length -= what < length ? what : length;
	}
	judge((struct slice){ copy, length });
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);

	switch (cursor_u8(&c) % 4) {
	case 0:
		judge_state(cursor_rest(&c));
		break;
	case 1:
		judge_file(cursor_rest(&c));
		break;
	case 2:
		change(state, c, judge_state);
		break;
	case 3:
		change(file, c, judge_file);
		break;
	}
	return 0;
}
