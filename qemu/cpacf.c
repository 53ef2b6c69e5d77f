// SPDX-License-Identifier: GPL-2.0-only
#include "cpacf.h"

#include <openssl/crypto.h>
#include <string.h>

#include "addition.h"
#include "bytes/wrapping.h"
#include "check.h"
#include "cipher.h"
#include "protection.h"
#include "storage.h"

#define FUNCTION(gr0)	((gr0) & 0x7f)
#define DECRYPT		0x80
#define QUERY		0
#define PRIVILEGED_OPERATION	0x0002

/* Offsets after key and pattern in the block of PCC */
#define PCC_TWEAK	0
#define PCC_NUMBER	CIPHER_BLOCK
#define PCC_PARAMETER	(3 * CIPHER_BLOCK)
#define PCC_SIZE	(4 * CIPHER_BLOCK)

static const struct function {
	uint16_t opcode;
	uint8_t code;
	uint8_t key_length;
	enum cipher_mode mode;
} functions[] = {
	{ CPACF_KM, 26, 16, CIPHER_ECB },
	{ CPACF_KM, 27, 24, CIPHER_ECB },
	{ CPACF_KM, 28, 32, CIPHER_ECB },
	{ CPACF_KM, 58, 16, CIPHER_XTS },
	{ CPACF_KM, 60, 32, CIPHER_XTS },
	{ CPACF_KMC, 26, 16, CIPHER_CBC },
	{ CPACF_KMC, 27, 24, CIPHER_CBC },
	{ CPACF_KMC, 28, 32, CIPHER_CBC },
	{ CPACF_KMCTR, 26, 16, CIPHER_CTR },
	{ CPACF_KMCTR, 27, 24, CIPHER_CTR },
	{ CPACF_KMCTR, 28, 32, CIPHER_CTR },
	{ CPACF_PCC, 58, 16, CIPHER_XTS },
	{ CPACF_PCC, 60, 32, CIPHER_XTS },
	{ CPACF_PCKMO, 18, 16, CIPHER_ECB },
	{ CPACF_PCKMO, 19, 24, CIPHER_ECB },
	{ CPACF_PCKMO, 20, 32, CIPHER_ECB },
};

static const struct function *function_find(uint16_t opcode, uint8_t code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(functions); i++)
		if (functions[i].opcode == opcode && functions[i].code == code)
			return &functions[i];
	return NULL;
}

/*
 * An instruction that is executing.
 *
 * @fault: what it ends with, if that is not 0
 * @cc: its condition code otherwise
 */
struct call {
	struct cpu *cpu;
	struct machine *machine;
	const struct function *function;
	struct cpacf_fields fields;
	uint64_t psw;
	uint64_t parameters;
	bool decrypts;
	struct dat_fault fault;
	unsigned int cc;
};

static uint64_t address_of(const struct call *c, unsigned int gr)
{
	return dat_wrap(c->psw, cpu_gr(c->cpu, gr));
}

static bool fetch(struct call *c, uint64_t address, void *to, size_t length)
{
	struct storage_area area;

	if (!storage_map(c->cpu, c->psw, dat_wrap(c->psw, address), length,
			 false, &area, &c->fault))
		return false;
	storage_fetch(c->cpu, &area, to);
	return true;
}

/* Map an area for stores, and return whether all of it can be stored. */
static bool map_store(struct call *c, uint64_t address, size_t length,
		      struct storage_area *area)
{
	return storage_map(c->cpu, c->psw, dat_wrap(c->psw, address), length,
			   true, area, &c->fault);
}

/*
 * Fetch the protected key at @offset in the parameters, and recover the clear
 * key.
 */
static bool open_key(struct call *c, size_t offset, uint8_t *key)
{
	uint8_t bytes[WRAPPING_KEY + WRAPPING_PATTERN];
	struct slice protected = {
		bytes, c->function->key_length + WRAPPING_PATTERN,
	};

	if (!fetch(c, c->parameters + offset, bytes, protected.length))
		return false;
	if (protection_unprotect(c->cpu, c->machine, protected, key))
		return true;
	c->cc = 1;
	return false;
}

static uint64_t length_mask(const struct call *c)
{
	return c->psw & PSW_EA ? ~0ull : 0xffffffffull;
}

static void advance(struct call *c, unsigned int gr, uint64_t address, size_t size)
{
	uint64_t mask = length_mask(c);
	uint64_t value = cpu_gr(c->cpu, gr);

	cpu_set_gr(c->cpu, gr, (value & ~mask) | dat_wrap(c->psw, address + size));
}

/* The areas of a part of the data */
struct part {
	uint64_t source, target, counters;
	struct storage_area from, to, count;
	size_t length;
};

static bool has_counters(const struct call *c)
{
	return c->function->mode == CIPHER_CTR;
}

static bool map_areas(struct call *c, struct part *part)
{
	return storage_map(c->cpu, c->psw, part->source, part->length, false,
			   &part->from, &c->fault) &&
	       (!has_counters(c) ||
		storage_map(c->cpu, c->psw, part->counters, part->length, false,
			    &part->count, &c->fault)) &&
	       map_store(c, part->target, part->length, &part->to);
}

static size_t to_end_of_page(uint64_t address)
{
	return PAGE_SIZE - (address & (PAGE_SIZE - 1));
}

/*
 * Return the length of the whole blocks, at least one, that lie in the first
 * page of each area.
 */
static size_t length_in_pages(const struct call *c, const struct part *part)
{
	size_t length = MIN(to_end_of_page(part->source),
			    to_end_of_page(part->target));

	if (has_counters(c))
		length = MIN(length, to_end_of_page(part->counters));
	return MAX(length / CIPHER_BLOCK, 1) * CIPHER_BLOCK;
}

/*
 * Map as much as can be accessed, but not more than @length. Return false if
 * that is less than one block.
 */
static bool map_part(struct call *c, struct part *part, uint64_t length)
{
	part->source = address_of(c, c->fields.r2);
	part->target = address_of(c, c->fields.r1);
	part->counters = has_counters(c) ? address_of(c, c->fields.r3) : 0;
	part->length = MIN(length, CPACF_PART);
	while (!map_areas(c, part)) {
		size_t shorter = length_in_pages(c, part);

		if (part->length == CIPHER_BLOCK)
			return false;
		part->length = shorter < part->length ? shorter : CIPHER_BLOCK;
	}
	c->fault.code = 0;
	return true;
}

static bool cipher_part(struct call *c, struct cipher *cipher,
			const struct part *part)
{
	struct cpu *cpu = c->cpu;

	storage_fetch(cpu, &part->from, cpu->request);
	if (has_counters(c)) {
		storage_fetch(cpu, &part->count, cpu->reply);
		cipher->counters = cpu->reply;
	}
	if (!cipher_run(cipher, cpu->request, part->length))
		return false;
	storage_store(cpu, &part->to, cpu->request, part->length);
	return true;
}

static void move_on(struct call *c, const struct part *part)
{
	uint64_t mask = length_mask(c);
	uint64_t length = cpu_gr(c->cpu, c->fields.r2 + 1);
	uint64_t left = (length - part->length) & mask;

	advance(c, c->fields.r1, part->target, part->length);
	advance(c, c->fields.r2, part->source, part->length);
	if (has_counters(c))
		advance(c, c->fields.r3, part->counters, part->length);
	cpu_set_gr(c->cpu, c->fields.r2 + 1, (length & ~mask) | left);
	c->cc = left ? 3 : 0;
}

/* Return the offset of the chaining value in the parameters, and of the key. */
static size_t chain_offset(const struct function *f)
{
	return f->mode == CIPHER_XTS ? f->key_length + WRAPPING_PATTERN : 0;
}

static size_t key_offset(const struct function *f)
{
	return f->mode == CIPHER_CBC ? CIPHER_BLOCK : 0;
}

static bool has_chain(const struct call *c)
{
	return c->function->mode == CIPHER_CBC || c->function->mode == CIPHER_XTS;
}

/*
 * Process a part of the message with @key. @chain is the state from which it
 * continues.
 */
static bool do_part(struct call *c, const uint8_t *key,
		    const struct storage_area *chain, uint64_t length)
{
	struct cipher cipher = {
		.mode = c->function->mode,
		.decrypts = c->decrypts,
		.key = { key, c->function->key_length },
	};
	struct part part;

	if (!map_part(c, &part, length))
		return false;
	if (has_chain(c))
		storage_fetch(c->cpu, chain, cipher.chain);
	if (!cipher_part(c, &cipher, &part)) {
		c->cc = 1;
		return false;
	}
	if (has_chain(c))
		storage_store(c->cpu, chain, cipher.chain, CIPHER_BLOCK);
	move_on(c, &part);
	return true;
}

/* Execute KM, KMC or KMCTR; the length is right. */
static void message(struct call *c, uint64_t length)
{
	const struct function *f = c->function;
	struct storage_area chain;
	uint8_t key[WRAPPING_KEY];

	if (has_chain(c) &&
	    !map_store(c, c->parameters + chain_offset(f), CIPHER_BLOCK, &chain))
		return;
	if (open_key(c, key_offset(f), key))
		do_part(c, key, &chain, length);
	OPENSSL_cleanse(key, sizeof(key));
}

static bool is_pair(uint8_t r)
{
	return r && !(r & 1);
}

/* Return false for a specification exception, which QEMU detects itself. */
static bool run_message(struct call *c)
{
	uint64_t length;

	if (!is_pair(c->fields.r1) || !is_pair(c->fields.r2) ||
	    (has_counters(c) && !is_pair(c->fields.r3)))
		return false;
	length = cpu_gr(c->cpu, c->fields.r2 + 1) & length_mask(c);
	if (length % CIPHER_BLOCK)
		return false;
	if (length)
		message(c, length);
	return true;
}

static bool run_pcc(struct call *c)
{
	static const uint8_t first[CIPHER_BLOCK];
	size_t behind = c->function->key_length + WRAPPING_PATTERN;
	uint8_t rest[PCC_SIZE], key[WRAPPING_KEY], parameter[CIPHER_BLOCK];
	struct storage_area to;

	if (c->decrypts)
		return false;
	if (!fetch(c, c->parameters + behind, rest, sizeof(rest)) ||
	    !map_store(c, c->parameters + behind + PCC_PARAMETER, CIPHER_BLOCK, &to))
		return true;
	if (memcmp(rest + PCC_NUMBER, first, sizeof(first)))
		return false;
	if (!open_key(c, 0, key))
		return true;
	if (cipher_xts_parameter((struct slice){ key, c->function->key_length },
				 rest + PCC_TWEAK, parameter))
		storage_store(c->cpu, &to, parameter, sizeof(parameter));
	else
		c->cc = 1;
	OPENSSL_cleanse(key, sizeof(key));
	return true;
}

static bool run_pckmo(struct call *c)
{
	uint8_t protected[WRAPPING_KEY + WRAPPING_PATTERN], key[WRAPPING_KEY];
	struct slice clear = { key, c->function->key_length };
	struct storage_area to;

	if (c->psw & PSW_PROBLEM) {
		c->fault.code = PRIVILEGED_OPERATION;
		return true;
	}
	if (c->decrypts)
		return false;
	if (!map_store(c, c->parameters, clear.length + WRAPPING_PATTERN, &to) ||
	    !fetch(c, c->parameters, key, clear.length))
		return true;
	/* A clear key must not pass for a protected one. */
	if (!protection_protect(c->cpu, c->machine, clear, protected))
		memset(protected, 0, sizeof(protected));
	storage_store(c->cpu, &to, protected, to.length);
	OPENSSL_cleanse(key, sizeof(key));
	return true;
}

static bool execute(struct call *c)
{
	switch (c->function->opcode) {
	case CPACF_PCC:
		return run_pcc(c);
	case CPACF_PCKMO:
		return run_pckmo(c);
	default:
		return run_message(c);
	}
}

bool cpacf_run(struct cpu *cpu, struct machine *machine, uint64_t pc,
	       enum cpacf_opcode opcode, struct cpacf_fields fields)
{
	uint64_t gr0 = cpu_gr(cpu, 0);
	struct call c = {
		.cpu = cpu,
		.machine = machine,
		.function = function_find(opcode, FUNCTION(gr0)),
		.fields = fields,
		.psw = cpu_psw(cpu),
		.decrypts = gr0 & DECRYPT,
	};

	c.parameters = address_of(&c, 1);
	cpu->query = FUNCTION(gr0) == QUERY;
	cpu->functions = c.parameters;
	if (!c.function || !execute(&c))
		return false;
	if (c.fault.code) {
		check_raise(cpu, pc, &c.fault);
		return false;
	}
	cpu_set_cc(cpu, c.psw, c.cc);
	return true;
}

/* QEMU's list has a bit for each function code. */
static void stored(unsigned int vcpu, qemu_plugin_meminfo_t info,
		   uint64_t address, void *opcode)
{
	size_t size = (size_t)1 << qemu_plugin_mem_size_shift(info);
	struct cpu *cpu = cpu_get(vcpu);

	if (!cpu->query)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
		const struct function *f = &functions[i];

		if (f->opcode == (uintptr_t)opcode)
			addition_make(cpu, cpu->functions, address, size,
				      (struct addition){ f->code / 8,
							 0x80 >> f->code % 8 });
	}
}

void cpacf_watch(struct qemu_plugin_insn *insn, enum cpacf_opcode opcode)
{
	qemu_plugin_register_vcpu_mem_cb(insn, stored, QEMU_PLUGIN_CB_R_REGS,
					 QEMU_PLUGIN_MEM_W,
					 (void *)(uintptr_t)opcode);
}
