/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine of a guest: its type, its CPUs and its storage. */
#ifndef FRONTEND_MACHINE_H
#define FRONTEND_MACHINE_H

#include <stdbool.h>

#include "parser.h"

/*
 * Process the argument of -machine, -accel, -cpu, -m or -smp. Each function
 * returns false with a sentence in the parser if it refuses the argument.
 */
bool machine_take(struct parser *parser, const char *list);
bool machine_take_accel(struct parser *parser, const char *list);
bool machine_take_cpu(struct parser *parser, const char *list);
bool machine_take_memory(struct parser *parser, const char *list);
bool machine_take_smp(struct parser *parser, const char *list);

#endif /* FRONTEND_MACHINE_H */
