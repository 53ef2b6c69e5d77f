/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LPAR calls: how the control program of the LPAR tells the machine about
 * its guests. On an IBM Z, KVM writes a guest's masks into the APCB of the
 * guest's state description and SIE reads them there; this DIAGNOSE call is
 * what stands in that place.
 *
 *	DIAG R2,R3,0x7a9	(83 23 07 a9), supervisor state only
 *
 *	R2 in:  function code
 *	R2 out: 0, or a positive errno value
 *
 *	code	R3 in			R4 in			R3 out
 *	0	-			-			version (1)
 *	1	-			-			guest number
 *	2	guest number		absolute address of	-
 *				96 bytes: APM, AQM, ADM
 *	3	guest number		-			-
 *
 *	0 QUERY   1 GUEST_CREATE   2 GUEST_MASKS   3 GUEST_DESTROY
 *
 * When function 2 completes with 0, the machine decides every further AP
 * instruction of that guest by the new masks, and none by the old ones.
 *
 * ENODEV: the machine is not attached to apd, or is not the LPAR.
 * EINVAL: unknown function code. ENOENT: no such guest. EFAULT: address.
 * ENOSPC: no more guests.
 * On a machine without this call, DIAG 0x7a9 is a specification exception.
 *
 * Plain C without an include, for user space and kernel alike.
 */
#ifndef LPAR_H
#define LPAR_H

#define LPAR_DIAG	0x7a9
#define LPAR_VERSION	1

#define LPAR_QUERY		0
#define LPAR_GUEST_CREATE	1
#define LPAR_GUEST_MASKS	2
#define LPAR_GUEST_DESTROY	3

#define LPAR_MASKS_SIZE	96

#endif /* LPAR_H */
