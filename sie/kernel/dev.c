// SPDX-License-Identifier: GPL-2.0-only
/*
 * sie: stands in for KVM where there is no SIE
 *
 * /dev/kvm with the part of KVM's interface that joins a VM and its VFIO files.
 * VMs made here have neither a vCPU nor storage that a guest would see: another
 * QEMU, outside of the LPAR, runs the guest, and the machine restricts its
 * access by the masks that this module passes on. The one instruction of a
 * guest that KVM would have to handle, AQIC, comes from there.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "abi/lpar.h"
#include "sie/sie.h"
#include "intercept.h"
#include "machine.h"
#include "vfio.h"
#include "vm.h"

static long check_extension(unsigned long extension)
{
	switch (extension) {
	case KVM_CAP_DEVICE_CTRL:
	case KVM_CAP_USER_MEMORY:
	case KVM_CAP_CHECK_EXTENSION_VM:
		return 1;
	default:
		return 0;
	}
}

static int create_device(struct sie_vm *vm, struct kvm_create_device __user *arg)
{
	struct kvm_create_device device;
	int fd;

	if (copy_from_user(&device, arg, sizeof(device)))
		return -EFAULT;
	if (device.type != KVM_DEV_TYPE_VFIO)
		return -ENODEV;
	if (device.flags & ~KVM_CREATE_DEVICE_TEST)
		return -EINVAL;
	if (device.flags & KVM_CREATE_DEVICE_TEST)
		return 0;
	fd = sie_vfio_create(vm);
	if (fd < 0)
		return fd;
	return put_user(fd, &arg->fd);
}

static int get_guest(struct sie_vm *vm, u64 __user *arg)
{
	bool known;

	mutex_lock(&vm->kvm.lock);
	known = vm->known;
	mutex_unlock(&vm->kvm.lock);
	if (!known)
		return -ESTALE;
	return put_user(vm->guest, arg);
}

static int set_storage(struct sie_vm *vm, void __user *arg)
{
	struct kvm_userspace_memory_region region;

	if (copy_from_user(&region, arg, sizeof(region)))
		return -EFAULT;
	return sie_vm_set_storage(vm, &region);
}

static int hold_lock(struct sie_vm *vm, struct sie_hold __user *arg)
{
	int ret;
	u32 ms;

	if (get_user(ms, &arg->ms))
		return -EFAULT;
	if (mutex_lock_killable(&vm->kvm.lock))
		return -EINTR;
	ret = put_user(1, &arg->held);
	if (!ret && schedule_timeout_interruptible(msecs_to_jiffies(ms)))
		ret = -EINTR;
	mutex_unlock(&vm->kvm.lock);
	return ret;
}

static long vm_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct sie_vm *vm = file->private_data;

	switch (cmd) {
	case KVM_CHECK_EXTENSION:
		return check_extension(arg);
	case KVM_CREATE_DEVICE:
		return create_device(vm, (void __user *)arg);
	case KVM_SET_USER_MEMORY_REGION:
		return set_storage(vm, (void __user *)arg);
	case SIE_RUN:
		return sie_intercept_run(vm);
	case SIE_HOLD:
		return hold_lock(vm, (struct sie_hold __user *)arg);
	case SIE_GET_GUEST:
		return get_guest(vm, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

static int vm_release(struct inode *inode, struct file *file)
{
	struct sie_vm *vm = file->private_data;

	kvm_put_kvm(&vm->kvm);
	return 0;
}

static const struct file_operations vm_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = vm_ioctl,
	.release = vm_release,
};

static long create_vm(unsigned long type)
{
	struct sie_vm *vm;
	int fd;

	if (type)
		return -EINVAL;
	vm = sie_vm_create();
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	fd = anon_inode_getfd("kvm-vm", &vm_fops, vm, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		kvm_put_kvm(&vm->kvm);
	return fd;
}

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case KVM_GET_API_VERSION:
		return arg ? -EINVAL : KVM_API_VERSION;
	case KVM_CHECK_EXTENSION:
		return check_extension(arg);
	case KVM_CREATE_VM:
		return create_vm(arg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations dev_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = dev_ioctl,
};

static struct miscdevice dev = {
	.minor = KVM_MINOR,
	.name = "kvm",
	.fops = &dev_fops,
};

/* Check the machine, and log one line with the reason if it cannot be used. */
static int check_machine(void)
{
	unsigned long version;
	int ret = machine_query(&version);

	if (ret == -EOPNOTSUPP)
		pr_err("this machine has no LPAR calls (DIAG 0x%x): start its QEMU with -plugin swcex.so,link=SOCKET\n",
		       LPAR_DIAG);
	else if (ret == -ENODEV)
		pr_err("this VM is not the LPAR of a swcexd: start its QEMU with -plugin swcex.so,link=SOCKET\n");
	else if (ret)
		pr_err("the machine refused to tell its version of LPAR calls: error %d\n", ret);
	else if (version != LPAR_VERSION)
		pr_err("the machine has version %lu of the LPAR calls, this module needs %d: build both from one source\n",
		       version, LPAR_VERSION);
	else
		return 0;
	return -ENODEV;
}

static int __init sie_module_init(void)
{
	int ret = check_machine();

	if (ret)
		return ret;
	ret = sie_intercept_init();
	if (ret)
		return ret;
	ret = misc_register(&dev);
	if (ret)
		sie_intercept_exit();
	return ret;
}

static void __exit sie_module_exit(void)
{
	misc_deregister(&dev);
	sie_intercept_exit();
}

module_init(sie_module_init);
module_exit(sie_module_exit);

MODULE_DESCRIPTION("Stands in for KVM where there is no SIE");
MODULE_LICENSE("GPL");
