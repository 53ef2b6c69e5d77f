/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Secrets that computations leave on the stack. OpenSSL's assembler keeps
 * operands there and compilers spill registers; neither wipes what it leaves.
 */
#ifndef BYTES_STACK_H
#define BYTES_STACK_H

/*
 * Wipe 64 KB of stack below the caller's frame, where the functions that the
 * caller called had their frames. This is several times what OpenSSL needs.
 */
void stack_wipe(void);

#endif /* BYTES_STACK_H */
