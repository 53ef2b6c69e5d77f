/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a member to the structure that contains it.
 */
#ifndef BYTES_CONTAINER_OF_H
#define BYTES_CONTAINER_OF_H

#include <stddef.h>

/*
 * The structure of @type whose @member @pointer points to. The compiler refuses
 * a pointer to anything else than the member's type.
 */
#define container_of(pointer, type, member)                                    \
	((type *)((char *)(1 ? (pointer) : &((type *)0)->member) -             \
		  offsetof(type, member)))

#endif /* BYTES_CONTAINER_OF_H */
