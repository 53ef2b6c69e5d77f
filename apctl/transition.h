/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of steps that are done all or not at all: when one fails, those before
 * it are taken back in the opposite order.
 */
#ifndef APCTL_TRANSITION_H
#define APCTL_TRANSITION_H

#include "share.h"

struct transition;

/* @machine and the shares of transition_share() have to stay. */
struct transition *transition_new(const struct machine *machine);
void transition_free(struct transition *transition);

void transition_start(struct transition *transition, const char *uuid, const struct matrix *matrix);
void transition_stop(struct transition *transition, const char *uuid, const struct matrix *matrix);
void transition_change(struct transition *transition, const char *uuid,
		       const struct matrix *from, const struct matrix *to);
void transition_share(struct transition *transition, const struct share *from,
		      const struct share *to);
/* The file gets this text; NULL removes it. One that has it already is left alone. */
void transition_file(struct transition *transition, const char *path, const char *text);

unsigned int transition_length(const struct transition *transition);

/* Returns 0, or the -errno of the step that failed after a sentence to @err. */
int transition_run(struct transition *transition, FILE *err);

#endif
