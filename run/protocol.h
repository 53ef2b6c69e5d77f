/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The protocol between swcex run and its supervisor in the VM.
 *
 * There are four virtio ports. RUN_CONTROL carries frames (sie/frame.h). The
 * other three carry only the bytes of the command's standard streams, so that a
 * stream that is not read delays neither the other streams nor signals.
 *
 * The program sends everything up to RUN_START at once, without being asked.
 * Neither side trusts the other's frames; a frame that violates these rules
 * ends the run.
 *
 * Numbers are big endian. "Fields" are those of sie/frame.h. A string that is
 * longer than a frame is sent in RUN_PART frames; its last piece is in the
 * frame whose type says what the string is.
 */
#ifndef RUN_PROTOCOL_H
#define RUN_PROTOCOL_H

#include <stdint.h>

#define RUN_CONTROL	"org.swcex.control"
#define RUN_STDIN	"org.swcex.stdin"
#define RUN_STDOUT	"org.swcex.stdout"
#define RUN_STDERR	"org.swcex.stderr"

/*
 * Limits of the supervisor: the length of one string, and of all strings
 * together
 */
#define RUN_STRING_MAX	(1024 * 1024)
#define RUN_STRINGS_MAX	(8 * 1024 * 1024)

enum run_frame {
	/*
	 * To the VM. Fields, carried out in order:
	 *	directory=PATH		create it and its parents
	 *	wait=PATH		wait up to ten seconds until PATH exists
	 *	mount=TYPE SOURCE TARGET FLAGS OPTIONS
	 *				mount, and create the target; words are
	 *				separated by tabs; FLAGS is "ro", "rw"
	 *				or "bind"
	 *	partition=DISK TARGET	mount the partition of DISK that has a
	 *				root, or DISK itself; a tab separates
	 *				the two
	 *	link=TARGET PATH	create a symbolic link; separated by a
	 *				tab
	 *	file=PATH TEXT		write the text to PATH; separated by a
	 *				tab
	 *	address=IP		set the address of eth0; the gateway is
	 *				10.0.2.2
	 *	adapters=1		wait until each queue has its driver
	 *	root=PATH		make it "/", for the next fields, too
	 *	systemd=1		make the root's systemd process 1, and
	 *				wait until it has started what it starts
	 *				at boot
	 */
	RUN_SETUP = 1,
	/* Bytes: a piece of a string. */
	RUN_PART,
	/*
	 * A string: RUN_ARGUMENT is a word of the command, in order;
	 * RUN_VARIABLE is "NAME=VALUE".
	 */
	RUN_ARGUMENT,
	RUN_VARIABLE,
	/*
	 * Fields: the command may begin.
	 *	directory=PATH		its working directory
	 *	name=NAME		the VM's host name
	 *	umask=OCTAL		its mask for the modes of files
	 *	terminal=N		a sum: 1 if stdin, 2 if stdout, 4 if
	 *				stderr is a terminal, the same one
	 */
	RUN_START,
	/*
	 * uint64: the number of bytes of the command's stdin, which ends after
	 * them.
	 */
	RUN_INPUT_END,
	/* uint8, 1 stdout or 2 stderr: the stream is not read any more. */
	RUN_OUTPUT_CLOSED,
	/* uint8: a signal for the command's process group. */
	RUN_SIGNAL,
	/* uint16 rows, uint16 columns. */
	RUN_WINDOW,

	/* To the program. Empty: the command has been started. */
	RUN_STARTED = 32,
	/* Empty: the signal of one RUN_SIGNAL has been sent. */
	RUN_SIGNALLED,
	/*
	 * uint8 status, UTF-8 sentence: the command cannot be started. The
	 * status is 125, 126 or 127.
	 */
	RUN_REFUSED,
	/*
	 * uint8 status, uint64 bytes of stdout, uint64 bytes of stderr: the
	 * command has ended, and its files have been written.
	 */
	RUN_EXIT,
};

/*
 * Signals have Linux's numbers, which are the same on s390x and on all machines
 * that run QEMU.
 */

#endif /* RUN_PROTOCOL_H */
