// SPDX-License-Identifier: GPL-2.0-only
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "vfio.h"

/* @files: list of struct vfio_file, protected by @lock */
struct sie_vfio {
	struct sie_vm *vm;
	struct mutex lock;	/* protects files and what VFIO knows of them */
	struct list_head files;
};

struct vfio_file {
	struct list_head node;
	struct file *file;
};

static struct vfio_file *find_file(struct sie_vfio *vfio, struct file *file)
{
	struct vfio_file *entry;

	lockdep_assert_held(&vfio->lock);

	list_for_each_entry(entry, &vfio->files, node)
		if (entry->file == file)
			return entry;
	return NULL;
}

static int add_file(struct sie_vfio *vfio, struct file *file)
{
	struct vfio_file *entry;

	if (!vfio_file_is_valid(file))
		return -EINVAL;
	if (find_file(vfio, file))
		return -EEXIST;
	entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);
	if (!entry)
		return -ENOMEM;
	entry->file = get_file(file);
	list_add_tail(&entry->node, &vfio->files);
	vfio_file_set_kvm(file, &vfio->vm->kvm);
	return 0;
}

static void remove_file(struct vfio_file *entry)
{
	list_del(&entry->node);
	vfio_file_set_kvm(entry->file, NULL);
	fput(entry->file);
	kfree(entry);
}

static int del_file(struct sie_vfio *vfio, struct file *file)
{
	struct vfio_file *entry = find_file(vfio, file);

	if (!entry)
		return -ENOENT;
	remove_file(entry);
	return 0;
}

static int has_attr(const struct kvm_device_attr *attr)
{
	if (attr->group != KVM_DEV_VFIO_FILE)
		return -ENXIO;
	if (attr->attr != KVM_DEV_VFIO_FILE_ADD &&
	    attr->attr != KVM_DEV_VFIO_FILE_DEL)
		return -ENXIO;
	return 0;
}

static int set_attr(struct sie_vfio *vfio, const struct kvm_device_attr *attr)
{
	struct file *file;
	s32 fd;
	int ret;

	ret = has_attr(attr);
	if (ret)
		return ret;
	if (get_user(fd, (s32 __user *)u64_to_user_ptr(attr->addr)))
		return -EFAULT;
	file = fget(fd);
	if (!file)
		return -EBADF;

	mutex_lock(&vfio->lock);
	if (attr->attr == KVM_DEV_VFIO_FILE_ADD)
		ret = add_file(vfio, file);
	else
		ret = del_file(vfio, file);
	mutex_unlock(&vfio->lock);

	fput(file);
	return ret;
}

static long sie_vfio_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct kvm_device_attr attr;

	if (cmd != KVM_SET_DEVICE_ATTR && cmd != KVM_HAS_DEVICE_ATTR)
		return -ENOTTY;
	if (copy_from_user(&attr, (void __user *)arg, sizeof(attr)))
		return -EFAULT;
	if (cmd == KVM_HAS_DEVICE_ATTR)
		return has_attr(&attr);
	return set_attr(file->private_data, &attr);
}

static int sie_vfio_release(struct inode *inode, struct file *file)
{
	struct sie_vfio *vfio = file->private_data;
	struct sie_vm *vm = vfio->vm;
	struct vfio_file *entry, *next;

	list_for_each_entry_safe(entry, next, &vfio->files, node)
		remove_file(entry);
	kfree(vfio);

	mutex_lock(&vm->kvm.lock);
	vm->has_vfio = false;
	mutex_unlock(&vm->kvm.lock);
	kvm_put_kvm(&vm->kvm);
	return 0;
}

static const struct file_operations sie_vfio_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = sie_vfio_ioctl,
	.release = sie_vfio_release,
};

static int create_locked(struct sie_vm *vm)
{
	struct sie_vfio *vfio;
	int fd;

	lockdep_assert_held(&vm->kvm.lock);

	if (vm->has_vfio)
		return -EBUSY;
	vfio = kzalloc(sizeof(*vfio), GFP_KERNEL_ACCOUNT);
	if (!vfio)
		return -ENOMEM;
	vfio->vm = vm;
	mutex_init(&vfio->lock);
	INIT_LIST_HEAD(&vfio->files);

	kvm_get_kvm(&vm->kvm);
	fd = anon_inode_getfd("kvm-vfio", &sie_vfio_fops, vfio, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		kvm_put_kvm(&vm->kvm);
		kfree(vfio);
		return fd;
	}
	vm->has_vfio = true;
	return fd;
}

int sie_vfio_create(struct sie_vm *vm)
{
	int ret;

	mutex_lock(&vm->kvm.lock);
	ret = create_locked(vm);
	mutex_unlock(&vm->kvm.lock);
	return ret;
}
