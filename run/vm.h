/* SPDX-License-Identifier: GPL-2.0-only */
/* The QEMU of a run. */
#ifndef RUN_VM_H
#define RUN_VM_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* What is said with the VM, each by a socket of its own. */
enum vm_end { VM_CONTROL, VM_STDIN, VM_STDOUT, VM_STDERR, VM_CONSOLE, VM_ENDS };

struct vm {
	pid_t qemu;
	int fd[VM_ENDS];	/* none of them blocks; -1 when closed */
	int door[VM_ENDS];	/* where the QEMU that somebody else starts connects; -1: none */
	GPtrArray *argv;
};

void vm_init(struct vm *vm, const char *qemu);

/* The same for a VM whose QEMU somebody else starts: @argv is what that gets beside its own. */
void vm_init_foreign(struct vm *vm);

/* Add an option of QEMU and its value. */
void vm_add(struct vm *vm, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A path as a part of an option of QEMU, where a comma is doubled; the caller frees it. */
char *vm_escape(const char *path);

/* Share a directory under a tag; @more are options, such as "readonly=on". */
void vm_share(struct vm *vm, const char *tag, const char *path, const char *more);

/*
 * Start it, with its standard error in the file @log. Returns false after a complaint.
 */
bool vm_start(struct vm *vm, const char *log);

/*
 * Let the QEMU that somebody else starts connect its ends, but for the console, to sockets whose
 * paths begin with @path. Returns false after a complaint.
 */
bool vm_listen(struct vm *vm, const char *path);

/* It has come to the door of @end. */
void vm_admit(struct vm *vm, enum vm_end end);

void vm_end(struct vm *vm);

#endif /* RUN_VM_H */
