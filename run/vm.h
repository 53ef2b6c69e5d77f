/* SPDX-License-Identifier: GPL-2.0-only */
/* The QEMU of a run. */
#ifndef RUN_VM_H
#define RUN_VM_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* The connections to the VM; each is a socket of its own. */
enum vm_end { VM_CONTROL, VM_STDIN, VM_STDOUT, VM_STDERR, VM_CONSOLE, VM_ENDS };

struct vm {
	pid_t qemu;
	int fd[VM_ENDS];	/* non-blocking; -1 when closed */
	int door[VM_ENDS];	/* listens for a foreign QEMU; -1: does not */
	GPtrArray *argv;
};

void vm_init(struct vm *vm, const char *qemu);

/*
 * Initialize a VM with a foreign QEMU, that is, one that another program
 * starts. @argv collects the arguments for that QEMU in addition to its own.
 */
void vm_init_foreign(struct vm *vm);

/* Add an option of QEMU and its value. */
void vm_add(struct vm *vm, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Return a path as part of an option of QEMU, where commas are doubled. The
 * caller frees it.
 */
char *vm_escape(const char *path);

/*
 * Share the directory @path under @tag. @more are further options, such as
 * "readonly=on".
 */
void vm_share(struct vm *vm, const char *tag, const char *path, const char *more);

/*
 * Start QEMU, with its standard error in the file @log. Return false after a
 * complaint.
 */
bool vm_start(struct vm *vm, const char *log);

/*
 * Let the foreign QEMU connect its ends, except the console, to sockets whose
 * paths begin with @path. Return false after a complaint.
 */
bool vm_listen(struct vm *vm, const char *path);

/* Accept the connection of the foreign QEMU to @end. */
void vm_admit(struct vm *vm, enum vm_end end);

void vm_end(struct vm *vm);

#endif /* RUN_VM_H */
