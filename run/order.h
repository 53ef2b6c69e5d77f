/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to the supervisor in the VM: frames of protocol.h as bytes that wait
 * until the VM accepts them.
 */
#ifndef RUN_ORDER_H
#define RUN_ORDER_H

#include <glib.h>
#include <stdint.h>

/* Append a field of RUN_SETUP. */
void order_setup(GByteArray *order, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Append a field "mount" of RUN_SETUP; @flags is ro, rw or bind. */
void order_mount(GByteArray *order, const char *type, const char *source, const char *target,
		 const char *flags, const char *options);

/* Append a string of any length, in several frames if need be. */
void order_string(GByteArray *order, uint8_t type, const char *string);

/* Append a frame. The payload has to fit into one. */
void order_frame(GByteArray *order, uint8_t type, const void *payload, size_t length);

#endif /* RUN_ORDER_H */
