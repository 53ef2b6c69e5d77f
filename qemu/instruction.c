// SPDX-License-Identifier: GPL-2.0-only
#include "instruction.h"

#include <string.h>

#include "dat.h"

#define FUNCTION(gr0)	((uint8_t)((gr0) >> 24))

/* Bit @n of a register, counted from the left */
#define BIT(n)		(1ull << (63 - (n)))
#define PQAP_RESERVED	0x007f0000ull	/* 41 to 47 */
#define PQAP_F_BIT	BIT(41)		/* in RAPQ, ZAPQ; the I bit in QACT */
#define NQAP_RESERVED	(BIT(32) | BIT(34) | BIT(35) | BIT(40))
#define DQAP_RESERVED	(BIT(33) | BIT(34) | BIT(35) | BIT(40) | BIT(41))

/* ML, bits 52 to 55 of TAPQ's GR2, and its value if they are 0 */
#define ML_UNIT		4096
#define ML_DEFAULT	3

/* PQAP's functions; a code beyond them or without a name is unknown. */
static const uint16_t functions[] = {
	[0] = AP_OP_TAPQ, [1] = AP_OP_RAPQ, [2] = AP_OP_ZAPQ,
	[3] = AP_OP_AQIC, [4] = AP_OP_QCI,  [5] = AP_OP_QACT,
};

static uint16_t operation(const struct instruction *i)
{
	uint8_t function = FUNCTION(i->gr[0]);

	if (i->kind == INSTRUCTION_NQAP)
		return AP_OP_NQAP;
	if (i->kind == INSTRUCTION_DQAP)
		return AP_OP_DQAP;
	if (function >= sizeof(functions) / sizeof(functions[0]))
		return 0;
	return functions[function];
}

/* Return the part of a register that addresses and lengths use in this mode. */
static uint64_t mode_mask(const struct instruction *i)
{
	return i->psw & PSW_EA ? ~0ull : 0xffffffffull;
}

static uint64_t area_length(const struct instruction *i)
{
	return i->area.odd & mode_mask(i);
}

/*
 * Return the reserved bits, with bit 41 as Linux uses it (asm/ap.h), and as KVM
 * checks all of them (handle_pqap()).
 */
static uint64_t pqap_reserved(const struct instruction *i)
{
	switch (operation(i)) {
	case AP_OP_RAPQ:
	case AP_OP_ZAPQ:
	case AP_OP_QACT:
		return PQAP_RESERVED & ~PQAP_F_BIT;
	default:
		return PQAP_RESERVED;
	}
}

static bool pqap_is_specified(const struct instruction *i)
{
	if (i->gr[0] & pqap_reserved(i))
		return false;
	switch (operation(i)) {
	case 0:
		return false;
	case AP_OP_AQIC:
		return i->interruptible;
	case AP_OP_QCI:
		return !(dat_wrap(i->psw, i->gr[2]) & 7);
	default:
		return true;
	}
}

static bool message_is_specified(const struct instruction *i, uint64_t reserved)
{
	return !(i->r1 & 1) && !(i->r2 & 1) && !(i->gr[0] & reserved) &&
	       area_length(i) && area_length(i) <= AP_MESSAGE_MAX;
}

static bool is_specified(const struct instruction *i)
{
	switch (i->kind) {
	case INSTRUCTION_NQAP:
		return message_is_specified(i, NQAP_RESERVED);
	case INSTRUCTION_DQAP:
		return message_is_specified(i, DQAP_RESERVED);
	default:
		return pqap_is_specified(i);
	}
}

uint16_t instruction_check(const struct instruction *i)
{
	if (i->psw & PSW_PROBLEM)
		return AP_CHECK_PRIVILEGED;
	return is_specified(i) ? 0 : AP_CHECK_SPECIFICATION;
}

uint64_t instruction_address(const struct instruction *i)
{
	return dat_wrap(i->psw, i->kind == INSTRUCTION_PQAP ? i->gr[2] :
							      i->area.even);
}

uint32_t instruction_length(const struct instruction *i)
{
	if (i->kind != INSTRUCTION_PQAP)
		return area_length(i);
	return operation(i) == AP_OP_QCI ? sizeof(struct ap_qci) : 0;
}

uint32_t instruction_limit(uint64_t information)
{
	uint32_t ml = information >> 8 & 15;

	return (ml ? ml : ML_DEFAULT) * ML_UNIT;
}

bool instruction_stores(const struct instruction *i)
{
	return i->kind != INSTRUCTION_NQAP;
}

static uint64_t psmid_of(const struct instruction *i)
{
	return i->psmid.even << 32 | (uint32_t)i->psmid.odd;
}

void instruction_command(const struct instruction *i,
			 struct ap_command *command)
{
	memset(command, 0, sizeof(*command));
	command->op = operation(i);
	command->apqn = i->gr[0];
	switch (command->op) {
	case AP_OP_TAPQ:
		command->arg[0] = i->gr[0];
		break;
	case AP_OP_AQIC:
		command->arg[0] = i->gr[1];
		command->arg[1] = i->gr[2];
		break;
	case AP_OP_QACT:
		command->arg[0] = i->gr[1];
		break;
	case AP_OP_NQAP:
		command->arg[0] = i->gr[0];
		command->psmid = psmid_of(i);
		command->length = area_length(i);
		break;
	case AP_OP_DQAP:
		command->arg[0] = area_length(i);
		break;
	}
}

static void set_word(uint64_t *gr, uint32_t word)
{
	*gr = (*gr & ~0xffffffffull) | word;
}

/* Advance the area's pair by @size bytes. */
static void advance(struct instruction *i, uint32_t size)
{
	uint64_t mask = mode_mask(i);
	uint64_t address = dat_wrap(i->psw, i->area.even + size);

	i->area.even = (i->area.even & ~mask) | address;
	i->area.odd = (i->area.odd & ~mask) | ((i->area.odd - size) & mask);
}

static struct instruction_changes received(struct instruction *i,
					   const struct ap_result *result)
{
	bool last = !result->value;

	advance(i, result->length);
	i->gr[2] = result->value;
	if (last) {
		set_word(&i->psmid.even, result->psmid >> 32);
		set_word(&i->psmid.odd, result->psmid);
	}
	i->cc = last ? 0 : 1;
	return (struct instruction_changes){
		.gr1 = last, .gr2 = true, .psmid = last, .area = true,
	};
}

static struct instruction_changes sent(struct instruction *i)
{
	advance(i, area_length(i));
	return (struct instruction_changes){ .gr1 = true, .area = true };
}

struct instruction_changes
instruction_complete(struct instruction *i, const struct ap_result *result)
{
	uint16_t op = operation(i);
	bool normal = !AP_STATUS_RC(result->status);

	if (op == AP_OP_QCI) {
		i->cc = 0;
		return (struct instruction_changes){ 0 };
	}
	i->gr[1] = result->status;
	i->cc = normal ? 0 : 3;
	if (op == AP_OP_DQAP && normal)
		return received(i, result);
	if (op == AP_OP_NQAP && normal)
		return sent(i);
	if (op != AP_OP_TAPQ && op != AP_OP_QACT)
		return (struct instruction_changes){ .gr1 = true };
	i->gr[2] = result->value;
	return (struct instruction_changes){ .gr1 = true, .gr2 = true };
}
