/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What computations leave on the stack. OpenSSL's assembler keeps operands
 * there, compilers spill registers, and neither wipes what it leaves.
 */
#ifndef BYTES_STACK_H
#define BYTES_STACK_H

/*
 * Wipe the stack below the caller's frame, as far as any function reached that
 * the caller called: 64 KB are several times what OpenSSL needs.
 */
void stack_wipe(void);

#endif /* BYTES_STACK_H */
