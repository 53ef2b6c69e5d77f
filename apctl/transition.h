/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of steps that is carried out completely or not at all: if a step
 * fails, those before it are undone in reverse order.
 */
#ifndef APCTL_TRANSITION_H
#define APCTL_TRANSITION_H

#include "share.h"

struct transition;

/*
 * @machine and the shares of transition_share() have to live as long as the
 * transition.
 */
struct transition *transition_new(const struct machine *machine);
void transition_free(struct transition *transition);

void transition_start(struct transition *transition, const char *uuid, const struct matrix *matrix);
void transition_stop(struct transition *transition, const char *uuid, const struct matrix *matrix);
void transition_change(struct transition *transition, const char *uuid,
		       const struct matrix *from, const struct matrix *to);
void transition_share(struct transition *transition, const struct share *from,
		      const struct share *to);
/*
 * Add a step that writes @text to a file; NULL removes it. No step is added if
 * the file has this text already.
 */
void transition_file(struct transition *transition, const char *path, const char *text);

unsigned int transition_length(const struct transition *transition);

/*
 * Carry out all steps. Return 0, or the -errno of the step that failed after a
 * message on @err.
 */
int transition_run(struct transition *transition, FILE *err);

#endif
