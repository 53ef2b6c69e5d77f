// SPDX-License-Identifier: GPL-2.0-only
#include "root.h"

#include <string.h>

#include "order.h"

#define LOWER		"/lower"
#define UPPER		"/upper"
#define OVERLAY		"lowerdir=" LOWER ",upperdir=" UPPER "/data,workdir=" UPPER "/work"
#define OPTIONS_9P	"trans=virtio,version=9p2000.L,msize=524288"

/* What is written lies in memory, over the root, and goes with the VM. */
static void overlay(GByteArray *order)
{
	order_mount(order, "tmpfs", "tmpfs", UPPER, "rw", "mode=0755");
	order_setup(order, "directory", UPPER "/data");
	order_setup(order, "directory", UPPER "/work");
	order_mount(order, "overlay", "overlay", ROOT_TARGET, "rw", OVERLAY);
}

static void use_image(const struct root *root, struct vm *vm, GByteArray *order)
{
	g_autofree char *path = vm_escape(root->path);

	vm_add(vm, "-drive", "file=%s,format=raw,if=none,id=root%s", path, root->write ? "" : ",readonly=on");
	vm_add(vm, "-device", "virtio-blk-ccw,drive=root");
	order_setup(order, "wait", "/dev/vda");
	order_mount(order, root->type, "/dev/vda", root->write ? ROOT_TARGET : LOWER,
		    root->write ? "rw" : "ro", "");
}

static void use_directory(const struct root *root, struct vm *vm, GByteArray *order)
{
	vm_share(vm, "root", root->path, root->write ? "" : "readonly=on");
	order_mount(order, "9p", "root", root->write ? ROOT_TARGET : LOWER, root->write ? "rw" : "ro",
		    root->write ? OPTIONS_9P ",cache=mmap" : OPTIONS_9P ",cache=loose");
}

void root_use(const struct root *root, struct vm *vm, GByteArray *order)
{
	if (!strcmp(root->type, "9p"))
		use_directory(root, vm, order);
	else
		use_image(root, vm, order);
	if (!root->write)
		overlay(order);
}

const char *root_module(const struct root *root)
{
	return root->type;
}
