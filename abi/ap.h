/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The AP architecture as the emulation needs it: names, numbers and the one
 * form in which an AP instruction travels from a VM to the machine.
 *
 * Facts: arch/s390/include/asm/ap.h (status word, QCI block, TAPQ information)
 * and drivers/s390/crypto/ap_bus.h (response codes) of Linux.
 *
 * Bits are numbered as in the Principles of Operation: bit 0 is the leftmost.
 */
#ifndef ABI_AP_H
#define ABI_AP_H

#include <stdbool.h>
#include <stdint.h>

#define AP_ADAPTERS	256
#define AP_DOMAINS	256

/* An APQN names one queue: adapter in the upper, domain in the lower byte. */
#define AP_APQN(adapter, domain)	((uint16_t)((adapter) << 8 | (domain)))
#define AP_ADAPTER(apqn)		((uint8_t)((apqn) >> 8))
#define AP_DOMAIN(apqn)			((uint8_t)(apqn))

/* A message part is at most ML x 4096 bytes, and ML has four bits. */
#define AP_MESSAGE_MAX	(15 * 4096)

/* One bit for each adapter or domain. Bit 0 is the leftmost bit of byte 0. */
struct ap_mask {
	uint8_t byte[32];
};

static inline bool ap_mask_test(const struct ap_mask *m, unsigned int bit)
{
	return m->byte[bit / 8] & (0x80 >> bit % 8);
}

static inline void ap_mask_set(struct ap_mask *m, unsigned int bit)
{
	m->byte[bit / 8] |= 0x80 >> bit % 8;
}

static inline void ap_mask_clear(struct ap_mask *m, unsigned int bit)
{
	m->byte[bit / 8] &= ~(0x80 >> bit % 8);
}

static inline void ap_mask_and(struct ap_mask *m, const struct ap_mask *other)
{
	for (unsigned int i = 0; i < sizeof(m->byte); i++)
		m->byte[i] &= other->byte[i];
}

/*
 * What a VM may use according to its crypto control block (APCB): the queues of
 * the adapters in apm and the domains in aqm, and control of the domains in
 * adm.
 */
struct ap_apcb {
	struct ap_mask apm;
	struct ap_mask aqm;
	struct ap_mask adm;
};

/* The block that PQAP(QCI) stores: 128 bytes, big endian. */
struct ap_qci {
	uint8_t flags[4];
	uint8_t na;		/* highest adapter number */
	uint8_t nd;		/* highest domain number */
	uint8_t reserved0[10];
	struct ap_apcb apcb;
	uint8_t reserved1[16];
};

#define AP_QCI_APSC	0x80	/* flags[0]: special commands */
#define AP_QCI_APXA	0x40	/* flags[0]: 8-bit adapter and domain numbers */
#define AP_QCI_QACT	0x20	/* flags[0]: PQAP(QACT) */
#define AP_QCI_RC8A	0x10	/* flags[0]: a wrong domain has reply code 8A */

/* The facilities of the emulated machine. */
#define AP_QCI_MACHINE	(AP_QCI_APSC | AP_QCI_APXA | AP_QCI_QACT | AP_QCI_RC8A)

/*
 * What the crypto measurement says of a queue or of an adapter. Each kind of
 * adapter has counters of its own (struct firmware): how many requests of a
 * kind there were, and how long the adapter has worked on them, in nanoseconds.
 */
#define AP_COUNTERS	6

struct ap_counter {
	uint64_t time;
	uint64_t requests;
};

struct ap_measurement {
	uint8_t type;		/* as TAPQ shows it */
	uint8_t mode;		/* number of the kind of adapter */
	uint8_t counters;	/* number of those that are valid */
	uint8_t reserved[5];
	struct ap_counter counter[AP_COUNTERS];
};

/* AP queue status word: the low 32 bits of GR1. */
#define AP_STATUS_QUEUE_EMPTY		0x80000000u
#define AP_STATUS_REPLIES_WAITING	0x40000000u
#define AP_STATUS_QUEUE_FULL		0x20000000u
#define AP_STATUS_IRQ_ENABLED		0x01000000u
#define AP_STATUS_RC(word)		((uint8_t)((word) >> 16))
#define AP_STATUS_OF_RC(rc)		((uint32_t)(rc) << 16)

enum ap_rc {
	AP_RC_NORMAL			= 0x00,
	AP_RC_Q_NOT_AVAIL		= 0x01,
	AP_RC_RESET_IN_PROGRESS		= 0x02,
	AP_RC_DECONFIGURED		= 0x03,
	AP_RC_CHECKSTOPPED		= 0x04,
	AP_RC_BUSY			= 0x05,
	AP_RC_INVALID_ADDRESS		= 0x06,
	AP_RC_OTHERWISE_CHANGED		= 0x07,
	AP_RC_Q_FULL			= 0x10,	/* NQAP */
	AP_RC_NO_PENDING_REPLY		= 0x10,	/* DQAP */
	AP_RC_REQ_FAC_NOT_INST		= 0x16,
};

/*
 * What a VM asks of the machine. The first group are AP instructions, named
 * after them. AP_OP_RESET reports an event of the VM itself. The last group are
 * the LPAR calls, by which the control program of the LPAR (KVM's part) tells
 * the machine about its guests and its operating system configures adapters.
 * They are refused to any VM other than the LPAR.
 */
enum ap_op {
	AP_OP_TAPQ = 1,
	AP_OP_RAPQ,
	AP_OP_ZAPQ,
	AP_OP_AQIC,
	AP_OP_QCI,
	AP_OP_QACT,
	AP_OP_NQAP,
	AP_OP_DQAP,

	AP_OP_RESET = 16,
	AP_OP_CPACF,
	AP_OP_TAKEN,

	AP_OP_GUEST_CREATE = 32,
	AP_OP_GUEST_MASKS,
	AP_OP_GUEST_DESTROY,
	AP_OP_GUEST_LISTEN,
	AP_OP_GUEST_INTERCEPT,
	AP_OP_GUEST_ANSWER,
	AP_OP_CONFIGURE,
	AP_OP_DECONFIGURE,
	AP_OP_MEASURE,
};

/*
 * A command. An optional message of @length bytes follows it.
 *
 * TAPQ   apqn, arg[0] = GR0 (T bit)
 * RAPQ   apqn
 * ZAPQ   apqn
 * AQIC   apqn, arg[0] = GR1 (control), arg[1] = GR2 (indicator address)
 * QCI    -
 * QACT   apqn, arg[0] = GR1 (information)
 * NQAP   apqn, psmid, arg[0] = GR0 (special-command bit), message
 * DQAP   apqn, arg[0] = bytes that the VM has room for
 *
 * RESET  -
 *	The VM was reset, and another operating system may come. Its queues
 *	begin to be zeroized and interrupt no VM. Guests of the LPAR are
 *	destroyed.
 *
 * CPACF  -
 *	Asks for the key under which the VM's protected keys are wrapped, those that
 *	coprocessors export and those that CPACF makes.
 *
 * TAKEN  -
 *	Does nothing. It is for @taken.
 *
 * GUEST_CREATE   -
 * GUEST_MASKS    arg[0] = guest, message = struct ap_apcb
 * GUEST_DESTROY  arg[0] = guest
 * GUEST_LISTEN   arg[0] = 1 to intercept the AQIC of guests from now on, or 0
 * GUEST_INTERCEPT   arg[0] = guest
 * GUEST_ANSWER   arg[0] = guest, arg[1] = AP queue status word
 * CONFIGURE      arg[0] = adapter
 * DECONFIGURE    arg[0] = adapter
 * MEASURE        apqn, arg[0] = 1 for all queues of its adapter together
 *
 * @taken, of any command: the slots of the VM's shelf (shelf.h) from which it has
 *	taken replies since its last command. Bit 0, that of the lowest value, is
 *	slot 0. These replies leave their queues before the command is executed.
 */
struct ap_command {
	uint16_t op;		/* enum ap_op */
	uint16_t apqn;
	uint32_t length;	/* bytes of message that follow */
	uint64_t psmid;
	uint64_t arg[2];
	uint64_t taken;
};

/*
 * The answer. An optional message of @length bytes follows it.
 *
 * @check: 0, or the program interruption code that the instruction ends with
 * @status: AP queue status word for GR1
 * @psmid: DQAP: that of the reply, once its last part was taken
 * @value: depends on the operation:
 *	TAPQ, QACT: for GR2
 *	DQAP: bytes of the reply that are still to come
 *	AQIC: 1 if it was intercepted and there is no answer yet, so that the
 *	VM is to ask again soon
 *	GUEST_CREATE: the guest, or 0 if there can be no more or the VM is not
 *	the LPAR
 *	other LPAR calls: 0, or an errno value; EALREADY says that the adapter
 *	already is in the state that was asked for
 *
 * The message is a struct ap_qci for QCI, a part of the reply for DQAP, a struct
 * ap_intercept for GUEST_INTERCEPT, a struct ap_measurement for MEASURE, and the
 * key for CPACF, or nothing if there is none.
 */
struct ap_result {
	uint32_t status;
	uint32_t length;	/* bytes of message that follow */
	uint32_t check;
	uint32_t reserved;
	uint64_t psmid;
	uint64_t value;
};

/*
 * Return whether @result, of a DQAP, is the last part of a reply, with no other
 * reply ready behind it. Until something changes, the next DQAP ends with
 * AP_RC_NO_PENDING_REPLY and the same flags.
 */
static inline bool ap_took_last_reply(const struct ap_result *result)
{
	return !result->check && !AP_STATUS_RC(result->status) &&
	       !(result->status & AP_STATUS_REPLIES_WAITING);
}

/* General registers 0 to 2 of a guest whose AQIC was intercepted. */
struct ap_intercept {
	uint64_t gr[3];
};

#define AP_AQIC_ENABLE	(UINT64_C(1) << 47)	/* GR1 bit 16 */
#define AP_AQIC_GISA	UINT64_C(0x7ffffff0)	/* GR1 bits 33 to 59 */
#define AP_AQIC_ISC	UINT64_C(7)		/* GR1 bits 61 to 63 */

/*
 * What a VM that polls can read instead of asking: counts of changes. The
 * machine adds to the count of a queue whenever a DQAP of this VM may get
 * another answer, before it answers the command that caused that. A DQAP that
 * takes the last reply does not count: its status says what the next DQAP finds,
 * see ap_took_last_reply(). Some queues share a count. The VM only reads.
 *
 * In @interruptions, each queue has a count of its own: that of the adapter
 * interruptions that the machine owes to this VM. Each reply that becomes ready
 * is one. A further count, for an LPAR that listens, is that of the intercepts
 * of its guests. @bell, a futex (bell.h), changes whenever one of these counts
 * does.
 *
 * @since: when the counts began, which tells one such memory from the next
 * @interruptible: whether an AQIC of the VM has an effect; that of a guest has
 *	one if its LPAR listened when the guest was attached
 */
#define AP_CHANGES	512
#define AP_QUEUES	(AP_ADAPTERS * AP_DOMAINS)
#define AP_INTERCEPTS	AP_QUEUES

struct ap_changes {
	_Atomic uint64_t since;
	_Atomic uint64_t count[AP_CHANGES];
	_Atomic uint32_t bell;
	_Atomic uint32_t interruptible;
	_Atomic uint32_t interruptions[AP_QUEUES + 1];
};

#define AP_CHANGES_OF(changes, apqn)	(&(changes)->count[(apqn) % AP_CHANGES])

#define AP_CHECK_OPERATION	0x0001
#define AP_CHECK_PRIVILEGED	0x0002
#define AP_CHECK_SPECIFICATION	0x0006

#endif /* ABI_AP_H */
