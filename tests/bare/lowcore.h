/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses in prefixed storage, which each CPU has for itself: those that the
 * Principles of Operation assign and, from 0x400 on, those of the tests.
 */
#ifndef LOWCORE_H
#define LOWCORE_H

#define LC_PROGRAM_ILC		0x08d
#define LC_PROGRAM_CODE		0x08e
#define LC_IO_CODE		0x0b8	/* three words */
#define LC_FACILITIES		0x0c8	/* 200: STFL */
#define LC_SVC_OLD_PSW		0x140
#define LC_PROGRAM_OLD_PSW	0x150
#define LC_IO_OLD_PSW		0x170
#define LC_RESTART_NEW_PSW	0x1a0
#define LC_EXTERNAL_NEW_PSW	0x1b0
#define LC_SVC_NEW_PSW		0x1c0
#define LC_PROGRAM_NEW_PSW	0x1d0
#define LC_IO_NEW_PSW		0x1f0

#define LC_TEXT			0x400	/* the instruction under test */
#define LC_PSW			0x420	/* loaded by enter and rest */
#define LC_OWN_GR		0x440
#define LC_LANDED_GR		0x4c0
#define LC_INTERRUPTED_GR	0x540	/* by an I/O interruption */
#define LC_INTERRUPTION_STACK	0x5c0
#define LC_STORM_IN		0x600	/* storm.h */
#define LC_STORM_OUT		0x680
#define LC_STORM_OWN		0x700
#define LC_START_STACK		0x780	/* where a CPU other than 0 begins */
#define LC_START_FUNCTION	0x788

#ifndef __ASSEMBLER__
#include <stdint.h>

#define LC(type, address)	(*(volatile type *)(uintptr_t)(address))
#endif

#endif /* LOWCORE_H */
