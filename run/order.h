/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the supervisor in the VM is told: frames of protocol.h, as bytes that wait until the
 * VM takes them.
 */
#ifndef RUN_ORDER_H
#define RUN_ORDER_H

#include <glib.h>
#include <stdint.h>

/* Append a field of RUN_SETUP. */
void order_setup(GByteArray *order, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The most frequent one: @flags is ro, rw or bind. */
void order_mount(GByteArray *order, const char *type, const char *source, const char *target,
		 const char *flags, const char *options);

/* Append a string of any length. */
void order_string(GByteArray *order, uint8_t type, const char *string);

/* Append a frame, which @payload fits into. */
void order_frame(GByteArray *order, uint8_t type, const void *payload, size_t length);

#endif /* RUN_ORDER_H */
