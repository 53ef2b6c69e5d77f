/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where things are that a run needs. In a checkout they lie beside the program, in build/;
 * installed, below lib/swcex beside the program's bin/.
 */
#ifndef RUN_PLACE_H
#define RUN_PLACE_H

/* The path of what is called @name there; the caller frees it. NULL after a complaint. */
char *place_find(const char *name);

/* $XDG_CACHE_HOME/swcex; the caller frees it. */
char *place_cache(void);

#endif /* RUN_PLACE_H */
