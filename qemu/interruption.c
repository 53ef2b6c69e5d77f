// SPDX-License-Identifier: GPL-2.0-only
#include "interruption.h"

#include "cex/bell.h"
#include "airq.h"
#include "cpu.h"
#include "flic.h"
#include "mark.h"
#include "storage.h"
#include "wake.h"

/* Assigned storage locations */
#define LC_SUBSYSTEM_ID		0xb8
#define LC_IO_OLD_PSW		0x170
#define LC_IO_NEW_PSW		0x1f0

#define PSW_IO			0x0200000000000000ull
#define CR_SUBCLASSES		6
#define CR_SUBCLASSES_SHIFT	24

/* Bit in the third word of the interruption code */
#define IO_ADAPTER		0x80000000u
#define IO_SUBCLASS_SHIFT	27

#define INDICATED		1

/* Interval of checks on sleeping vCPUs while an interruption is pending */
#define PENDING_NANOSECONDS	1000000
#define IDLE_NANOSECONDS	UINT64_C(1000000000)

#define SUBCLASSES	8

/*
 * @by_qemu: QEMU interrupts the vCPUs; marks are not used
 * @held: the thread's: whether QEMU may hold an adapter interruption of a
 *	subclass
 * @awake: number of vCPUs that do not sleep
 * @taken: whether interruptions were taken since the thread last checked
 */
static struct {
	bool is_open;
	bool by_qemu;
	bool held[SUBCLASSES];
	struct airq airq;
	gint awake;
	gint taken;
	struct wake wake;
	const struct ap_changes *changes;
} interruption;

bool interruption_is_marked(void)
{
	return interruption.is_open && !interruption.by_qemu;
}

struct psw {
	uint64_t mask;
	uint64_t address;
};

static void store_code(struct cpu *cpu, uint64_t prefix, uint8_t isc)
{
	const uint32_t code[] = {
		0, 0,
		GUINT32_TO_BE(IO_ADAPTER | (uint32_t)isc << IO_SUBCLASS_SHIFT),
	};

	storage_store_absolute(cpu, prefix + LC_SUBSYSTEM_ID, code, sizeof(code));
}

/* Exchange PSWs, so that the vCPU continues at the new one. */
static void interrupt(struct cpu *cpu, uint64_t psw, uint64_t pc, uint8_t isc)
{
	struct psw old = { GUINT64_TO_BE(psw), GUINT64_TO_BE(pc) };
	uint64_t prefix = cpu_prefix(cpu);
	struct psw new;

	store_code(cpu, prefix, isc);
	storage_store_absolute(cpu, prefix + LC_IO_OLD_PSW, &old, sizeof(old));
	storage_fetch_absolute(cpu, prefix + LC_IO_NEW_PSW, &new, sizeof(new));
	cpu_load_psw(cpu, GUINT64_FROM_BE(new.mask));
	qemu_plugin_set_pc(GUINT64_FROM_BE(new.address));
}

static void set_indicator(void *cpu, uint64_t indicator)
{
	const uint8_t byte = INDICATED;

	storage_store_absolute(cpu, indicator, &byte, sizeof(byte));
}

static unsigned int enabled_subclasses(struct cpu *cpu)
{
	return cpu_cr(cpu, CR_SUBCLASSES) >> CR_SUBCLASSES_SHIFT & 0xff;
}

static unsigned int allowed_subclasses(struct cpu *cpu, uint64_t psw)
{
	return psw & PSW_IO ? enabled_subclasses(cpu) : 0;
}

/*
 * If something is left to do, the vCPU is marked again. One that is closed for
 * it looks when that may have changed; until then, each look would be in vain.
 * What is missed here, as an opener inside an EXECUTE, the thread catches up
 * within PENDING_NANOSECONDS.
 */
void interruption_look(unsigned int vcpu, uint64_t pc)
{
	struct cpu *cpu = cpu_get(vcpu);
	bool taken;
	uint64_t psw;
	uint8_t isc;

	if (!interruption_is_marked() || !airq_pending(&interruption.airq))
		return;
	psw = cpu_psw_at_block(cpu);
	taken = airq_take(&interruption.airq, allowed_subclasses(cpu, psw), &isc,
			  set_indicator, cpu);
	if (!taken) {
		mark_defer(vcpu);
		return;
	}
	if (airq_pending(&interruption.airq))
		mark_vcpu(vcpu);
	g_atomic_int_set(&interruption.taken, 1);
	interrupt(cpu, psw, pc, isc);
}

bool interruption_test(struct cpu *cpu, bool assigned)
{
	uint8_t isc;

	if (!interruption.is_open ||
	    !airq_take(&interruption.airq, enabled_subclasses(cpu), &isc,
		       set_indicator, cpu))
		return false;
	g_atomic_int_set(&interruption.taken, 1);
	if (assigned)
		store_code(cpu, cpu_prefix(cpu), isc);
	return true;
}

/*
 * LPSW, LPSWE and LPSWEY load the PSW, SSM and STOSM change its system mask,
 * and LCTL and LCTLG load control registers.
 */
bool interruption_may_follow(const uint8_t *code)
{
	switch (code[0]) {
	case 0x80:	/* SSM */
	case 0x82:	/* LPSW */
	case 0xad:	/* STOSM */
	case 0xb7:	/* LCTL */
		return true;
	case 0xb2:
		return code[1] == 0xb2;			/* LPSWE */
	case 0xeb:
		return code[5] == 0x2f || code[5] == 0x71;	/* LCTLG, LPSWEY */
	default:
		return false;
	}
}

/*
 * A vCPU that is awake takes what is pending by itself, if it may. If it may
 * not, another vCPU is woken, at increasing intervals.
 */
static void wake_one(unsigned int waited)
{
	if (!interruption.wake.path)
		return;
	if (!g_atomic_int_get(&interruption.awake))
		wake_sleeper(&interruption.wake, g_get_monotonic_time());
	else if (waited && !(waited & (waited - 1)))
		wake_vcpu(&interruption.wake);
}

/* @pending: the subclasses, which have been pending for @waited checks */
struct vigil {
	unsigned int pending;
	unsigned int waited;
};

static void look_after(struct vigil *vigil)
{
	unsigned int pending = airq_look(&interruption.airq);
	bool was_taken = g_atomic_int_compare_and_exchange(&interruption.taken, 1, 0);

	if (was_taken || pending != vigil->pending) {
		*vigil = (struct vigil){ .pending = pending };
		wake_hope(&interruption.wake);
	}
	if (!pending)
		return;
	mark_vcpus();
	wake_one(vigil->waited++);
}

static void set_indicator_of_vm(void *unused, uint64_t indicator)
{
	(void)unused;
	flic_store(indicator, INDICATED);
}

/*
 * Return the subclasses of which QEMU holds no adapter interruption. Devices may
 * have some of the same subclass, so nobody knows whose are left when one was
 * taken.
 */
static unsigned int free_subclasses(void)
{
	unsigned int mask = 0;

	for (unsigned int isc = 0; isc < SUBCLASSES; isc++) {
		if (!flic_is_pending(isc))
			interruption.held[isc] = false;
		if (!interruption.held[isc])
			mask |= AIRQ_SUBCLASS(isc);
	}
	return mask;
}

/*
 * Hand what is pending to QEMU. Indicators are set before a vCPU can take the
 * interruption. What QEMU does not take stays pending until it does.
 */
static void hand_over(void)
{
	uint8_t isc;

	if (!airq_look(&interruption.airq))
		return;
	flic_lock();
	while (airq_take(&interruption.airq, free_subclasses(), &isc,
			 set_indicator_of_vm, NULL)) {
		interruption.held[isc] = true;
		flic_interrupt(isc);
	}
	flic_unlock();
}

static void *serve(void *unused)
{
	struct vigil vigil = { 0 };
	uint32_t seen = 0;

	(void)unused;
	if (interruption.by_qemu)
		flic_enter();
	for (;;) {
		bell_wait(&interruption.changes->bell, &seen,
			  airq_pending(&interruption.airq) ? PENDING_NANOSECONDS :
							     IDLE_NANOSECONDS);
		if (interruption.by_qemu)
			hand_over();
		else
			look_after(&vigil);
	}
	return NULL;
}

/*
 * Note that @cpu sleeps. The thread, which waits for the bell, is woken because
 * it does not notice by itself that no vCPU is awake.
 */
void interruption_sleeps(struct cpu *cpu)
{
	if (!cpu->is_asleep)
		g_atomic_int_add(&interruption.awake, -1);
	cpu->is_asleep = true;
	if (interruption_is_marked() && airq_pending(&interruption.airq))
		bell_nudge(&interruption.changes->bell);
}

void interruption_resumes(struct cpu *cpu)
{
	if (cpu->is_asleep)
		g_atomic_int_inc(&interruption.awake);
	cpu->is_asleep = false;
}

void interruption_open(const struct ap_changes *changes, const char *wake,
		       bool by_qemu)
{
	interruption.changes = changes;
	interruption.by_qemu = by_qemu;
	airq_init(&interruption.airq, changes);
	wake_init(&interruption.wake, wake);
	g_thread_unref(g_thread_new("ap-interrupts", serve, NULL));
	interruption.is_open = true;
}

/* What QEMU did not take before, it may take now. */
void interruption_taken(void)
{
	if (interruption.by_qemu && airq_pending(&interruption.airq))
		bell_nudge(&interruption.changes->bell);
}

bool interruption_is_open(void)
{
	return interruption.is_open;
}

void interruption_start(struct cpu *cpu)
{
	cpu->is_asleep = false;
	g_atomic_int_inc(&interruption.awake);
}

/*
 * QEMU has reset its controller before, so what it holds was handed to it since,
 * by the thread.
 */
void interruption_reset(void)
{
	if (!interruption.is_open)
		return;
	airq_disable_all(&interruption.airq);
	if (!interruption.by_qemu)
		return;
	flic_lock();
	flic_clear();
	flic_unlock();
}

bool interruption_listen(uint8_t isc, uint64_t indicator)
{
	if (!interruption.is_open)
		return false;
	if (indicator)
		airq_enable(&interruption.airq, AP_INTERCEPTS, isc, indicator,
			    airq_count(&interruption.airq, AP_INTERCEPTS));
	else
		airq_disable(&interruption.airq, AP_INTERCEPTS);
	return true;
}

uint32_t interruption_before(const struct ap_command *command)
{
	if (!interruption.is_open)
		return 0;
	return airq_count(&interruption.airq, command->apqn);
}

/*
 * Note that AQIC is complete. For a guest, the LPAR names the guest's GISA,
 * which is not storage of this VM.
 */
static void control(const struct ap_command *command, uint32_t count)
{
	uint64_t gr1 = command->arg[0];

	if (!(gr1 & AP_AQIC_ENABLE))
		airq_disable(&interruption.airq, command->apqn);
	else if (!(gr1 & AP_AQIC_GISA))
		airq_enable(&interruption.airq, command->apqn,
			    gr1 & AP_AQIC_ISC, command->arg[1], count);
	if (!airq_pending(&interruption.airq))
		return;
	if (interruption.by_qemu)
		bell_nudge(&interruption.changes->bell);
	else
		mark_vcpus();
}

/*
 * Return whether an AQIC is done already: it was repeated because its answer
 * was lost with swcexd.
 */
static bool is_done(const struct ap_command *command, enum ap_rc rc)
{
	return rc == AP_RC_OTHERWISE_CHANGED && command->op == AP_OP_AQIC &&
	       command->arg[0] & AP_AQIC_ENABLE &&
	       !airq_is_on(&interruption.airq, command->apqn);
}

void interruption_after(const struct ap_command *command,
			const struct ap_result *result, uint32_t count)
{
	enum ap_rc rc = AP_STATUS_RC(result->status);

	if (!interruption.is_open || (rc && !is_done(command, rc)))
		return;
	if (command->op == AP_OP_AQIC)
		control(command, count);
	else if (command->op == AP_OP_RAPQ || command->op == AP_OP_ZAPQ)
		airq_disable(&interruption.airq, command->apqn);
}
