/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sandbox limits what swcexd can do should an attacker take control of it.
 * Files are confined before there is any thread, system calls when everything
 * is open. Both limits are permanent. Neither lets the process gain privileges
 * by executing a program, and it cannot execute any.
 *
 * Where the kernel has no Landlock (Linux 5.13) or no seccomp, a line in the
 * log says so, and swcexd serves without it.
 *
 * Facts: landlock(7), seccomp(2), prctl(2) (PR_SET_NO_NEW_PRIVS).
 */
#ifndef DAEMON_SANDBOX_H
#define DAEMON_SANDBOX_H

/* Paths of the files that swcexd uses; NULL for those that it does not. */
struct sandbox_files {
	const char *machine;
	const char *state;
	const char *key;
	const char *sockets[3];
};

/*
 * Confine this thread, and all threads that it creates afterwards, to these
 * parts of the file system: @files, the files that are created beside state and
 * key, sockets in their directories, and what the kernel reports about
 * processes and processors. Return 0, or -errno after the reason has been
 * logged.
 */
int sandbox_confine_files(const struct sandbox_files *files);

/*
 * Confine all threads of this process to what serving takes: to use open
 * descriptors, accept connections, write the state, wait and exit. All other
 * system calls fail with EPERM from then on. Return 0, or -errno after the
 * reason has been logged.
 */
int sandbox_confine_calls(void);

#endif /* DAEMON_SANDBOX_H */
