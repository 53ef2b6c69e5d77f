// SPDX-License-Identifier: GPL-2.0-only
#include "root.h"

#include "order.h"

#define LOWER		"/lower"
#define UPPER		"/upper"
#define OVERLAY		"lowerdir=" LOWER ",upperdir=" UPPER "/data,workdir=" UPPER "/work"

void root_find(struct root *root, const char *kit)
{
	root->path = g_build_filename(kit, "root.squashfs", NULL);
	root->type = "squashfs";
}

void root_free(struct root *root)
{
	g_clear_pointer(&root->path, g_free);
}

/* What is written lies in memory, over the root, and goes with the VM. */
static void overlay(GByteArray *order)
{
	order_mount(order, "tmpfs", "tmpfs", UPPER, "rw", "mode=0755");
	order_setup(order, "directory", UPPER "/data");
	order_setup(order, "directory", UPPER "/work");
	order_mount(order, "overlay", "overlay", ROOT_TARGET, "rw", OVERLAY);
}

void root_use(const struct root *root, struct vm *vm, GByteArray *order)
{
	g_autofree char *path = vm_escape(root->path);

	vm_add(vm, "-drive", "file=%s,format=raw,if=none,id=root,readonly=on", path);
	vm_add(vm, "-device", "virtio-blk-ccw,drive=root");
	order_setup(order, "wait", "/dev/vda");
	order_mount(order, root->type, "/dev/vda", LOWER, "ro", "");
	overlay(order);
}
