/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What swcexd can still do when something in it has been taken over: files are
 * confined before there is a thread, calls of the kernel when all is open. Both
 * hold for good, and neither lets the process get a privilege by a program that
 * it executes; it cannot execute any.
 *
 * Where the kernel has neither Landlock (Linux 5.13) nor seccomp, a line in the
 * log says so, and swcexd serves without.
 *
 * Facts: landlock(7), seccomp(2), prctl(2) (PR_SET_NO_NEW_PRIVS).
 */
#ifndef DAEMON_SANDBOX_H
#define DAEMON_SANDBOX_H

/* Paths of files that are going to be used, or NULL. */
struct sandbox_files {
	const char *machine;
	const char *state;
	const char *key;
	const char *sockets[3];
};

/*
 * From now on, this thread and those that it makes reach nothing of the file
 * system but @files, what has to be made beside state and key, sockets in their
 * directories, and what the kernel tells of processes and processors. Returns 0,
 * or -errno when the reason was logged.
 */
int sandbox_confine_files(const struct sandbox_files *files);

/*
 * From now on, all threads of this process can only do what serving takes: use
 * descriptors that are open, accept connections, write the state, wait and end.
 * All other calls of the kernel fail with EPERM. Returns 0, or -errno when the
 * reason was logged.
 */
int sandbox_confine_calls(void);

#endif /* DAEMON_SANDBOX_H */
