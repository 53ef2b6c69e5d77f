/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What swcex run and its supervisor in the VM say to each other.
 *
 * There are four virtio ports. RUN_CONTROL carries frames (sie/frame.h); the other three
 * carry nothing but the bytes of the command's standard streams, so that a stream which
 * nobody reads holds up neither the others nor a signal.
 *
 * The program sends everything up to RUN_START at once, without being asked. Neither side
 * trusts the other's frames: one that breaks these rules ends the run.
 *
 * Numbers are big endian. "Fields" are those of sie/frame.h. A string that is longer than
 * a frame comes in RUN_PART frames, the last piece in the frame that says what it is.
 */
#ifndef RUN_PROTOCOL_H
#define RUN_PROTOCOL_H

#include <stdint.h>

#define RUN_CONTROL	"org.swcex.control"
#define RUN_STDIN	"org.swcex.stdin"
#define RUN_STDOUT	"org.swcex.stdout"
#define RUN_STDERR	"org.swcex.stderr"

/* The longest string that the supervisor takes, and the most of them together. */
#define RUN_STRING_MAX	(1024 * 1024)
#define RUN_STRINGS_MAX	(8 * 1024 * 1024)

enum run_frame {
	/* To the VM. Fields, carried out one after the other:
	 *	directory=PATH		is made, with those above it
	 *	wait=PATH		appears within ten seconds
	 *	mount=TYPE SOURCE TARGET FLAGS OPTIONS
	 *				words parted by tabs; the target is made; FLAGS
	 *				is "ro", "rw" or "bind"
	 *	partition=DISK TARGET	the partition of DISK that has a root, or DISK itself, is
	 *				mounted, parted by a tab
	 *	link=TARGET PATH	a symbolic link, parted by a tab
	 *	file=PATH TEXT		PATH gets the text, parted by a tab
	 *	address=IP		eth0 gets this address, the gateway being 10.0.2.2
	 *	adapters=1		wait until each queue has its driver
	 *	root=PATH		becomes "/", for the fields behind this one, too
	 *	systemd=1		the root's systemd becomes process 1, and has started
	 *				what it starts at boot
	 */
	RUN_SETUP = 1,
	/* Bytes: a piece of a string. */
	RUN_PART,
	/* A string: a word of the command, the first one first; a variable, "NAME=VALUE". */
	RUN_ARGUMENT,
	RUN_VARIABLE,
	/* Fields: the command may begin.
	 *	directory=PATH		the command's own
	 *	name=NAME		the VM's host name
	 *	umask=OCTAL		its mask for the modes of files
	 *	terminal=N		a sum: 1 stdin, 2 stdout, 4 stderr is a terminal,
	 *				the same one
	 */
	RUN_START,
	/* uint64: how many bytes the command's stdin has; it ends behind them. */
	RUN_INPUT_END,
	/* uint8, 1 stdout or 2 stderr: nobody reads it any more. */
	RUN_OUTPUT_CLOSED,
	/* uint8: a signal for the command's process group. */
	RUN_SIGNAL,
	/* uint16 rows, uint16 columns. */
	RUN_WINDOW,

	/* To the program. Empty: the command has been started. */
	RUN_STARTED = 32,
	/* Empty: the signal of one RUN_SIGNAL has been sent. */
	RUN_SIGNALLED,
	/* uint8 status, UTF-8 sentence: the command cannot be started; 125, 126 or 127. */
	RUN_REFUSED,
	/* uint8 status, uint64 bytes of stdout, uint64 bytes of stderr: the command has
	 * ended, and its files are where they belong. */
	RUN_EXIT,
};

/* Signals have Linux's numbers, which s390x and all machines that run QEMU have in common. */

#endif /* RUN_PROTOCOL_H */
