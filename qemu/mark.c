// SPDX-License-Identifier: GPL-2.0-only
#include "mark.h"

#include <stddef.h>

struct marks {
	uint64_t marked;
	uint64_t deferred;
};

/* @marked, @deferred: the marks in each vCPU's part of @board */
static struct {
	struct qemu_plugin_scoreboard *board;
	qemu_plugin_u64 marked;
	qemu_plugin_u64 deferred;
	qemu_plugin_vcpu_udata_cb_t look;
} mark;

/*
 * Remove the mark before @look is called, so that a mark set meanwhile is not
 * lost.
 */
static void look(unsigned int vcpu, void *pc)
{
	qemu_plugin_u64_set(mark.marked, vcpu, 0);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	mark.look(vcpu, pc);
}

void mark_open(qemu_plugin_vcpu_udata_cb_t look)
{
	mark.board = qemu_plugin_scoreboard_new(sizeof(struct marks));
	mark.marked = (qemu_plugin_u64){ mark.board, offsetof(struct marks, marked) };
	mark.deferred = (qemu_plugin_u64){ mark.board, offsetof(struct marks, deferred) };
	mark.look = look;
}

/* The target of an EXECUTE is one instruction with the EXECUTE before it. */
void mark_watch(struct qemu_plugin_tb *tb)
{
	struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);

	if (!qemu_plugin_insn_haddr(first))
		return;
	qemu_plugin_register_vcpu_tb_exec_cond_cb(tb, look,
		QEMU_PLUGIN_CB_RW_REGS_PC, QEMU_PLUGIN_COND_NE,
		mark.marked, 0, (void *)(uintptr_t)qemu_plugin_tb_vaddr(tb));
}

static void opens(unsigned int vcpu, void *unused)
{
	(void)unused;
	qemu_plugin_u64_set(mark.deferred, vcpu, 0);
	mark_vcpu(vcpu);
}

/* The instruction ends its block, so that the next one looks. */
void mark_watch_opener(struct qemu_plugin_insn *insn)
{
	qemu_plugin_register_vcpu_insn_exec_cond_cb(insn, opens,
		QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_NE, mark.deferred, 0,
		NULL);
}

void mark_defer(unsigned int vcpu)
{
	qemu_plugin_u64_set(mark.deferred, vcpu, 1);
}

void mark_vcpu(unsigned int vcpu)
{
	qemu_plugin_u64_set(mark.marked, vcpu, 1);
}

void mark_vcpus(void)
{
	int count = qemu_plugin_num_vcpus();

	for (int i = 0; i < count; i++)
		mark_vcpu(i);
}
