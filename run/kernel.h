/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel for the VM, and its modules. */
#ifndef RUN_KERNEL_H
#define RUN_KERNEL_H

#include <glib.h>
#include <stdbool.h>

/*
 * @modules is the directory that contains modules.dep, or NULL if there is
 * none; @release is its name. @dependencies maps the name of a module to its
 * path and those of the modules that it needs, relative to @modules. @builtin
 * contains the names of modules that are built into the image. @wishes maps the
 * name of a module to an array of the names of its soft dependencies, which are
 * those of modules.softdep. @wished contains the names of all soft
 * dependencies.
 */
struct kernel {
	char *image, *modules, *release;
	GHashTable *dependencies, *builtin, *wishes, *wished;
};

/*
 * Open the kernel @image. @modules may be NULL, lib/modules/RELEASE, or a
 * directory with exactly one of those below it, such as `make modules_install
 * INSTALL_MOD_PATH=...` fills. Return false after a complaint; kernel_close()
 * is needed in either case.
 */
bool kernel_open(struct kernel *kernel, const char *image, const char *modules);
void kernel_close(struct kernel *kernel);

/*
 * Add to @paths the path of the module @name and those of all modules that it
 * needs, each once, in the order in which they have to be loaded, together with
 * their soft dependencies as far as these exist. Nothing is added for a
 * built-in module. The paths belong to @kernel. Return false if there is no
 * such module.
 */
bool kernel_need(const struct kernel *kernel, const char *name, GPtrArray *paths);

/*
 * Return the modules that @names need, a list that ends in NULL, as an array of
 * groups, each an array of paths in the order of kernel_need(). No group needs a
 * module of another one, so groups can be loaded at the same time. The caller
 * frees the array; the paths belong to @kernel.
 */
GPtrArray *kernel_groups(const struct kernel *kernel, const char *const *names);

/*
 * Return whether the module at @path is a soft dependency, which may fail to
 * load.
 */
bool kernel_is_wish(const struct kernel *kernel, const char *path);

/*
 * Check that all modules of @names exist, a list that ends in NULL. Complain
 * about each one that is missing, name the option of the kernel's configuration
 * that builds it, and return false. This returns true for a kernel without
 * modules, as built-in ones cannot be seen then.
 */
bool kernel_check(const struct kernel *kernel, const char *const *names);

#endif /* RUN_KERNEL_H */
