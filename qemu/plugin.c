// SPDX-License-Identifier: GPL-2.0-only
/*
 * swcex.so: the AP instructions for qemu-system-s390x.
 *
 * QEMU translates the guest's code in blocks. Of each block, the instructions
 * that concern AP get callbacks, which run before QEMU would execute them:
 *
 *	PQAP, NQAP, DQAP	executed here, QEMU's vCPU continues after them
 *	DIAG 0x7a9		the same, on the LPAR of swcexd's machine
 *	STFLE, STFL		executed by QEMU, their result is completed
 *	SERVC			the same, where adapters can be configured
 *	TPI			executed here if it finds an interruption of the
 *				plugin's, else by QEMU
 *	CHSC			crypto measurement executed here, also there; all
 *				else by QEMU
 *	KM, KMC, KMCTR, PCC,	functions for protected keys executed here,
 *	PCKMO			all others by QEMU, whose list of functions is
 *				completed
 *
 * The blocks themselves have a callback for marked vCPUs, which checks whether
 * the VM was reset, or is to be interrupted. With interrupts=qemu, QEMU's own
 * functions do both (flic.h).
 *
 * The target of an EXECUTE is left to QEMU, for which the AP instructions do
 * not exist: it ends with an operation exception. A vCPU that is made to
 * continue elsewhere from inside an EXECUTE would execute the same EXECUTE
 * forever.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/lpar.h"
#include "attachment.h"
#include "capabilities.h"
#include "check.h"
#include "chsc.h"
#include "cpacf.h"
#include "cpu.h"
#include "diag.h"
#include "embedded.h"
#include "execution.h"
#include "flic.h"
#include "interruption.h"
#include "machine.h"
#include "mark.h"
#include "migration.h"
#include "options.h"
#include "qemu-plugin-api.h"
#include "reset.h"
#include "sclp.h"
#include "stfle.h"
#include "tpi.h"

#define INSTRUCTION_SIZE	4
#define DIAG_CALL		(0x83230000u | LPAR_DIAG)	/* DIAG 2,3 */
#define SERVC			0xb220
#define CHSC			0xb25f
#define TPI			0xb236
#define STFLE			0xb2b0
#define STFL			0xb2b1
#define LPSWE			0xb2b2

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_API;

static struct machine *machine;
static bool with_cpacf;
static bool by_qemu;	/* interruptions and resets, without marks */

/*
 * The address of an instruction and the registers it names fit into the pointer
 * that a callback is given. Code at addresses for which they do not fit is left
 * to QEMU.
 */
#define SITE_FIELD_BITS		12
#define SITE_ADDRESS_BITS	(64 - SITE_FIELD_BITS)
#define OPERAND_BITS		16

/*
 * Of bits 16 to 31 of an instruction, all but 20 to 23 can designate a
 * register.
 */
static void *site(uint64_t pc, uint16_t code)
{
	return (void *)(uintptr_t)(pc << SITE_FIELD_BITS |
				   (code >> 4 & 0xf00) | (code & 0xff));
}

static uint64_t site_pc(void *site)
{
	return (uintptr_t)site >> SITE_FIELD_BITS;
}

static struct cpacf_fields site_fields(void *site)
{
	uintptr_t fields = (uintptr_t)site;

	return (struct cpacf_fields){
		.r1 = fields >> 4 & 15, .r2 = fields & 15, .r3 = fields >> 8 & 15,
	};
}

static void go_on_behind(struct cpu *cpu, uint64_t pc)
{
	qemu_plugin_set_pc(dat_wrap(cpu_psw(cpu), pc + INSTRUCTION_SIZE));
}

static void execute(unsigned int vcpu, void *at, enum instruction_kind kind)
{
	struct cpu *cpu = cpu_get(vcpu);
	struct cpacf_fields fields = site_fields(at);

	if (execution_run(cpu, machine, site_pc(at), kind, fields.r1,
			  fields.r2))
		go_on_behind(cpu, site_pc(at));
}

static void pqap(unsigned int vcpu, void *at)
{
	execute(vcpu, at, INSTRUCTION_PQAP);
}

static void nqap(unsigned int vcpu, void *at)
{
	execute(vcpu, at, INSTRUCTION_NQAP);
}

static void dqap(unsigned int vcpu, void *at)
{
	execute(vcpu, at, INSTRUCTION_DQAP);
}

static void execute_cpacf(unsigned int vcpu, void *at, enum cpacf_opcode opcode)
{
	struct cpu *cpu = cpu_get(vcpu);

	if (cpacf_run(cpu, machine, site_pc(at), opcode, site_fields(at)))
		go_on_behind(cpu, site_pc(at));
}

static void km(unsigned int vcpu, void *at)
{
	execute_cpacf(vcpu, at, CPACF_KM);
}

static void kmc(unsigned int vcpu, void *at)
{
	execute_cpacf(vcpu, at, CPACF_KMC);
}

static void kmctr(unsigned int vcpu, void *at)
{
	execute_cpacf(vcpu, at, CPACF_KMCTR);
}

static void pcc(unsigned int vcpu, void *at)
{
	execute_cpacf(vcpu, at, CPACF_PCC);
}

static void pckmo(unsigned int vcpu, void *at)
{
	execute_cpacf(vcpu, at, CPACF_PCKMO);
}

static void diag(unsigned int vcpu, void *at)
{
	struct cpu *cpu = cpu_get(vcpu);

	if (diag_run(cpu, machine))
		go_on_behind(cpu, site_pc(at));
}

static void chsc(unsigned int vcpu, void *at)
{
	if (chsc_run(cpu_get(vcpu), machine, site_fields(at).r1))
		go_on_behind(cpu_get(vcpu), site_pc(at));
}

/* Base register and displacement of the operand take all 16 bits here. */
static void tpi(unsigned int vcpu, void *at)
{
	uintptr_t operand = (uintptr_t)at;

	if (tpi_run(cpu_get(vcpu), operand))
		go_on_behind(cpu_get(vcpu), operand >> OPERAND_BITS);
}

static void watch_tpi(struct qemu_plugin_insn *insn, uint16_t operand)
{
	uint64_t pc = qemu_plugin_insn_vaddr(insn);

	if (pc >> (64 - OPERAND_BITS))
		return;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, tpi,
					       QEMU_PLUGIN_CB_RW_REGS_PC,
					       (void *)(uintptr_t)
					       (pc << OPERAND_BITS | operand));
}

static void servc(unsigned int vcpu, void *registers)
{
	uint8_t fields = (uintptr_t)registers;

	sclp_call(cpu_get(vcpu), machine, fields >> 4, fields & 15);
}

static void watch_servc(struct qemu_plugin_insn *insn, uint8_t fields)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, servc,
					       QEMU_PLUGIN_CB_R_REGS,
					       (void *)(uintptr_t)fields);
}

static qemu_plugin_vcpu_udata_cb_t executor_of_cpacf(uint16_t opcode)
{
	switch (opcode) {
	case CPACF_KM:
		return km;
	case CPACF_KMC:
		return kmc;
	case CPACF_KMCTR:
		return kmctr;
	case CPACF_PCC:
		return pcc;
	case CPACF_PCKMO:
		return pckmo;
	default:
		return NULL;
	}
}

/* Return the callback that executes @code instead of QEMU, or NULL. */
static qemu_plugin_vcpu_udata_cb_t executor(uint32_t code)
{
	if (code == DIAG_CALL)
		return machine->is_lpar ? diag : NULL;
	if (code >> 24 == 0xb9)
		return with_cpacf ? executor_of_cpacf(code >> 16) : NULL;
	if (code >> 24 != 0xb2)
		return NULL;
	if (code >> 16 == CHSC)
		return machine->configures ? chsc : NULL;
	switch (code >> 16 & 0xff) {
	case INSTRUCTION_PQAP:
		return pqap;
	case INSTRUCTION_NQAP:
		return nqap;
	case INSTRUCTION_DQAP:
		return dqap;
	default:
		return NULL;
	}
}

static void watch_opener(struct qemu_plugin_insn *insn)
{
	uint8_t code[6] = { 0 };

	qemu_plugin_insn_data(insn, code, sizeof(code));
	if (interruption_may_follow(code))
		mark_watch_opener(insn);
}

static void watch(struct qemu_plugin_insn *insn, uint32_t code)
{
	uint64_t pc = qemu_plugin_insn_vaddr(insn);
	qemu_plugin_vcpu_udata_cb_t callback = executor(code);

	if (code >> 16 == STFLE)
		stfle_watch(insn, code);
	if (code >> 16 == TPI && interruption_is_marked())
		watch_tpi(insn, code);
	if (code >> 16 == SERVC && machine->configures)
		watch_servc(insn, code);
	if (!callback || pc >> SITE_ADDRESS_BITS)
		return;
	if (code >> 24 == 0xb9)
		cpacf_watch(insn, code >> 16);
	qemu_plugin_register_vcpu_insn_exec_cb(insn, callback,
					       QEMU_PLUGIN_CB_RW_REGS_PC,
					       site(pc, code));
}

/*
 * Return the first four bytes of @insn, or 0 if it is shorter or is not to be
 * changed.
 */
static uint32_t code_of(const struct qemu_plugin_insn *insn)
{
	uint32_t code;

	if (!qemu_plugin_insn_haddr(insn) ||
	    qemu_plugin_insn_data(insn, &code, sizeof(code)) != sizeof(code))
		return 0;
	return GUINT32_FROM_BE(code);
}

/*
 * A block that only loads a PSW leaves it to the next one to check the mark. Linux
 * returns from each system call by an LPSWE in the lowcore, where the CPU stores
 * at each SVC, so QEMU translates this block every time.
 */
static bool only_loads_psw(const struct qemu_plugin_tb *tb)
{
	return code_of(qemu_plugin_tb_get_insn(tb, 0)) >> 16 == LPSWE;
}

static void translate(struct qemu_plugin_tb *tb, void *unused)
{
	size_t count = qemu_plugin_tb_n_insns(tb);
	uint32_t code = 0;

	(void)unused;
	if (!by_qemu && !only_loads_psw(tb))
		mark_watch(tb);
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (code >> 16 == STFL)
			stfl_watch(insn);
		code = code_of(insn);
		watch(insn, code);
		if (code && interruption_is_marked())
			watch_opener(insn);
	}
}

static void look(unsigned int vcpu, void *pc)
{
	reset_look(cpu_get(vcpu), machine);
	interruption_look(vcpu, (uintptr_t)pc);
}

static void check_reset(unsigned int vcpu)
{
	reset_check(cpu_get(vcpu), machine);
}

/* Have the vCPU check whether it was reset before it executes anything. */
static void check_soon(unsigned int vcpu)
{
	if (by_qemu)
		flic_run(vcpu, check_reset);
	else
		mark_vcpu(vcpu);
}

static void sleeps(unsigned int vcpu, void *unused)
{
	(void)unused;
	if (by_qemu)
		reset_sleeps(cpu_get(vcpu));
	interruption_sleeps(cpu_get(vcpu));
}

static void resumes(unsigned int vcpu, void *unused)
{
	(void)unused;
	interruption_resumes(cpu_get(vcpu));
	if (reset_resumes(cpu_get(vcpu)))
		check_soon(vcpu);
}

static void interrupted(unsigned int vcpu, enum qemu_plugin_discon_type type,
			uint64_t from_pc, uint64_t to_pc, void *unused)
{
	(void)to_pc;
	(void)unused;
	if (type == QEMU_PLUGIN_DISCON_EXCEPTION) {
		check_deliver(cpu_get(vcpu), from_pc);
		return;
	}
	sclp_interrupted(cpu_get(vcpu));
	interruption_taken();
}

static void start(unsigned int vcpu, void *unused)
{
	const char *missing = cpu_start(vcpu);

	(void)unused;
	interruption_start(cpu_get(vcpu));
	mark_vcpu(vcpu);
	if (!missing)
		return;
	fprintf(stderr, "swcex.so: this QEMU does not show the register %s; use "
		"QEMU 11\n", missing);
	exit(EXIT_FAILURE);
}

/*
 * This runs when QEMU loads swcex.so. An older QEMU only reads
 * qemu_plugin_version, and ends with two numbers that do not say what to do.
 */
static __attribute__((constructor)) void loaded(void)
{
	if (qemu_plugin_set_pc)
		return;
	fprintf(stderr, "swcex.so: this QEMU is older than 11, and swcex.so cannot "
		"execute instructions in it. Install a QEMU 11, which Debian 12 "
		"does not have and Debian 13 has in trixie-backports, or use "
		"`swcex run`, which fetches one for itself.\n");
}

/* QEMU's own function, which not every build exports */
__attribute__((weak)) bool qemu_tcg_mttcg_enabled(void);

/*
 * Return whether vCPUs share a thread. Then QEMU passes an invalid number to a
 * callback of the second vCPU.
 */
static bool shares_thread(const qemu_info_t *info)
{
	return info->system.max_vcpus > 1 && qemu_tcg_mttcg_enabled &&
	       !qemu_tcg_mttcg_enabled();
}

static bool is_supported(const qemu_info_t *info, char *reason, size_t size)
{
	if (info->version.cur != PLUGIN_API)
		snprintf(reason, size, "this QEMU offers version %d of the "
			 "plugin interface, and swcex.so knows version %d; use "
			 "QEMU 11", info->version.cur, PLUGIN_API);
	else if (!info->system_emulation || strcmp(info->target_name, "s390x"))
		snprintf(reason, size, "adapters are for the machines of "
			 "qemu-system-s390x, and this is QEMU for %s",
			 info->target_name);
	else if (shares_thread(info))
		snprintf(reason, size, "QEMU ends a VM that has plugins and "
			 "several CPUs in one thread; use -smp 1, or -accel tcg "
			 "without thread=single");
	else
		return true;
	return false;
}

static int refuse(const char *reason)
{
	fprintf(stderr, "swcex.so: %s\n", reason);
	return 1;
}

/*
 * Open the machine. Return NULL if that fails, with a sentence in @reason that
 * says why, and what to do.
 */
static struct machine *machine_open(const struct options *options,
				    char *reason, size_t size)
{
	if (!options->link)
		return embedded_open(options, reason, size);
	return attachment_open(options->link,
			       options->is_guest ? &options->guest : NULL,
			       options->interrupts, reason, size);
}

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
				      const qemu_info_t *info, int argc,
				      char **argv)
{
	struct options options;
	char reason[512];

	if (!is_supported(info, reason, sizeof(reason)) ||
	    !options_parse(&options, argc, argv, reason, sizeof(reason)))
		return refuse(reason);
	if (options.print_capabilities)
		exit(capabilities_print(VERSION, PLUGIN_API) ? EXIT_FAILURE : EXIT_SUCCESS);
	machine = machine_open(&options, reason, sizeof(reason));
	if (!machine)
		return refuse(reason);
	if (!migration_block())
		fprintf(stderr, "swcex.so: this QEMU cannot be told to refuse savevm "
			"and migrate; do not use them, adapters would lose requests\n");
	cpu_reserve(info->system.max_vcpus);
	mark_open(look);
	with_cpacf = options.cpacf;
	by_qemu = options.by_qemu && flic_is_there();
	if (options.interrupts && machine->changes->interruptible)
		interruption_open(machine->changes, options.wake, by_qemu);
	if (options.by_qemu && !by_qemu)
		fprintf(stderr, "swcex.so: this QEMU does not export its interruption "
			"controller; swcex.so interrupts vCPUs by marks\n");
	qemu_plugin_register_vcpu_init_cb(id, start, NULL);
	qemu_plugin_register_vcpu_idle_cb(id, sleeps, NULL);
	qemu_plugin_register_vcpu_resume_cb(id, resumes, NULL);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate, NULL);
	qemu_plugin_register_vcpu_discon_cb(id, QEMU_PLUGIN_DISCON_EXCEPTION |
					    QEMU_PLUGIN_DISCON_INTERRUPT,
					    interrupted, NULL);
	return 0;
}
