// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <asm/airq.h>
#include <asm/isc.h>

#include "intercept.h"
#include "machine.h"

#define RESPONSE_Q_NOT_AVAIL	0x00010000

/* Threads that run a VM wait here for the count of alerts to change. */
static DECLARE_WAIT_QUEUE_HEAD(alerted);
static atomic_t alerts;
static bool listening;

/*
 * The vCPU of a VM as far as the hook reads it, with the pages that belong to
 * it
 */
struct stage {
	struct kvm_vcpu vcpu;
	struct kvm_s390_sie_block sie_block;
	struct kvm_run run;
};

static void alert(struct airq_struct *airq, struct tpi_info *tpi_info)
{
	WRITE_ONCE(*airq->lsi_ptr, 0);
	atomic_inc(&alerts);
	wake_up_all(&alerted);
}

static struct airq_struct airq = {
	.handler = alert,
	.isc = GAL_ISC,
};

int sie_intercept_init(void)
{
	int ret;

	ret = register_adapter_interrupt(&airq);
	if (ret)
		return ret;
	ret = machine_listen(airq.isc, airq.lsi_ptr);
	listening = !ret;
	if (!ret)
		return 0;
	unregister_adapter_interrupt(&airq);
	return ret == -EOPNOTSUPP ? 0 : ret;
}

void sie_intercept_exit(void)
{
	if (!listening)
		return;
	machine_listen(airq.isc, NULL);
	unregister_adapter_interrupt(&airq);
}

/*
 * Call the hook, or answer as KVM does to a guest in whose VM no driver has set
 * a hook.
 */
static void call_hook(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_crypto *crypto = &vcpu->kvm->arch.crypto;
	int ret = -EOPNOTSUPP;

	down_read(&crypto->pqap_hook_rwsem);
	if (crypto->pqap_hook)
		ret = (*crypto->pqap_hook)(vcpu);
	up_read(&crypto->pqap_hook_rwsem);
	if (ret)
		vcpu->run->s.regs.gprs[1] = RESPONSE_Q_NOT_AVAIL;
}

static struct stage *stage_alloc(struct sie_vm *vm)
{
	struct stage *stage = kvzalloc(sizeof(*stage), GFP_KERNEL_ACCOUNT);

	if (!stage)
		return NULL;
	stage->vcpu.kvm = &vm->kvm;
	stage->vcpu.run = &stage->run;
	stage->vcpu.arch.sie_block = &stage->sie_block;
	stage->sie_block.eca = ECA_AIV;
	mutex_init(&stage->vcpu.mutex);
	return stage;
}

/*
 * Handle an intercept. Return -ENODATA if there is none, or -ENODEV while the
 * machine is absent.
 */
static int handle(struct sie_vm *vm, struct stage *stage)
{
	__u64 *gprs = stage->run.s.regs.gprs;
	int ret;

	ret = machine_fetch_intercept(vm->guest, gprs);
	if (ret)
		return ret;
	mutex_lock(&stage->vcpu.mutex);
	call_hook(&stage->vcpu);
	mutex_unlock(&stage->vcpu.mutex);
	ret = machine_answer_intercept(vm->guest, gprs[1]);
	return ret == -ENODATA ? 0 : ret;	/* the guest has given up */
}

int sie_intercept_run(struct sie_vm *vm)
{
	struct stage *stage;
	int seen, ret;

	if (!listening)
		return -EOPNOTSUPP;
	stage = stage_alloc(vm);
	if (!stage)
		return -ENOMEM;
	do {
		seen = atomic_read(&alerts);
		ret = handle(vm, stage);
		/* There is also an alert when the machine is back. */
		if (ret == -ENODATA || ret == -ENODEV)
			ret = wait_event_interruptible(alerted,
						       atomic_read(&alerts) != seen);
	} while (!ret);
	kvfree(stage);
	return ret == -ERESTARTSYS ? -EINTR : ret;
}
