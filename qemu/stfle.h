/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facility list as STFLE and STFL store it, with the AP facilities in it:
 * 12 (PQAP(QCI)), 15 (AP facilities test) and, in a VM that is interrupted, 65
 * (adapter interruptions).
 *
 * QEMU stores its own list, and the bits are added to that. For STFLE this
 * happens at the store itself. The store of STFL is not reported, so the bits
 * are added before the next instruction. If that is in another translation
 * block, as after the last instruction of a page, STFL shows QEMU's list.
 */
#ifndef QEMU_STFLE_H
#define QEMU_STFLE_H

#include "qemu-plugin-api.h"

/* Watch @insn, an STFLE (b2b0) whose operand is the base-displacement @bd. */
void stfle_watch(struct qemu_plugin_insn *insn, uint16_t bd);

/* Watch @next, the instruction that follows an STFL (b2b1). */
void stfl_watch(struct qemu_plugin_insn *next);

#endif /* QEMU_STFLE_H */
