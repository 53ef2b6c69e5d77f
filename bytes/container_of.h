/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Converts a pointer to a member to one to the structure that contains it.
 */
#ifndef BYTES_CONTAINER_OF_H
#define BYTES_CONTAINER_OF_H

#include <stddef.h>

/*
 * Return the structure of @type whose @member @pointer points to. The compiler
 * rejects a pointer to anything but the type of the member.
 */
#define container_of(pointer, type, member)                                    \
	((type *)((char *)(1 ? (pointer) : &((type *)0)->member) -             \
		  offsetof(type, member)))

#endif /* BYTES_CONTAINER_OF_H */
