/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that driver/ runs on in user space: queues, what the ap bus and the mdev core do
 * with them, and guests. Whenever masks come into force, it is checked that no queue is in two
 * guests, and that each new one is assigned to the guest's device, bound to the driver and was
 * reset and zeroized.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include "kernel.h"

#include "driver/matrix.h"
#include "driver/mdev.h"

/* Where a queue has its indicator that interrupts the host. */
#define MODEL_HOST_INDICATOR 8

/*
 * @indicator: where it interrupts, if it does
 * @there: bound to the driver, as aq
 * @dirty: somebody used it and no reset has ended since
 * @fault: response code of every instruction, 0: none
 * @silent: response code of TAPQ, which does not tell of interruptions, 0: none; one but
 *	"busy" is that of an earlier instruction
 * @reset_time: of a reset, in jiffies
 * @deaf: interruptions stay on
 * @hwinfo: what TAPQ stores about it
 * @neglected: the ap bus has begun a reset, and goes on if it is told of the queue
 */
struct model_queue {
	unsigned int zapqs;		/* executed */
	u64 indicator, hwinfo;
	bool there, dirty, deaf, neglected, interrupts;
	u8 fault, silent;
	unsigned long reset_time;
	bool resetting;
	unsigned long reset_end;
	struct ap_queue aq;
};

struct model_guest {
	struct kvm kvm;
	struct matrix_mdev *mdev;	/* that it has open */
	struct matrix apcb;		/* in force */
	unsigned int changes;		/* of that */
	bool locked;			/* its user space holds kvm->lock as long as it likes */
	struct kvm_run run;
	struct kvm_s390_sie_block sie_block;
	struct kvm_vcpu vcpu;
};

extern struct model_machine {
	/* called when the answer is known, and not yet used */
	void (*after_tapq)(void), (*after_qci)(void);
	bool has_ap, has_qci, has_apft, apxa, qci_fails, shared_pages;
	struct matrix host;		/* what QCI shows */
	struct matrix reserved;		/* for the host's drivers */
	unsigned int reservations_asked;
} model;

/* A machine in which all is well: nothing is loaded, the queues of adapters 5-6, domains 4-7. */
void model_reset(void);

struct model_queue *model_queue(unsigned int apqn);
/* 0, -ENODEV for a device that no driver gets any more, or what the driver's probe says. */
int model_bind(unsigned int apqn);
void model_unbind(unsigned int apqn);
/*
 * The ap bus looks at the queue at a scan. One that it has seen deconfigured and that is back, it
 * resets, and has it interrupt the host.
 */
void model_look(unsigned int apqn);
/* The host's administrator asks for queues: 0 or -EADDRINUSE. */
int model_reserve(const struct matrix *queues);
/*
 * The ap bus scans, and finds @host as the machine's configuration: it removes what is gone
 * by @unbind, and its device, and gives what came to the driver, unless it is reserved, by @bind.
 */
void model_scan(const struct matrix *host, void (*bind)(unsigned int apqn),
		void (*unbind)(unsigned int apqn));

/* A mediated device; its number is of no importance to the driver. NULL: @error says why. */
struct matrix_mdev *model_create(unsigned int number, int *error);
void model_remove(struct matrix_mdev *m);
/* Writes to an attribute by its name: 0 or a negative errno. */
int model_write(struct matrix_mdev *m, const char *attribute, const char *text);
/* What the attribute shows. */
const char *model_show(struct matrix_mdev *m, const char *attribute);
/* The attributes of the device on which mediated ones are created, and of a queue. */
const char *model_show_parent(const char *attribute);
const char *model_show_queue(unsigned int apqn, const char *attribute);

struct model_guest *model_guest_new(void);
void model_guest_free(struct model_guest *guest);
int model_open(struct matrix_mdev *m, struct model_guest *guest);
void model_close(struct matrix_mdev *m);
/* The guest enqueues requests wherever it can. */
void model_use(struct model_guest *guest);
/* The guest's AQIC: its response code, or a negative errno. */
int model_aqic(struct model_guest *guest, unsigned int apqn, bool enable, u64 indicator);

#endif /* TESTS_MODEL_H */
