/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of apd's control socket, see control.h.
 */
#ifndef SWCEX_ASK_H
#define SWCEX_ASK_H

#define ASK_PATIENCE_SECONDS	30

/*
 * Give the command of @argc words to the apd whose control socket is @path.
 * Returns what followed the line "ok", which the caller frees; or NULL, and
 * the reason is told on standard error in the name of @program. One reason is
 * that apd has said nothing for ASK_PATIENCE_SECONDS.
 */
char *apd_ask(const char *program, const char *path, int argc,
	      char *const *argv);

#endif /* SWCEX_ASK_H */
