// SPDX-License-Identifier: GPL-2.0-only
/*
 * What VMs are shown of their queues, and what becomes of it.
 */
#include "replies.h"

#include "cex/display.c"

#define QUEUE_C		AP_APQN(4, 0x47)
#define ALL_SLOTS	UINT64_MAX

static struct ap_shelf page, page_of_lpar;
static uint64_t guest_number;
static struct cex_vm *guest;

static int start(void **state)
{
	struct ap_apcb apcb = apcb_of(QUEUE_A);

	if (setup(state))
		return -1;
	memset(&page, 0, sizeof(page));
	memset(&page_of_lpar, 0, sizeof(page_of_lpar));
	guest_number = new_guest();
	guest = cex_attach_guest(machine, guest_number);
	ap_mask_set(&apcb.aqm, AP_DOMAIN(QUEUE_C));
	assert_int_equal(set_masks(guest_number, &apcb), 0);
	cex_show(guest, &page);
	cex_show(lpar, &page_of_lpar);
	return 0;
}

static int end(void **state)
{
	cex_detach(guest);
	return teardown(state);
}

static struct shelf_head head_of(const struct ap_shelf *shelf, uint16_t apqn)
{
	struct shelf_head head = shelf_head_of(shelf->line[shelf_line_of(apqn)].head);

	return head.apqn == apqn ? head : (struct shelf_head){ 0 };
}

static bool is_shown(const struct ap_shelf *shelf, uint16_t apqn)
{
	return head_of(shelf, apqn).flags & SHELF_VALID;
}

static unsigned int count_in(uint16_t apqn)
{
	struct cex_queue_info info;

	assert_int_equal(cex_queue_info(machine, apqn, &info), 0);
	return info.pending;
}

static void a_queue_is_shown_to_its_user(void **state)
{
	struct shelf_head head;

	(void)state;
	assert_false(is_shown(&page, QUEUE_A));
	reply_of(guest, QUEUE_A, 1);
	assert_int_equal(enqueue_of(guest, QUEUE_A, 2), AP_RC_NORMAL);
	head = head_of(&page, QUEUE_A);
	assert_int_equal(head.flags, SHELF_VALID);
	assert_int_equal(head.count, 2);
	assert_int_equal(head.replies, 1);
	assert_int_equal(head.depth, 8);
	assert_int_equal(head.room, 3 * 4096);
	assert_false(is_shown(&page_of_lpar, QUEUE_A));
	assert_false(is_visible(&page_of_lpar, 1));
}

static void what_is_taken_leaves_the_queue(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	reply_of(guest, QUEUE_A, 2);
	says(guest, 1);
	assert_int_equal(count_in(QUEUE_A), 1);
	assert_false(is_visible(&page, 1));
	assert_true(is_visible(&page, 2));
	assert_int_equal(dequeue(guest, QUEUE_A, 512).psmid, 2);
	assert_false(is_visible(&page, 2));
	assert_int_equal(rc_of(dequeue(guest, QUEUE_A, 512)), AP_RC_NO_PENDING_REPLY);
}

static void any_command_says_what_is_taken(void **state)
{
	const struct ap_command unknown = { .op = UINT16_MAX, .taken = 1 };

	(void)state;
	reply_of(guest, QUEUE_A, 1);
	assert_int_equal(execute(guest, unknown, NULL).check, AP_CHECK_OPERATION);
	assert_int_equal(count_in(QUEUE_A), 0);
	assert_false(is_visible(&page, 1));
}

/* A VM that claims to have taken everything loses its own replies only. */
static void a_vm_takes_its_own_replies_only(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	reply_of(lpar, QUEUE_B, 2);
	says(lpar, 0);
	for (int i = 0; i < 3; i++)
		says(guest, ALL_SLOTS);
	assert_int_equal(count_in(QUEUE_A), 0);
	assert_int_equal(count_in(QUEUE_B), 1);
	assert_true(is_visible(&page_of_lpar, 2));
	reply_of(guest, QUEUE_A, 3);
	assert_int_equal(enqueue_of(guest, QUEUE_A, 4), AP_RC_NORMAL);
	says(guest, ALL_SLOTS);
	assert_int_equal(count_in(QUEUE_A), 1);
}

/* Nobody but the guest can know whether it has taken the reply already. */
static void a_shown_reply_is_not_for_others(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	for (int i = 0; i < 2; i++) {
		struct ap_result result = dequeue(lpar, QUEUE_A, 512);

		assert_int_equal(result.status,
				 AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY));
		cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 1);
		cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 0);
		assert_false(is_visible(&page, 1));
	}
	/* It has not: its next command says nothing. */
	says(guest, 0);
	assert_true(is_visible(&page, 1));
	assert_int_equal(dequeue(guest, QUEUE_A, 512).psmid, 1);
}

/* Other VMs have seen the reply in the queue, and are told when it leaves. */
static void others_are_told_what_becomes_of_it(void **state)
{
	(void)state;
	cex_watch(lpar, &watched);
	reply_of(guest, QUEUE_A, 1);
	take_change(QUEUE_A);
	assert_int_equal(dequeue(lpar, QUEUE_A, 512).status,
			 AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY));
	assert_false(take_change(QUEUE_A));
	assert_int_equal(dequeue(guest, QUEUE_A, 512).psmid, 1);
	assert_true(take_change(QUEUE_A));
	reply_of(guest, QUEUE_A, 2);
	take_change(QUEUE_A);
	says(guest, ALL_SLOTS);
	assert_true(take_change(QUEUE_A));
}

/* All guests are told each time, under the machine's lock. */
static void a_queue_is_told_of_once(void **state)
{
	const _Atomic uint64_t *count = AP_CHANGES_OF(&watched, QUEUE_A);
	uint64_t before;

	(void)state;
	cex_watch(lpar, &watched);
	for (int i = 0; i < SHELF_REPLIES; i++)
		reply_of(guest, QUEUE_A, i);
	cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 1);
	cex_set_fault(machine, QUEUE_A, FAULT_BUSY, 0);
	before = *count;
	says(guest, 0);
	assert_int_equal(*count, before + 1);
	assert_true(is_shown(&page, QUEUE_A));
	says(guest, ALL_SLOTS);
	assert_int_equal(*count, before + 2);
	assert_int_equal(count_in(QUEUE_A), 0);
}

static void what_was_taken_in_time_is_taken(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	assert_int_equal(enqueue_of(lpar, QUEUE_A, 2), AP_RC_NORMAL);
	assert_false(is_visible(&page, 1));
	take_all(guest_number);
	says(guest, 1);
	assert_int_equal(count_in(QUEUE_A), 1);
	finish_with(QUEUE_A, REPLY_LENGTH);
	assert_int_equal(dequeue(lpar, QUEUE_A, 512).psmid, 2);
	assert_int_equal(rc_of(dequeue(lpar, QUEUE_A, 512)), AP_RC_NO_PENDING_REPLY);
}

static void what_was_not_taken_is_for_all(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	assert_int_equal(enqueue_of(lpar, QUEUE_A, 2), AP_RC_NORMAL);
	says(guest, 0);
	assert_int_equal(dequeue(lpar, QUEUE_A, 512).psmid, 1);
}

static void a_reply_in_parts_is_asked_for(void **state)
{
	struct ap_result result;

	(void)state;
	reply_of(guest, QUEUE_A, 1);
	result = dequeue(guest, QUEUE_A, 5);
	assert_int_equal(result.length, 5);
	assert_int_equal(result.value, REPLY_LENGTH - 5);
	assert_false(is_shown(&page, QUEUE_A));
	assert_false(is_visible(&page, 1));
	says(guest, 0);
	assert_false(is_shown(&page, QUEUE_A));
	result = dequeue(guest, QUEUE_A, 512);
	assert_int_equal(result.length, REPLY_LENGTH - 5);
	assert_int_equal(result.psmid, 1);
	assert_true(is_shown(&page, QUEUE_A));
}

static void a_long_reply_is_asked_for(void **state)
{
	(void)state;
	assert_int_equal(enqueue_with(guest, QUEUE_A, 1, 4096), AP_RC_NORMAL);
	assert_true(is_shown(&page, QUEUE_A));
	finish_with(QUEUE_A, SHELF_ROOM);
	assert_true(is_shown(&page, QUEUE_A));
	says(guest, 1);
	assert_int_equal(enqueue_with(guest, QUEUE_A, 1, 4096), AP_RC_NORMAL);
	finish_with(QUEUE_A, SHELF_ROOM + 1);
	assert_false(is_shown(&page, QUEUE_A));
	assert_int_equal(dequeue(guest, QUEUE_A, 4096).length, SHELF_ROOM + 1);
	assert_true(is_shown(&page, QUEUE_A));
}

/* The answer of a queue whose state is not saved would be withheld. */
static void unsaved_state_is_not_shown(void **state)
{
	(void)state;
	cex_set_saved(machine, 0);
	reply_of(guest, QUEUE_A, 1);
	assert_false(is_shown(&page, QUEUE_A));
	cex_set_saved(machine, cex_revision(machine));
	on_queue(guest, AP_OP_TAPQ, QUEUE_A);
	assert_true(is_shown(&page, QUEUE_A));
	assert_true(is_visible(&page, 1));
}

static void a_reset_hides_the_queue(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	reply_of(guest, QUEUE_C, 2);
	on_queue(lpar, AP_OP_ZAPQ, QUEUE_A);
	assert_false(is_shown(&page, QUEUE_A));
	assert_false(is_visible(&page, 1));
	assert_true(is_visible(&page, 2));
	on_queue(guest, AP_OP_RESET, 0);
	assert_false(is_shown(&page, QUEUE_C));
	assert_false(is_visible(&page, 2));
}

/* Their requests are gone, so that the line would promise replies for ever. */
static void a_reset_by_another_guest_hides_the_queue(void **state)
{
	uint64_t number = new_guest();
	struct cex_vm *other = cex_attach_guest(machine, number);

	(void)state;
	give(number, QUEUE_A);
	assert_int_equal(enqueue_of(guest, QUEUE_A, 1), AP_RC_NORMAL);
	reply_of(guest, QUEUE_C, 2);
	assert_int_equal(head_of(&page, QUEUE_A).count, 1);
	on_queue(other, AP_OP_RESET, 0);
	assert_false(is_shown(&page, QUEUE_A));
	says(guest, 0);
	assert_true(is_visible(&page, 2));
	cex_detach(other);
}

static void interruptions_are_shown(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	assert_int_equal(switch_irq(guest, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	assert_int_equal(head_of(&page, QUEUE_A).flags, SHELF_VALID | SHELF_IRQ);
	cex_watch(lpar, &watched);
	take_change(QUEUE_A);
	cex_detach(guest);
	guest = NULL;
	assert_false(is_visible(&page, 1));
	assert_true(take_change(QUEUE_A));
}

/* A queue that interrupts a guest shows that to its LPAR, too. */
static void the_lpar_is_told_of_a_guests_end(void **state)
{
	(void)state;
	assert_int_equal(switch_irq(guest, QUEUE_A, IR_BIT), AP_RC_NORMAL);
	cex_watch(lpar, &watched);
	take_change(QUEUE_A);
	assert_int_equal(lpar_call(AP_OP_GUEST_DESTROY, guest_number, 0), 0);
	assert_true(take_change(QUEUE_A));
}

static void who_is_suspended_is_shown_nothing(void **state)
{
	struct ap_shelf before;

	(void)state;
	reply_of(guest, QUEUE_A, 1);
	assert_int_equal(cex_suspend(guest), 0);
	assert_false(is_visible(&page, 1));
	before = page;
	reply_of(guest, QUEUE_C, 2);
	says(guest, ALL_SLOTS);
	assert_memory_equal(&page, &before, sizeof(page));
}

/* Of a queue that has no reply any more, nothing may go on to say so. */
static void who_comes_back_finds_an_empty_shelf(void **state)
{
	(void)state;
	reply_of(guest, QUEUE_A, 1);
	reply_of(guest, QUEUE_C, 2);
	says(guest, SHELF_BIT(0));
	assert_true(is_shown(&page, QUEUE_A));
	assert_true(is_shown(&page, QUEUE_C));
	assert_int_equal(cex_suspend(guest), 0);
	assert_false(is_shown(&page, QUEUE_A));
	assert_false(is_shown(&page, QUEUE_C));
	cex_show(guest, &page);
	reply_of(guest, QUEUE_C, 3);
	assert_false(is_visible(&page, 2));
	assert_true(is_visible(&page, 3));
}

/* The queue is shown with all its replies, or not at all. */
static void a_queue_needs_a_slot_for_each_reply(void **state)
{
	(void)state;
	guest->shelf.used = ALL_SLOTS;
	reply_of(guest, QUEUE_A, 1);
	reply_of(guest, QUEUE_A, 2);
	assert_false(is_shown(&page, QUEUE_A));
	guest->shelf.used = ~SHELF_BIT(3);
	assert_int_equal(enqueue_of(guest, QUEUE_A, 3), AP_RC_NORMAL);
	assert_false(is_shown(&page, QUEUE_A));
	assert_false(is_visible(&page, 1));
	guest->shelf.used = ~(SHELF_BIT(3) | SHELF_BIT(5));
	assert_int_equal(enqueue_of(guest, QUEUE_A, 4), AP_RC_NORMAL);
	assert_int_equal(head_of(&page, QUEUE_A).replies, 2);
	assert_true(is_visible(&page, 2));
	/* Those that are there need no other one. */
	assert_int_equal(enqueue_of(guest, QUEUE_A, 5), AP_RC_NORMAL);
	assert_int_equal(head_of(&page, QUEUE_A).count, 5);
	assert_true(is_shown(&page, QUEUE_A));
}

/* Whatever the length, all bytes are shown, and then wiped, but none of another reply. */
static void a_reply_is_laid_and_wiped_as_a_whole(void **state)
{
	static const struct ap_shelf_slot wiped;
	struct shelf shelf;
	uint8_t reply[SHELF_ROOM];
	int owner;

	(void)state;
	memset(reply, 0xa5, sizeof(reply));
	for (size_t length = 1; length <= SHELF_ROOM; length++) {
		struct shelf_line line = { .head = { QUEUE_A, .replies = 1, .flags = SHELF_VALID } };
		int slot, next;

		shelf_open(&shelf, &page);
		slot = shelf_lay(&shelf, &owner, 7, reply, length);
		next = shelf_lay(&shelf, &owner, 8, reply, 1);
		assert_memory_equal((void *)page.slot[slot].word, reply, length);
		line.reply[0] = (struct shelf_reply){ slot, length };
		shelf_write(&shelf, &line);
		shelf_close(&shelf);
		assert_memory_equal(&page.slot[slot], &wiped, sizeof(wiped));
		assert_int_equal(page.slot[next].psmid, 8);
	}
	shelf_open(&shelf, &page);
	assert_int_equal(shelf_lay(&shelf, &owner, 7, reply, SHELF_ROOM + 1), SHELF_NONE);
}

/* A VM that takes nothing is not disturbed by what says the same again. */
static void a_line_is_written_once(void **state)
{
	const struct shelf_line line = { .head = { QUEUE_A, .count = 1, .flags = SHELF_VALID } };
	const struct ap_shelf_line *shown = &page.line[shelf_line_of(QUEUE_A)];
	struct shelf shelf;
	uint64_t sequence;

	(void)state;
	shelf_open(&shelf, &page);
	shelf_write(&shelf, &line);
	sequence = shown->sequence;
	shelf_write(&shelf, &line);
	assert_int_equal(shown->sequence, sequence);
	shelf_withdraw(&shelf, QUEUE_A);
	assert_int_equal(shown->sequence, sequence + 2);
	shelf_write(&shelf, &line);
	assert_int_equal(shown->sequence, sequence + 4);
}

static void a_closed_shelf_shows_no_line(void **state)
{
	struct shelf shelf;

	(void)state;
	shelf_open(&shelf, &page);
	for (uint16_t apqn = 0; apqn < SHELF_LINES; apqn++)
		shelf_write(&shelf, &(struct shelf_line){ .head = { apqn, .flags = SHELF_VALID } });
	for (uint16_t apqn = 0; apqn < SHELF_LINES; apqn++)
		assert_true(is_shown(&page, apqn));
	shelf_close(&shelf);
	for (uint16_t apqn = 0; apqn < SHELF_LINES; apqn++)
		assert_false(is_shown(&page, apqn));
}

/* A queue whose line another one has, and one that finds no slot, is asked. */
static void a_shelf_is_bounded(void **state)
{
	struct shelf shelf;
	struct shelf_line line = { .head = { .apqn = 0x0400, .flags = SHELF_VALID } };
	const uint16_t other = 0x0400 + SHELF_LINES;
	int owner;

	(void)state;
	shelf_open(&shelf, &page);
	for (int i = 0; i < SHELF_SLOTS; i++)
		assert_int_equal(shelf_lay(&shelf, &owner, i, "reply", 5), i);
	assert_false(shelf_has_slots(&shelf, 1));
	assert_int_equal(shelf_lay(&shelf, &owner, 0, "reply", 5), SHELF_NONE);
	assert_int_equal(shelf_line_of(other), shelf_line_of(0x0400));
	shelf_write(&shelf, &line);
	assert_true(shelf_has_line(&shelf, other));
	line.head.replies = 1;
	line.reply[0] = (struct shelf_reply){ 0, 5 };
	shelf_write(&shelf, &line);
	assert_false(shelf_has_line(&shelf, other));
	shelf_withdraw(&shelf, other);
	assert_true(is_shown(&page, 0x0400));
	shelf_withdraw(&shelf, 0x0400);
	assert_true(shelf_has_line(&shelf, other));
	assert_false(shelf_has_slots(&shelf, 1));
	assert_ptr_equal(shelf_next_free(&shelf), &owner);
	assert_null(shelf.owner[0]);
	assert_null(shelf_next_free(&shelf));
	assert_true(shelf_has_slots(&shelf, 1));
	assert_false(shelf_has_slots(&shelf, 2));
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_queue_is_shown_to_its_user),
		CASE(what_is_taken_leaves_the_queue),
		CASE(any_command_says_what_is_taken),
		CASE(a_vm_takes_its_own_replies_only),
		CASE(a_shown_reply_is_not_for_others),
		CASE(others_are_told_what_becomes_of_it),
		CASE(a_queue_is_told_of_once),
		CASE(what_was_taken_in_time_is_taken),
		CASE(what_was_not_taken_is_for_all),
		CASE(a_reply_in_parts_is_asked_for),
		CASE(a_long_reply_is_asked_for),
		CASE(unsaved_state_is_not_shown),
		CASE(a_reset_hides_the_queue),
		CASE(a_reset_by_another_guest_hides_the_queue),
		CASE(interruptions_are_shown),
		CASE(the_lpar_is_told_of_a_guests_end),
		CASE(who_is_suspended_is_shown_nothing),
		CASE(who_comes_back_finds_an_empty_shelf),
		CASE(a_reply_is_laid_and_wiped_as_a_whole),
		CASE(a_queue_needs_a_slot_for_each_reply),
		CASE(a_line_is_written_once),
		CASE(a_closed_shelf_shows_no_line),
		CASE(a_shelf_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
