// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of the AP instructions that hold whatever an adapter computes:
 * operands, privilege, condition codes, registers, response codes.
 *
 * qemu: -plugin $AP,card=5+9:CEX8A,domain=4+0x47
 */
#include "apqn.h"
#include "lowcore.h"

#define QUEUE		AP_APQN(5, 0x47)
#define BEYOND_STORAGE	(1ull << 40)

static uint8_t area[32768] __attribute__((aligned(4096)));

static void checked(const char *name, unsigned int code, const struct cpu *cpu)
{
	same(name, code, cpu->check);
}

static struct cpu in_problem_state(uint32_t instruction, uint64_t gr0)
{
	struct cpu cpu = {
		.gr = { [0] = gr0, [6] = (uintptr_t)area, [7] = 16 },
		.psw.mask = PSW_PROBLEM,
	};

	run(&cpu, instruction);
	return cpu;
}

static void privilege(void)
{
	struct cpu cpu;

	chapter("problem state");
	for (unsigned int function = 0; function <= 5; function++) {
		cpu = in_problem_state(PQAP, FUNCTION(function) | QUEUE);
		checked("PQAP is privileged", CHECK_PRIVILEGED, &cpu);
	}
	cpu = in_problem_state(PQAP, FUNCTION(42));
	checked("PQAP with an unknown function too", CHECK_PRIVILEGED, &cpu);
	cpu = in_problem_state(NQAP(4, 6), QUEUE);
	checked("NQAP is privileged", CHECK_PRIVILEGED, &cpu);
	cpu = in_problem_state(DQAP(4, 6), QUEUE);
	checked("DQAP is privileged", CHECK_PRIVILEGED, &cpu);
	cpu = in_problem_state(DQAP(5, 7), QUEUE);
	checked("DQAP with odd registers too", CHECK_PRIVILEGED, &cpu);
}

static void unknown_functions(void)
{
	static const uint8_t codes[] = { 9, 10, 42, 127, 128, 255 };

	chapter("PQAP");
	for (size_t i = 0; i < sizeof(codes); i++) {
		struct cpu cpu = pqap(FUNCTION(codes[i]) | QUEUE, 0, 0);

		checked("unknown function", CHECK_SPECIFICATION, &cpu);
	}
}

/*
 * This is true of all functions; bit 41 has a meaning for RAPQ, ZAPQ and QACT.
 */
static void reserved_bits(void)
{
	static const uint8_t functions[] = { 0, 1, 2, 3, 4, 5 };

	chapter("PQAP, reserved bits of GR0");
	for (size_t i = 0; i < sizeof(functions); i++)
		for (unsigned int bit = 42; bit <= 47; bit++) {
			struct cpu cpu = pqap(FUNCTION(functions[i]) | BIT(bit) | QUEUE,
					      0, (uintptr_t)area);

			checked("reserved bit of GR0", CHECK_SPECIFICATION, &cpu);
		}
	for (size_t i = 0; i <= 4; i += 4) {
		struct cpu cpu = pqap(FUNCTION(functions[i]) | BIT(41) | QUEUE, 0,
				      (uintptr_t)area);

		checked("bit 41 of TAPQ and QCI", CHECK_SPECIFICATION, &cpu);
	}
}

static void reset_bits(void)
{
	chapter("RAPQ and ZAPQ with bit 41 of GR0");
	for (unsigned int function = 1; function <= 2; function++) {
		struct cpu cpu = pqap(FUNCTION(function) | BIT(41) | QUEUE, 0, 0);

		answered("accepted", AP_RC_NORMAL, &cpu);
		await_queue(QUEUE);
	}
}

static void aqic(void)
{
	struct cpu cpu = pqap(AQIC | QUEUE, BIT(16), (uintptr_t)area);

	chapter("AQIC without facility 65");
	checked("switch on", CHECK_SPECIFICATION, &cpu);
	cpu = pqap(AQIC | QUEUE, 0, 0);
	checked("switch off", CHECK_SPECIFICATION, &cpu);
	cpu = pqap(AQIC | AP_APQN(6, 4), 0, 0);
	checked("of a queue that is not there", CHECK_SPECIFICATION, &cpu);
}

static void qci_alignment(void)
{
	chapter("QCI");
	for (unsigned int offset = 1; offset < 8; offset++) {
		struct cpu cpu = pqap(QCI, 0, (uintptr_t)area + offset);

		checked("block off its boundary", CHECK_SPECIFICATION, &cpu);
		cpu = pqap(FUNCTION(6), 0, (uintptr_t)area + offset);
		checked("QBAP block off its boundary", CHECK_SPECIFICATION, &cpu);
	}
}

static void odd_registers(uint32_t (*encode)(unsigned int r1, unsigned int r2))
{
	for (unsigned int registers = 1; registers < 4; registers++) {
		struct cpu cpu = {
			.gr = { [0] = QUEUE, [6] = (uintptr_t)area, [7] = 16, [8] = 16 },
		};

		run(&cpu, encode(4 + (registers & 1), 6 + (registers >> 1)));
		checked("odd register", CHECK_SPECIFICATION, &cpu);
	}
}

static uint32_t encode_nqap(unsigned int r1, unsigned int r2)
{
	return NQAP(r1, r2);
}

static uint32_t encode_dqap(unsigned int r1, unsigned int r2)
{
	return DQAP(r1, r2);
}

/* Return ML of TAPQ's GR2, in units of 4096 bytes; 0 means 3. */
static uint64_t longest_part(void)
{
	struct cpu cpu = pqap(TAPQ | QUEUE, 0, 0);
	uint64_t ml = cpu.gr[2] >> 8 & 15;

	return (ml ? ml : 3) * 4096;
}

static void nqap_operands(void)
{
	static const uint8_t reserved[] = { 32, 34, 35, 40 };
	struct cpu cpu;

	chapter("NQAP");
	odd_registers(encode_nqap);
	for (size_t i = 0; i < sizeof(reserved); i++) {
		cpu = nqap(BIT(reserved[i]) | QUEUE, 0, area, 16);
		checked("reserved bit of GR0", CHECK_SPECIFICATION, &cpu);
	}
	cpu = nqap(BIT(33) | QUEUE, 0, area, 0);
	checked("no message", CHECK_SPECIFICATION, &cpu);
	cpu = nqap(BIT(33) | QUEUE, 0, area, longest_part() + 1);
	checked("message longer than the adapter takes", CHECK_SPECIFICATION, &cpu);
	cpu = nqap(BIT(33) | QUEUE, 0, (void *)BEYOND_STORAGE, longest_part() + 1);
	checked("the same beyond storage", CHECK_SPECIFICATION, &cpu);
	cpu = nqap(BIT(33) | QUEUE, 0, area, 1ull << 33);
	checked("message of 8 GB", CHECK_SPECIFICATION, &cpu);
	cpu = nqap(BIT(33) | QUEUE, 0, (void *)BEYOND_STORAGE, 16);
	checked("message beyond storage", CHECK_ADDRESSING, &cpu);
}

static void dqap_operands(void)
{
	static const uint8_t reserved[] = { 33, 34, 35, 40, 41 };
	struct cpu cpu;

	chapter("DQAP");
	odd_registers(encode_dqap);
	for (size_t i = 0; i < sizeof(reserved); i++) {
		cpu = dqap(BIT(reserved[i]) | QUEUE, area, 16);
		checked("reserved bit of GR0", CHECK_SPECIFICATION, &cpu);
	}
	cpu = dqap(BIT(32) | QUEUE, area, 0);
	checked("no room", CHECK_SPECIFICATION, &cpu);
	cpu = dqap(BIT(32) | QUEUE, area, longest_part() + 1);
	checked("room for more than the adapter sends", CHECK_SPECIFICATION, &cpu);
	cpu = dqap(BIT(32) | QUEUE, (void *)BEYOND_STORAGE, longest_part() + 1);
	checked("the same beyond storage", CHECK_SPECIFICATION, &cpu);
	cpu = dqap(BIT(32) | QUEUE, (void *)BEYOND_STORAGE, longest_part());
	checked("room beyond storage", CHECK_ADDRESSING, &cpu);
}

/*
 * A program check changes neither condition code nor registers, and its old PSW
 * designates the next instruction.
 */
static void program_check_state(void)
{
	chapter("program check");
	for (unsigned int cc = 0; cc < 4; cc++) {
		struct cpu before = { .gr = { FUNCTION(42), 1, 2, 3 } };
		struct cpu cpu;

		before.psw.mask = (uint64_t)cc << PSW_CC_SHIFT;
		cpu = before;
		run(&cpu, PQAP);
		checked("specification", CHECK_SPECIFICATION, &cpu);
		same("condition code stays", cc, cc_of(&cpu));
		same("instruction length is 4", 4, cpu.ilc);
		same("old PSW names the next instruction", 4, cpu.psw.addr);
		same_bytes("registers stay", before.gr, cpu.gr, sizeof(cpu.gr));
	}
}

/* The condition code is set whatever it was before. */
static void condition_code(void)
{
	chapter("condition code");
	for (unsigned int cc = 0; cc < 4; cc++) {
		struct cpu cpu = { .gr = { TAPQ | QUEUE } };

		cpu.psw.mask = (uint64_t)cc << PSW_CC_SHIFT;
		run(&cpu, PQAP);
		answered("0 of a queue that is there", AP_RC_NORMAL, &cpu);
		cpu = (struct cpu){ .gr = { TAPQ | AP_APQN(6, 4) } };
		cpu.psw.mask = (uint64_t)cc << PSW_CC_SHIFT;
		run(&cpu, PQAP);
		answered("3 of a queue that is not", AP_RC_Q_NOT_AVAIL, &cpu);
	}
}

static void tapq(void)
{
	struct cpu cpu = { .gr = { TAPQ | QUEUE, ~0ull, ~0ull, 3, 4, 5 } };
	struct cpu before = cpu;

	chapter("TAPQ");
	run(&cpu, PQAP);
	answered("queue is there", AP_RC_NORMAL, &cpu);
	same("control goes to the next instruction", 4, cpu.psw.addr);
	same("queue is empty", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
	same("GR0 stays", before.gr[0], cpu.gr[0]);
	same_bytes("GR3 to GR15 stay", before.gr + 3, cpu.gr + 3, 13 * sizeof(cpu.gr[0]));
	same("type is CEX8", 14, cpu.gr[2] >> 24 & 0xff);
	ok((cpu.gr[2] & 15) > 0, "the queue has a depth");
	cpu = pqap(TAPQ | BIT(40) | QUEUE, 0, 0);
	answered("with the T bit", AP_RC_NORMAL, &cpu);
	same("which asks for RSA to 4096 bits, accelerator, neither CCA nor EP11", 0x68,
	     cpu.gr[2] >> 56 & 0x7c);
}

/* QACT's GR1 and GR2: mode in bits 3 to 5, type in bits 32 to 39. */
#define MODE_ACCELERATOR	BIT(4)
#define MODE_CCA		BIT(3)
#define MODE_TYPE		(7ull << 58 | 0xff000000ull)
#define TYPE(number)		((uint64_t)(number) << 24)

static void qact(void)
{
	struct cpu cpu = pqap(QACT | QUEUE, MODE_ACCELERATOR | TYPE(12), 0);

	chapter("QACT");
	answered("asked for an older type", AP_RC_NORMAL, &cpu);
	same("the adapter can pass for it", MODE_ACCELERATOR | TYPE(12), cpu.gr[2] & MODE_TYPE);
	cpu = pqap(QACT | QUEUE, MODE_ACCELERATOR | TYPE(99), 0);
	same("not for a newer one than it is", MODE_ACCELERATOR | TYPE(14),
	     cpu.gr[2] & MODE_TYPE);
	cpu = pqap(QACT | QUEUE, MODE_CCA | TYPE(12), ~0ull);
	answered("asked for another mode", AP_RC_NORMAL, &cpu);
	same("it cannot pass for that", 0, cpu.gr[2]);
}

/*
 * In 31-bit mode, the left half of a register is not part of an address or a
 * length.
 */
static void mode_31(void)
{
	const uint64_t noise = 0xdeadbeef00000000;
	struct cpu cpu = {
		.gr = { [0] = QCI, [2] = noise | 0x80000000 | (uintptr_t)area },
		.psw.mask = PSW_31BIT,
	};

	chapter("31-bit mode");
	memset(area, 0, 4096);
	run(&cpu, PQAP);
	checked("QCI", 0, &cpu);
	same("stores at the address", 255, ((struct ap_qci *)area)->na);
	cpu = (struct cpu){
		.gr = { [0] = BIT(33) | QUEUE, [4] = 1, [5] = 2,
			[6] = noise | (uintptr_t)area, [7] = noise | 16 },
		.psw.mask = PSW_31BIT,
	};
	run(&cpu, NQAP(4, 6));
	answered("NQAP", AP_RC_NORMAL, &cpu);
	same("moves the address", noise | ((uintptr_t)area + 16), cpu.gr[6]);
	same("and the length", noise, cpu.gr[7]);
	cpu.gr[7] = noise;
	cpu.psw.mask = PSW_31BIT;
	run(&cpu, NQAP(4, 6));
	checked("length 0", CHECK_SPECIFICATION, &cpu);
	pqap(RAPQ | QUEUE, 0, 0);
	await_queue(QUEUE);
}

static void special_command(void)
{
	struct cpu cpu = nqap(BIT(33) | BIT(41) | QUEUE, 1, area, 16);

	chapter("NQAP of a special command");
	answered("an accelerator has none", AP_RC_REQ_FAC_NOT_INST, &cpu);
	same("nothing is taken", 16, cpu.gr[AREA_PAIR + 1]);
}

static void not_available(void)
{
	static const uint16_t apqns[] = {
		AP_APQN(5, 5), AP_APQN(6, 4), AP_APQN(0, 0), AP_APQN(255, 255),
		AP_APQN(5, 0x48), AP_APQN(4, 0x47),
	};

	chapter("APQN not available");
	for (size_t i = 0; i < sizeof(apqns) / sizeof(apqns[0]); i++) {
		struct cpu cpu = nqap(BIT(33) | apqns[i], 1, area, 16);

		same("NQAP takes nothing", 16, cpu.gr[AREA_PAIR + 1]);
		all_answered(apqns[i], AP_RC_Q_NOT_AVAIL);
	}
}

static void qci(void)
{
	struct ap_mask adapters = { 0 }, domains = { 0 };
	struct ap_qci *block = (struct ap_qci *)area;
	uint8_t guard[16];
	struct cpu cpu;

	chapter("QCI");
	memset(area, 0xa5, 4096);
	memset(guard, 0xa5, sizeof(guard));
	ap_mask_set(&adapters, 5);
	ap_mask_set(&adapters, 9);
	ap_mask_set(&domains, 4);
	ap_mask_set(&domains, 0x47);
	cpu = pqap(QCI, 0x1234, (uintptr_t)block);
	same("no program check", 0, cpu.check);
	same("condition code 0", 0, cc_of(&cpu));
	same("APXA", AP_QCI_APXA, block->flags[0] & AP_QCI_APXA);
	same_bytes("adapters", &adapters, &block->apcb.apm, sizeof(adapters));
	same_bytes("usage domains", &domains, &block->apcb.aqm, sizeof(domains));
	same_bytes("they are control domains too", &domains, &block->apcb.adm, sizeof(domains));
	same("highest adapter number", 255, block->na);
	same("highest domain number", 255, block->nd);
	same_bytes("nothing beyond 128 bytes", guard, area + 128, sizeof(guard));
	cpu = pqap(QCI, 0, BEYOND_STORAGE);
	checked("block beyond storage", CHECK_ADDRESSING, &cpu);
}

static void resets(void)
{
	static const struct {
		const char *name;
		uint64_t function;
	} table[] = { { "RAPQ", RAPQ }, { "ZAPQ", ZAPQ } };

	for (size_t i = 0; i < 2; i++) {
		struct cpu cpu = pqap(table[i].function | QUEUE, 0, 0);

		chapter(table[i].name);
		answered("accepted", AP_RC_NORMAL, &cpu);
		cpu = await_queue(QUEUE);
		answered("comes to an end", AP_RC_NORMAL, &cpu);
		same("leaves the queue empty", AP_STATUS_QUEUE_EMPTY, status_of(&cpu));
	}
}

static void empty_queue(void)
{
	struct cpu cpu;

	chapter("empty queue");
	cpu = dqap(BIT(32) | QUEUE, area, sizeof(area) / 8);
	answered("DQAP finds no reply", AP_RC_NO_PENDING_REPLY, &cpu);
	same("and says that the queue is empty", AP_STATUS_QUEUE_EMPTY,
	     status_of(&cpu) & AP_STATUS_QUEUE_EMPTY);
	same("room stays", sizeof(area) / 8, cpu.gr[AREA_PAIR + 1]);
}

static void executed(void)
{
	struct cpu cpu = { .gr = { TAPQ | QUEUE } };

	chapter("target of EXRL");
	run_executed(&cpu, PQAP);
	if (cpu.check == CHECK_OPERATION)
		known("PQAP", "a plugin cannot take part in an executed instruction");
	else
		answered("PQAP", AP_RC_NORMAL, &cpu);
}

/*
 * State that the facility bits that STFLE stores at @block are those that STFL
 * stores at real address 200.
 */
static void same_facilities(const uint8_t *block)
{
	same("12, QCI", 0x08, block[1] & 0x08);
	same("15, APFT", 0x01, block[1] & 0x01);
}

static void facilities(void)
{
	struct cpu cpu = { .gr = { [0] = 0, [2] = (uintptr_t)area } };
	uint8_t stored[4];

	chapter("STFLE of one doubleword");
	memset(area, 0, 4096);
	run(&cpu, 0xb2b02000);
	same("no program check", 0, cpu.check);
	same_facilities(area);
	same("nothing behind it", 0, area[8]);

	chapter("STFLE of all");
	cpu = (struct cpu){ .gr = { [0] = 31, [2] = (uintptr_t)area } };
	run(&cpu, 0xb2b02000);
	same("condition code 0", 0, cc_of(&cpu));
	same_facilities(area);
	same("not 65, AIV", 0, area[8] & 0x40);

	chapter("STFL");
	LC(uint32_t, LC_FACILITIES) = 0;
	run(&cpu, 0xb2b10000);
	memcpy(stored, (const void *)LC_FACILITIES, sizeof(stored));
	same_facilities(stored);
}

int main(void)
{
	facilities();
	privilege();
	unknown_functions();
	reserved_bits();
	reset_bits();
	qci_alignment();
	nqap_operands();
	dqap_operands();
	program_check_state();
	condition_code();
	tapq();
	qact();
	mode_31();
	special_command();
	not_available();
	qci();
	resets();
	aqic();
	empty_queue();
	executed();
	return 0;
}
