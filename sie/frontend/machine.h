/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine that a guest is: its kind, its CPUs and its storage. */
#ifndef FRONTEND_MACHINE_H
#define FRONTEND_MACHINE_H

#include <stdbool.h>

#include "parser.h"

/*
 * Take the argument of -machine, -accel, -cpu, -m and -smp. Each returns false with a sentence in
 * the parser.
 */
bool machine_take(struct parser *parser, const char *list);
bool machine_take_accel(struct parser *parser, const char *list);
bool machine_take_cpu(struct parser *parser, const char *list);
bool machine_take_memory(struct parser *parser, const char *list);
bool machine_take_smp(struct parser *parser, const char *list);

#endif /* FRONTEND_MACHINE_H */
