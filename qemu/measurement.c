// SPDX-License-Identifier: GPL-2.0-only
#include "measurement.h"

#include <string.h>

#include "bytes/builder.h"

#define OF_ADAPTERS		0x102e
#define OF_ADAPTERS_SIZE	16
#define OF_QUEUES		0x102d
#define OF_QUEUES_SIZE		80

#define RESPONSE_DONE		0x0001
#define RESPONSE_INVALID	0x0003
#define RESPONSE_MORE		8	/* offset of the bit, and of the APQN */
#define MORE			0x80000000u
#define MASKS_ARE_VALID		0x80000000u
#define NANOSECOND		0x3089705fu	/* 1e-9, as a float */
#define BLOCK_HEADER		16

/*
 * CHSC ends with an operand exception if the length of the request is none of
 * these.
 */
static bool length_is_valid(size_t length)
{
	return length >= 16 && length <= MEASUREMENT_AREA - 8 && !(length & 7);
}

size_t measurement_request(const uint8_t *area)
{
	return area[0] << 8 | area[1];
}

static unsigned int code_of(const uint8_t *area)
{
	return area[2] << 8 | area[3];
}

bool measurement_is_asked(const uint8_t *area)
{
	unsigned int code = code_of(area);

	return (code == OF_ADAPTERS || code == OF_QUEUES) &&
	       length_is_valid(measurement_request(area));
}

/* What is asked for: queues, or adapters, whose APQNs have domain 0. */
struct selection {
	unsigned int first, last;
	struct ap_apcb masks;
	bool whole;
};

static bool read_selection(const uint8_t *area, struct selection *s)
{
	struct cursor c = cursor_of(area, measurement_request(area));
	uint32_t flags;

	cursor_take(&c, 4);
	memset(&s->masks, 0xff, sizeof(s->masks));
	s->whole = code_of(area) == OF_ADAPTERS;
	if (s->whole) {
		cursor_take(&c, 2);
		s->first = AP_APQN(cursor_u8(&c), 0);
		s->last = AP_APQN(cursor_u8(&c), 0);
		return measurement_request(area) == OF_ADAPTERS_SIZE;
	}
	s->first = cursor_u16(&c);
	s->last = cursor_u16(&c);
	flags = cursor_u32(&c);
	cursor_take(&c, 4);
	if (cursor_left(&c) != OF_QUEUES_SIZE - 16)
		return false;
	if (flags & MASKS_ARE_VALID) {
		memcpy(&s->masks.apm, cursor_take(&c, 32).at, 32);
		memcpy(&s->masks.aqm, cursor_take(&c, 32).at, 32);
	}
	return true;
}

/* Select what the VM has. */
static void restrict_to_configuration(struct machine *machine,
				      struct selection *s, uint8_t *scratch)
{
	const struct ap_command command = { .op = AP_OP_QCI };
	struct ap_result result;
	struct ap_qci qci;

	machine->execute(machine, &command, NULL, &result, scratch);
	memcpy(&qci, scratch, sizeof(qci));
	ap_mask_and(&s->masks.apm, &qci.apcb.apm);
	if (!s->whole)
		ap_mask_and(&s->masks.aqm, &qci.apcb.aqm);
}

static bool is_selected(const struct selection *s, unsigned int apqn)
{
	return ap_mask_test(&s->masks.apm, AP_ADAPTER(apqn)) &&
	       ap_mask_test(&s->masks.aqm, AP_DOMAIN(apqn));
}

static void lay_block(struct builder *b, unsigned int apqn, bool whole,
		      const struct ap_measurement *m)
{
	build_u8(b, 0);
	build_u8(b, m->type);
	build_u8(b, !whole);
	build_u8(b, AP_ADAPTER(apqn));
	build_u32(b, NANOSECOND);
	build_u32(b, ~(0xffffffffu >> m->counters));
	build_u8(b, AP_DOMAIN(apqn));
	build_u8(b, m->mode);
	build_u16(b, BLOCK_HEADER + m->counters * sizeof(m->counter[0]));
	for (unsigned int i = 0; i < m->counters; i++) {
		build_u64(b, m->counter[i].time);
		build_u64(b, m->counter[i].requests);
	}
}

/* Return false if the block of @apqn has no room. */
static bool add(struct machine *machine, struct builder *b, unsigned int apqn,
		bool whole, uint8_t *scratch)
{
	const struct ap_command command = {
		.op = AP_OP_MEASURE, .apqn = apqn, .arg = { whole },
	};
	size_t length = builder_length(b);
	struct ap_measurement m;
	struct ap_result result;

	machine->execute(machine, &command, NULL, &result, scratch);
	if (result.check || result.length != sizeof(m))
		return true;
	memcpy(&m, scratch, sizeof(m));
	lay_block(b, apqn, whole, &m);
	if (!builder_is_broken(b))
		return true;
	build_rewind(b, length);
	return false;
}

/*
 * A program asks for the rest with the APQN that the response names or, of
 * adapters, behind the last one in it.
 */
static void add_all(struct machine *machine, struct builder *b,
		    const struct selection *s, uint8_t *scratch)
{
	unsigned int step = s->whole ? AP_DOMAINS : 1;

	for (unsigned int apqn = s->first; apqn <= s->last; apqn += step) {
		if (!is_selected(s, apqn) ||
		    add(machine, b, apqn, s->whole, scratch))
			continue;
		build_patch_u32(b, RESPONSE_MORE, MORE | (s->whole ? 0 : apqn));
		return;
	}
}

size_t measurement_respond(struct machine *machine, uint8_t *area,
			   uint8_t *scratch)
{
	size_t request = measurement_request(area);
	struct builder b = builder_of(area + request, MEASUREMENT_AREA - request);
	struct selection selection = { 0 };
	bool valid = read_selection(area, &selection);

	build_u16(&b, 0);
	build_u16(&b, valid ? RESPONSE_DONE : RESPONSE_INVALID);
	build_u32(&b, 0);
	if (valid) {
		build_zeros(&b, 8);
		restrict_to_configuration(machine, &selection, scratch);
		add_all(machine, &b, &selection, scratch);
	}
	build_patch_u16(&b, 0, builder_length(&b));
	return builder_length(&b);
}
