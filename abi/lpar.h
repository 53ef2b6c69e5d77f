/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LPAR calls, by which the control program of the LPAR tells the machine about
 * its guests. On an IBM Z, KVM writes a guest's masks into the APCB of the
 * guest's state description, and SIE reads them there. Here, this DIAGNOSE call
 * takes the place of that.
 *
 *	DIAG R2,R3,0x7a9	(83 23 07 a9), supervisor state only
 *
 *	R2 in:  function code
 *	R2 out: 0, or a positive errno value
 *
 *	code	R3 in			R4 in			R3 out
 *	0	-			-			version (2)
 *	1	-			-			guest number
 *	2	guest number		absolute address of	-
 *				96 bytes: APM, AQM, ADM
 *	3	guest number		-			-
 *	4	interruption subclass	absolute address of	-
 *				indicator byte, or 0
 *	5	guest number		absolute address of	-
 *				24 bytes: GR0, GR1, GR2
 *	6	guest number		AP queue status word	-
 *
 *	0 QUERY   1 GUEST_CREATE   2 GUEST_MASKS   3 GUEST_DESTROY
 *	4 GUEST_LISTEN   5 GUEST_INTERCEPT   6 GUEST_ANSWER
 *
 * When function 2 completes with 0, the machine decides every further AP
 * instruction of that guest by the new masks, and none by the old ones.
 *
 * After function 4, an AQIC of a guest waits for the LPAR to decide. When one
 * waits, an adapter interruption sets the indicator, as the GIB alert of an IBM
 * Z does. Function 5 fetches the AQIC of a guest, and function 6 answers it.
 * Between the two, the LPAR issues an AQIC that names a GISA, which has the
 * guest's queue interrupt the guest and not the LPAR. If the LPAR does not
 * answer in time, the guest is told that the queue is busy. With address 0,
 * AQICs of guests do not wait any more.
 *
 * While the machine is not attached to swcexd, functions 2 and 3 complete and
 * come into force when it is attached again. Until then the guests have no
 * adapters either.
 *
 * Errors: ENODEV, the machine is not attached to swcexd or is not the LPAR;
 * EINVAL, there is no such function code; ENOENT, there is no such guest;
 * EFAULT, the address is not valid; ENOSPC, there can be no more guests;
 * EOPNOTSUPP, the LPAR has no adapter interruptions; ENODATA, no AQIC of this
 * guest waits. On a machine without this call, DIAG 0x7a9 is a specification
 * exception.
 *
 * This is plain C without an include, for user space and the kernel alike.
 */
#ifndef ABI_LPAR_H
#define ABI_LPAR_H

#define LPAR_DIAG	0x7a9
#define LPAR_VERSION	2

#define LPAR_QUERY		0
#define LPAR_GUEST_CREATE	1
#define LPAR_GUEST_MASKS	2
#define LPAR_GUEST_DESTROY	3
#define LPAR_GUEST_LISTEN	4
#define LPAR_GUEST_INTERCEPT	5
#define LPAR_GUEST_ANSWER	6

#define LPAR_MASKS_SIZE	96
#define LPAR_INTERCEPT_SIZE	24

#endif /* ABI_LPAR_H */
