/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel for the VM, and its modules. */
#ifndef RUN_KERNEL_H
#define RUN_KERNEL_H

#include <glib.h>
#include <stdbool.h>

/*
 * @modules is the directory that has modules.dep, NULL when there is none. @release is its
 * name. @dependencies: by a module's name, its path and those of the modules that it needs,
 * relative to @modules. @builtin: the names of those that the image has. @wishes: by a
 * module's name, an array of the names of those that it asks for when it is loaded, as
 * modules.softdep has them. @wished: the names of all of these.
 */
struct kernel {
	char *image, *modules, *release;
	GHashTable *dependencies, *builtin, *wishes, *wished;
};

/*
 * @modules may be NULL, lib/modules/RELEASE, or a directory with exactly one of those below
 * it, as `make modules_install INSTALL_MOD_PATH=...` fills it. Returns false after a complaint.
 */
bool kernel_open(struct kernel *kernel, const char *image, const char *modules);
void kernel_close(struct kernel *kernel);

/*
 * Add to @paths those of the module @name and all that it needs, in the order in which they
 * have to be loaded, each once; and those that one of these wishes for, if they are there. Nothing is added for what is built in. Returns false if there
 * is no such module.
 */
bool kernel_need(const struct kernel *kernel, const char *name, GPtrArray *paths);

/* Is the module with this path one that is wished for, and may fail to load? */
bool kernel_is_wish(const struct kernel *kernel, const char *path);

/*
 * Are all @names there, a list that ends in NULL? If not, complains of each, with the option
 * of the kernel's configuration that makes it. A kernel without modules is not asked: what it
 * has built in is not to be seen.
 */
bool kernel_check(const struct kernel *kernel, const char *const *names);

#endif /* RUN_KERNEL_H */
