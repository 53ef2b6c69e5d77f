/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths of the files that a run needs. In a checkout they are in build/, beside
 * the program; an installed program finds them in lib/swcex beside its bin/.
 */
#ifndef RUN_PLACE_H
#define RUN_PLACE_H

/*
 * Return the path of the file @name, which the caller frees. Return NULL after
 * a complaint.
 */
char *place_find(const char *name);

/* Return $XDG_CACHE_HOME/swcex, which the caller frees. */
char *place_cache(void);

#endif /* RUN_PLACE_H */
