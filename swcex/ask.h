/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Client of swcexd's control socket, see daemon/control.h.
 */
#ifndef SWCEX_ASK_H
#define SWCEX_ASK_H

#define ASK_PATIENCE_SECONDS	30
#define ASK_ANSWER_MAX		(64u << 20)	/* bytes, three times the longest */

/*
 * Send the command of @argc words to the swcexd whose control socket is @path.
 * Return what follows the line "ok" of the answer, which the caller frees; or
 * NULL, after writing the reason to standard error in the name of @program. The
 * whole answer must arrive within ASK_PATIENCE_SECONDS, and have at most
 * ASK_ANSWER_MAX bytes, whatever program serves the socket.
 */
char *ask_daemon(const char *program, const char *path, int argc,
		 char *const *argv);

#endif /* SWCEX_ASK_H */
