/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The supervisor of a VM of swcex run: a static program, /init of the initramfs. It prepares
 * the root as the program on the host tells it, runs the command there, and ends the VM.
 * It depends on nothing that the root has.
 */
#ifndef RUN_SUPERVISOR_H
#define RUN_SUPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sie/frame.h"

/*
 * Say on the console, and to the host as soon as there is a port, what is wrong; end the VM.
 * @status is the run's: 125 ours, 126 and 127 as a shell's.
 */
void fail(int status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* End the VM. What is not on disk is lost. */
void power_off(void) __attribute__((noreturn));

/* module.c: load all modules of the initramfs, in the order that /modules/order has. */
void modules_load(void);

/* port.c: a descriptor of the virtio port of that name, when it is there; does not block. */
int port_open(const char *name);

/* control.c: the port by which the host commands. */
extern int control_port;
void control_open(void);
/* The next frame; waits for it. What is not a frame ends the VM. */
void control_take(struct frame *frame);
/* Read what is there; then 1 for each frame, 0 when there is no more. */
void control_fill(void);
int control_next(struct frame *frame);
void control_send(uint8_t type, const void *payload, size_t length);

/* order.c: what the host wants to be run. Strings live as long as the VM. */
struct order {
	char **argv, **environment;
	const char *directory, *name;
	int terminal;
	mode_t mask;
};
/* Carries out RUN_SETUP frames on the way. */
void order_receive(struct order *order);

/* setup.c: carry out a field of RUN_SETUP, or end the VM. */
void setup_field(const char *name, size_t length, const char *value);
/* mkdir -p; false with errno set. */
bool setup_directory(const char *path);

/* init.c: the root's systemd is process 1, and this one beside it, when this returns. */
void init_systemd(void);

/* network.c */
void network_loopback(void);
void network_address(const char *address);

/*
 * command.c: open the ports of the streams, before the root changes; run the command until
 * it ends, and tell the host.
 */
void command_open(void);
void command_run(const struct order *order);

#endif /* RUN_SUPERVISOR_H */
