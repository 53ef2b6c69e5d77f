/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of swcexd's control socket, see daemon/control.h.
 */
#ifndef SWCEX_ASK_H
#define SWCEX_ASK_H

#define ASK_PATIENCE_SECONDS	30
#define ASK_ANSWER_MAX		(64u << 20)	/* bytes, three times the longest */

/*
 * Give the command of @argc words to the swcexd whose control socket is @path.
 * Returns what followed the line "ok", which the caller frees; or NULL, and
 * the reason is told on standard error in the name of @program. The whole
 * answer has to be there within ASK_PATIENCE_SECONDS, and have no more than
 * ASK_ANSWER_MAX bytes, whoever serves the socket.
 */
char *ask_daemon(const char *program, const char *path, int argc,
		 char *const *argv);

#endif /* SWCEX_ASK_H */
