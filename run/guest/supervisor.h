/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The supervisor of a VM of swcex run: a static program, /init of the
 * initramfs. It prepares the root as the program on the host commands, runs the
 * command there, and ends the VM. It depends on nothing in the root.
 */
#ifndef RUN_SUPERVISOR_H
#define RUN_SUPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sie/frame.h"

/*
 * Report an error on the console, and to the host as soon as there is a port,
 * and end the VM. @status is that of the run: 125 for our errors, 126 and 127
 * as a shell's.
 */
void fail(int status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* End the VM. Data that has not been written to disk is lost. */
void power_off(void) __attribute__((noreturn));

/*
 * module.c: load all modules of the initramfs, those of a group in the order of
 * /modules/order.
 */
void modules_load(void);

/*
 * port.c: wait for the virtio port @name, and return a non-blocking descriptor
 * of it. If the port does not appear, the VM ends.
 */
int port_open(const char *name);

/* control.c: the port by which the host sends commands */
extern int control_port;
void control_open(void);
/* Wait for the next frame. Data that is not a frame ends the VM. */
void control_take(struct frame *frame);
/*
 * control_fill() reads the available bytes. control_next() then returns 1 for
 * each frame, and 0 if there are no more.
 */
void control_fill(void);
int control_next(struct frame *frame);
void control_send(uint8_t type, const void *payload, size_t length);

/* order.c: the command of the host. Strings live as long as the VM. */
struct order {
	char **argv, **environment;
	const char *directory, *name;
	int terminal;
	mode_t mask;
};
/* Receive the order, and carry out RUN_SETUP frames that precede it. */
void order_receive(struct order *order);

/* setup.c: carry out a field of RUN_SETUP, or end the VM. */
void setup_field(const char *name, size_t length, const char *value);
/*
 * Create a directory and its parents. Return false with errno set on failure.
 */
bool setup_directory(const char *path);

/*
 * init.c: make the root's systemd process 1, and continue in a process beside
 * it.
 */
void init_systemd(void);

/* network.c */
void network_loopback(void);
void network_address(const char *address);

/*
 * command.c: command_open() opens the ports of the streams, before the root
 * changes. command_run() runs the command until it ends, and reports that to
 * the host.
 */
void command_open(void);
void command_run(const struct order *order);

#endif /* RUN_SUPERVISOR_H */
