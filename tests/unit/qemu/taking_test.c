// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replies that a VM takes from its shelf, while the machine changes it: every
 * interleaving of the accesses of both sides is tried, those included in which
 * swcexd ends between two of its own.
 *
 * The VM only reads. So it is enough to record what the machine stores and to
 * have the VM read from a copy, to which the test adds the stores one by one:
 * before each access of the VM, any number of them.
 *
 * An answer of the VM has to be that of the machine in a state that it had
 * during the call: an operation of the machine whose stores were all there when
 * the VM began is over, and one whose first store was not there when the VM
 * ended has not begun. To ask is always right, unless nothing changes.
 */
#include "tests/unit/cex/replies.h"

static uint64_t load(const _Atomic uint64_t *from);
static void store(_Atomic uint64_t *to, uint64_t value);
#define SHELF_LOAD(from)	load(from)
#define SHELF_STORE(to, value)	store((to), (value))
#include "cex/shelf.c"
#include "qemu/taking.c"

#define QUEUE_C		AP_APQN(4, 0x47)
#define NOW		UINT64_C(1000000000)
#define ROOM		512
#define STORES		256
#define STATES		12

/* What the machine has, and what DQAP finds in QUEUE_A. */
struct state {
	bool is_shown;
	unsigned int count, replies;
	uint64_t first;		/* psmid of the first reply */
	unsigned int begin, end;	/* stores of the operation that led here */
};

static struct ap_shelf page, first_page, view;
static uint64_t guest_number;
static struct cex_vm *guest;
static struct {
	size_t word;
	uint64_t value;
} stores[STORES];
static unsigned int stored;
static struct state states[STATES];
static unsigned int state_count;

/* One run of the VM: how many stores are there at each access */
static struct {
	bool is_running;
	unsigned int planned[64], plan, at, applied;
	jmp_buf undecided;
} run;
static unsigned int runs, answers;
static uint64_t already_taken;

static uint64_t *word_in(struct ap_shelf *shelf, size_t word)
{
	return (uint64_t *)shelf + word;
}

static void store(_Atomic uint64_t *to, uint64_t value)
{
	*to = value;
	assert_in_range(stored, 0, STORES - 1);
	stores[stored].word = (uint64_t *)to - (uint64_t *)&page;
	stores[stored++].value = value;
}

static void apply(unsigned int until)
{
	for (; run.applied < until; run.applied++)
		*word_in(&view, stores[run.applied].word) =
			stores[run.applied].value;
}

static void restore(void)
{
	for (; run.applied; run.applied--) {
		size_t word = stores[run.applied - 1].word;

		*word_in(&view, word) = *word_in(&first_page, word);
	}
}

/* The machine reads its own memory, too. */
static uint64_t load(const _Atomic uint64_t *from)
{
	if (!run.is_running)
		return *from;
	if (run.at == run.plan)
		longjmp(run.undecided, 1);
	apply(run.planned[run.at++]);
	return *from;
}

static void give_queues(bool both)
{
	struct ap_apcb apcb = apcb_of(QUEUE_A);

	if (both)
		ap_mask_set(&apcb.aqm, AP_DOMAIN(QUEUE_C));
	assert_int_equal(set_masks(guest_number, &apcb), 0);
}

static int start(void **state)
{
	if (setup(state))
		return -1;
	memset(&page, 0, sizeof(page));
	guest_number = new_guest();
	guest = cex_attach_guest(machine, guest_number);
	give_queues(false);
	cex_show(guest, &page);
	stored = state_count = 0;
	already_taken = 0;
	return 0;
}

static int end(void **state)
{
	cex_detach(guest);
	return teardown(state);
}

/* Begin with the state that the machine has. */
static void begin(struct state first)
{
	stored = 0;
	view = first_page = page;
	states[0] = first;
	state_count = 1;
}

/* The operation that was just carried out has led to this state. */
static void then(struct state next)
{
	next.begin = states[state_count - 1].end;
	next.end = stored;
	assert_in_range(state_count, 1, STATES - 1);
	states[state_count++] = next;
}

#define HIDDEN		((struct state){ 0 })
#define SHOWN(...)	((struct state){ .is_shown = true, __VA_ARGS__ })

static uint32_t status_in(const struct state *state)
{
	unsigned int left = state->count - !!state->replies;
	uint32_t status = 0;

	if (!state->replies)
		status |= AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY);
	if (!left)
		status |= AP_STATUS_QUEUE_EMPTY;
	if (left >= 8)
		status |= AP_STATUS_QUEUE_FULL;
	if (state->replies > 1)
		status |= AP_STATUS_REPLIES_WAITING;
	return status;
}

static bool is_answer_of(const struct state *state, const struct ap_result *result,
			 const uint8_t *bytes)
{
	uint8_t reply[REPLY_LENGTH];

	if (!state->is_shown || result->status != status_in(state))
		return false;
	if (!state->replies)
		return !result->length && !result->psmid;
	fill_reply(reply, state->first);
	return result->psmid == state->first && result->length == REPLY_LENGTH &&
	       !memcmp(bytes, reply, REPLY_LENGTH);
}

/* Whether the machine had this state while the VM read */
static bool was_during(unsigned int i, unsigned int first, unsigned int last)
{
	return states[i].begin <= last &&
	       (i + 1 == state_count || first < states[i + 1].end);
}

static void judge_answer(const struct ap_result *result, const uint8_t *bytes)
{
	unsigned int first = run.planned[0], last = run.planned[run.at - 1];

	for (unsigned int i = 0; i < state_count; i++)
		if (was_during(i, first, last) &&
		    is_answer_of(&states[i], result, bytes))
			return;
	fail_msg("psmid %llu, status %08x: not the machine's between stores %u and %u",
		 (unsigned long long)result->psmid, result->status, first, last);
}

/* If nothing changes, the VM need not ask. */
static void judge_question(void)
{
	unsigned int first = run.planned[0], last = run.planned[run.at - 1];

	if (first == stored)
		assert_false(states[state_count - 1].is_shown);
	if (!last && states[0].end == 0 && !first)
		assert_false(states[0].is_shown);
}

/* Return false if the VM makes another access than those that are planned. */
static bool try(void)
{
	const struct ap_command dqap = { .op = AP_OP_DQAP, .apqn = QUEUE_A, .arg = { ROOM } };
	struct taking taking = { &view, already_taken, NOW };
	static uint8_t bytes[AP_MESSAGE_MAX];
	struct ap_result result = { 0 };
	volatile bool is_decided = false;

	run.at = 0;
	run.is_running = true;
	if (!setjmp(run.undecided)) {
		bool answered = taking_answer(&taking, &dqap, NOW, &result, bytes);

		run.is_running = false;
		is_decided = true;
		runs++;
		answers += answered;
		if (answered)
			judge_answer(&result, bytes);
		else
			judge_question();
	}
	run.is_running = false;
	restore();
	return is_decided;
}

static void explore(void)
{
	unsigned int from = run.plan ? run.planned[run.plan - 1] : 0;

	if (try())
		return;
	assert_in_range(run.plan, 0, 62);
	for (unsigned int applied = from; applied <= stored; applied++) {
		run.planned[run.plan++] = applied;
		explore();
		run.plan--;
	}
}

static void all_interleavings(void)
{
	run.plan = runs = answers = 0;
	explore();
	print_message("%u stores, %u runs, %u answers\n", stored, runs, answers);
	assert_true(answers);
	assert_true(runs > answers);
}

static void begin_with_a_reply(void)
{
	reply_of(guest, QUEUE_A, 1);
	assert_true(is_visible(&page, 1));
	begin(SHOWN(.count = 1, .replies = 1, .first = 1));
}

static void hides(void)
{
	then(HIDDEN);
	assert_false(is_visible(&page, 1));
	all_interleavings();
}

static void the_lpar_resets(void **state)
{
	(void)state;
	begin_with_a_reply();
	on_queue(lpar, AP_OP_RAPQ, QUEUE_A);
	hides();
}

static void the_guest_resets(void **state)
{
	(void)state;
	begin_with_a_reply();
	on_queue(guest, AP_OP_RESET, 0);
	hides();
}

static void masks_change(void **state)
{
	(void)state;
	begin_with_a_reply();
	take_all(guest_number);
	then(HIDDEN);
	give_queues(false);
	hides();
}

static void the_guest_is_destroyed(void **state)
{
	(void)state;
	begin_with_a_reply();
	execute(lpar, (struct ap_command){ .op = AP_OP_GUEST_DESTROY,
		.arg[0] = guest_number }, NULL);
	hides();
}

static void the_connection_ends(void **state)
{
	(void)state;
	begin_with_a_reply();
	cex_suspend(guest);
	hides();
}

static void the_adapter_is_deconfigured(void **state)
{
	(void)state;
	begin_with_a_reply();
	cex_deconfigure(machine, AP_ADAPTER(QUEUE_A));
	hides();
}

static void the_adapter_leaves_the_profile(void **state)
{
	(void)state;
	begin_with_a_reply();
	cex_profile_adapter(machine, AP_ADAPTER(QUEUE_A), false);
	hides();
}

static void a_fault_is_set(void **state)
{
	(void)state;
	begin_with_a_reply();
	cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 1);
	hides();
}

static void the_lpar_enqueues(void **state)
{
	(void)state;
	begin_with_a_reply();
	enqueue_of(lpar, QUEUE_A, 2);
	hides();
}

static void state_is_not_saved_yet(void **state)
{
	(void)state;
	begin_with_a_reply();
	cex_set_saved(machine, 0);
	enqueue_of(guest, QUEUE_A, 2);
	hides();
}

static void another_reply_comes(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	enqueue_of(guest, QUEUE_A, 2);
	begin(SHOWN(.count = 2, .replies = 1, .first = 1));
	finish_with(QUEUE_A, REPLY_LENGTH);
	then(SHOWN(.count = 2, .replies = 2, .first = 1));
	enqueue_of(guest, QUEUE_A, 3);
	then(SHOWN(.count = 3, .replies = 2, .first = 1));
	all_interleavings();
	assert_true(is_visible(&page, 1) && is_visible(&page, 2));
}

/* The next reply is laid into the slot of the one that was taken. */
static void a_slot_is_used_again(void **state)
{
	(void)state;
	begin_with_a_reply();
	says(guest, 1);
	then(SHOWN(.count = 0));
	assert_false(is_visible(&page, 1));
	says(guest, 0);
	then(SHOWN(.count = 0));
	enqueue_of(guest, QUEUE_A, 2);
	then(SHOWN(.count = 1));
	finish_with(QUEUE_A, REPLY_LENGTH);
	then(SHOWN(.count = 1, .replies = 1, .first = 2));
	all_interleavings();
}

/* The same, and the slot had the reply of another queue meanwhile. */
static void a_slot_changes_queues(void **state)
{
	(void)state;
	give_queues(true);
	begin_with_a_reply();
	on_queue(lpar, AP_OP_RAPQ, QUEUE_A);
	then(HIDDEN);
	says(guest, 0);
	then(HIDDEN);
	reply_of(guest, QUEUE_C, 5);
	then(HIDDEN);
	all_interleavings();
	assert_true(is_visible(&page, 5));
}

/* What the VM has taken, and not said, is not there any more for it. */
static void a_taken_reply_is_not_taken_again(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	enqueue_of(guest, QUEUE_A, 2);
	already_taken = 1;
	begin(SHOWN(.count = 1));
	finish_with(QUEUE_A, REPLY_LENGTH);
	then(SHOWN(.count = 1, .replies = 1, .first = 2));
	enqueue_of(guest, QUEUE_A, 3);
	then(SHOWN(.count = 2, .replies = 1, .first = 2));
	all_interleavings();
}

/* A VM that only polls finds out that swcexd does not answer any more. */
static void that_there_is_none_is_known_for_a_while(void **state)
{
	const struct ap_command dqap = { .op = AP_OP_DQAP, .apqn = QUEUE_A, .arg = { ROOM } };
	const uint64_t late = NOW + TAKING_NANOSECONDS;
	struct taking taking = { 0 };
	struct ap_result result;

	(void)state;
	enqueue_of(guest, QUEUE_A, 1);
	assert_false(taking_answer(&taking, &dqap, NOW, &result, out));
	taking_open(&taking, &page);
	taking_said(&taking, NOW);
	assert_true(taking_answer(&taking, &dqap, late - 1, &result, out));
	assert_int_equal(rc_of(result), AP_RC_NO_PENDING_REPLY);
	assert_false(taking_answer(&taking, &dqap, late, &result, out));
	finish_with(QUEUE_A, REPLY_LENGTH);
	assert_true(taking_answer(&taking, &dqap, late, &result, out));
	assert_int_equal(result.psmid, 1);
	assert_int_equal(taking.taken, 1);
	taking_close(&taking);
	assert_false(taking_answer(&taking, &dqap, late, &result, out));
}

/*
 * A swcexd that hangs withdraws nothing, and the LPAR's change of masks is over
 * when it has waited long enough for swcexd.
 */
static void a_shelf_is_not_believed_for_ever(void **state)
{
	const struct ap_command dqap = { .op = AP_OP_DQAP, .apqn = QUEUE_A, .arg = { ROOM } };
	const uint64_t late = NOW + TAKING_REPLY_NANOSECONDS;
	struct taking taking = { 0 };
	struct ap_result result;

	(void)state;
	reply_of(guest, QUEUE_A, 1);
	reply_of(guest, QUEUE_A, 2);
	taking_open(&taking, &page);
	taking_said(&taking, NOW);
	assert_true(taking_answer(&taking, &dqap, late - 1, &result, out));
	assert_int_equal(result.psmid, 1);
	assert_false(taking_answer(&taking, &dqap, late, &result, out));
	assert_int_equal(taking.taken, 1);
}

static void the_last_reply_leaves_the_queue_empty(void **state)
{
	const struct ap_command dqap = { .op = AP_OP_DQAP, .apqn = QUEUE_A, .arg = { ROOM } };
	struct taking taking = { .shelf = &page, .heard = NOW };
	struct ap_result result;

	(void)state;
	reply_of(guest, QUEUE_A, 1);
	assert_true(taking_answer(&taking, &dqap, NOW, &result, out));
	assert_int_equal(result.status, AP_STATUS_QUEUE_EMPTY);
	assert_true(taking_answer(&taking, &dqap, NOW, &result, out));
	assert_int_equal(result.status,
			 AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY) | AP_STATUS_QUEUE_EMPTY);
}

/* Answer from a line that says @head and @reply, of which the VM has taken @taken. */
static bool answer_from(struct shelf_head head, struct shelf_reply reply, uint64_t taken,
			uint64_t room, struct ap_result *result)
{
	const struct ap_command dqap = { .op = AP_OP_DQAP, .apqn = QUEUE_A, .arg = { room } };
	struct taking taking = { .shelf = &view, .taken = taken, .heard = NOW };
	struct ap_shelf_line *line = &view.line[shelf_line_of(QUEUE_A)];

	memset(&view, 0, sizeof(view));
	line->head = shelf_head_word(head);
	for (unsigned int i = 0; i < SHELF_REPLIES; i++)
		line->reply[i] = shelf_reply_word((struct shelf_reply){ reply.slot + i,
									reply.length });
	/* What is behind the line looks like one more reply. */
	line[1].sequence = shelf_reply_word((struct shelf_reply){ SHELF_REPLIES, 8 });
	return taking_answer(&taking, &dqap, NOW, result, out);
}

static void a_line_is_for_its_queue_only(void **state)
{
	struct shelf_head head = { QUEUE_A, .room = ROOM, .depth = 8, .flags = SHELF_VALID };
	const struct shelf_reply none = { 0 };
	struct ap_result result;

	(void)state;
	assert_true(answer_from(head, none, 0, ROOM, &result));
	assert_false(answer_from(head, none, 0, ROOM + 1, &result));
	assert_false(answer_from(head, none, 0, 0, &result));
	head.flags = 0;
	assert_false(answer_from(head, none, 0, ROOM, &result));
	head.flags = SHELF_VALID;
	head.apqn = QUEUE_A + SHELF_LINES;
	assert_false(answer_from(head, none, 0, ROOM, &result));
}

static void a_reply_is_taken_as_a_whole(void **state)
{
	const struct shelf_head head = { QUEUE_A, .room = 3 * SHELF_ROOM, .depth = 8, .count = 1,
					 .replies = 1, .flags = SHELF_VALID };
	struct ap_result result;

	(void)state;
	out[ROOM] = 0x5a;
	assert_true(answer_from(head, (struct shelf_reply){ 63, ROOM }, 0, ROOM, &result));
	assert_int_equal(result.length, ROOM);
	assert_int_equal(out[ROOM], 0x5a);
	assert_false(answer_from(head, (struct shelf_reply){ 64, ROOM }, 0, ROOM, &result));
	assert_false(answer_from(head, (struct shelf_reply){ 0, ROOM + 1 }, 0, ROOM, &result));
	assert_true(answer_from(head, (struct shelf_reply){ 0, SHELF_ROOM }, 0, head.room, &result));
	assert_false(answer_from(head, (struct shelf_reply){ 0, SHELF_ROOM + 1 }, 0, head.room,
				 &result));
}

static void what_is_behind_a_line_is_no_reply(void **state)
{
	const struct shelf_head head = { QUEUE_A, .room = ROOM, .depth = 8, .count = 9,
					 .replies = SHELF_REPLIES + 1, .flags = SHELF_VALID };
	struct ap_result result;

	(void)state;
	assert_true(answer_from(head, (struct shelf_reply){ 0, 8 }, 0xff, ROOM, &result));
	assert_int_equal(rc_of(result), AP_RC_NO_PENDING_REPLY);
	assert_int_equal(result.length, 0);
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(the_lpar_resets),
		CASE(the_guest_resets),
		CASE(masks_change),
		CASE(the_guest_is_destroyed),
		CASE(the_connection_ends),
		CASE(the_adapter_is_deconfigured),
		CASE(the_adapter_leaves_the_profile),
		CASE(a_fault_is_set),
		CASE(the_lpar_enqueues),
		CASE(state_is_not_saved_yet),
		CASE(another_reply_comes),
		CASE(a_slot_is_used_again),
		CASE(a_slot_changes_queues),
		CASE(a_taken_reply_is_not_taken_again),
		CASE(that_there_is_none_is_known_for_a_while),
		CASE(a_shelf_is_not_believed_for_ever),
		CASE(the_last_reply_leaves_the_queue_empty),
		CASE(a_line_is_for_its_queue_only),
		CASE(a_reply_is_taken_as_a_whole),
		CASE(what_is_behind_a_line_is_no_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
