// SPDX-License-Identifier: GPL-2.0-only
/*
 * ap_probe: says what TAPQ and NQAP answer for an APQN
 *
 * The AP bus of Linux touches no queue that the guest was not told of. This
 * module does: write an APQN to /dev/ap-probe, as in 05.0047, then read from
 * the same open file what the instructions answered:
 *
 *	TAPQ 05.0047 rc 01 cc 3
 *	NQAP 05.0047 rc 01 cc 3
 *
 * A queue that does exist is left with a request that nobody waits for, so
 * this is for APQNs that the guest must not reach.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/ap.h>

#define MESSAGE_SIZE	64
#define LAST_PART	0x40000000UL

struct answer {
	unsigned long status;	/* GR1 */
	unsigned long cc;
};

/* @text: what was answered, under @lock */
struct probe {
	struct mutex lock;	/* one APQN at a time */
	char message[MESSAGE_SIZE];
	char text[64];
};

static struct answer tapq(unsigned long apqn)
{
	struct answer answer;

	asm volatile("	lgr	%%r0,%[apqn]\n"
		     "	lghi	%%r1,0\n"
		     "	lghi	%%r2,0\n"
		     "	.insn	rre,0xb2af0000,0,0\n"
		     "	ipm	%[cc]\n"
		     "	lgr	%[status],%%r1\n"
		     : [status] "=&d" (answer.status), [cc] "=&d" (answer.cc)
		     : [apqn] "d" (apqn)
		     : "cc", "0", "1", "2");
	answer.cc = answer.cc >> 28 & 3;
	return answer;
}

/* Condition code 2: not all of the message was taken yet. */
static struct answer nqap(unsigned long apqn, void *message, size_t length)
{
	union register_pair part = { .even = (unsigned long)message, .odd = length };
	union register_pair psmid = { .even = 0, .odd = 1 };
	struct answer answer;

	asm volatile("	lgr	%%r0,%[gr0]\n"
		     "	lghi	%%r1,0\n"
		     "0:	.insn	rre,0xb2ad0000,%[psmid],%[part]\n"
		     "	brc	2,0b\n"
		     "	ipm	%[cc]\n"
		     "	lgr	%[status],%%r1\n"
		     : [status] "=&d" (answer.status), [cc] "=&d" (answer.cc),
		       [part] "+&d" (part.pair)
		     : [gr0] "d" (apqn | LAST_PART), [psmid] "d" (psmid.pair)
		     : "cc", "memory", "0", "1");
	answer.cc = answer.cc >> 28 & 3;
	return answer;
}

static int print_answer(char *text, size_t size, const char *name, unsigned int apqn,
			struct answer answer)
{
	int length = scnprintf(text, size, "%s %02x.%04x rc %02lx cc %lu\n", name, apqn >> 8,
			       apqn & 0xff, answer.status >> 16 & 0xff, answer.cc);

	pr_info("%s", text);
	return length;
}

static void probe_queue(struct probe *probe, unsigned int apqn)
{
	char *text = probe->text;
	size_t size = sizeof(probe->text);
	int length;

	length = print_answer(text, size, "TAPQ", apqn, tapq(apqn));
	print_answer(text + length, size - length, "NQAP", apqn,
		     nqap(apqn, probe->message, sizeof(probe->message)));
}

static ssize_t probe_write(struct file *file, const char __user *buffer, size_t count,
			   loff_t *pos)
{
	struct probe *probe = file->private_data;
	unsigned int adapter, domain;
	char text[16] = "", rest;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buffer, count))
		return -EFAULT;
	if (sscanf(text, "%2x.%4x %c", &adapter, &domain, &rest) != 2 || domain > 0xff)
		return -EINVAL;

	mutex_lock(&probe->lock);
	probe_queue(probe, adapter << 8 | domain);
	mutex_unlock(&probe->lock);
	return count;
}

static ssize_t probe_read(struct file *file, char __user *buffer, size_t count, loff_t *pos)
{
	struct probe *probe = file->private_data;
	ssize_t ret;

	mutex_lock(&probe->lock);
	ret = simple_read_from_buffer(buffer, count, pos, probe->text, strlen(probe->text));
	mutex_unlock(&probe->lock);
	return ret;
}

static int probe_open(struct inode *inode, struct file *file)
{
	struct probe *probe = kzalloc(sizeof(*probe), GFP_KERNEL);

	if (!probe)
		return -ENOMEM;
	mutex_init(&probe->lock);
	file->private_data = probe;
	return 0;
}

static int probe_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations probe_fops = {
	.owner = THIS_MODULE,
	.open = probe_open,
	.release = probe_release,
	.read = probe_read,
	.write = probe_write,
};

static struct miscdevice probe_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ap-probe",
	.mode = 0600,
	.fops = &probe_fops,
};

static int __init probe_init(void)
{
	if (!ap_instructions_available()) {
		pr_err("this machine has no AP instructions\n");
		return -ENODEV;
	}
	return misc_register(&probe_dev);
}

static void __exit probe_exit(void)
{
	misc_deregister(&probe_dev);
}

module_init(probe_init);
module_exit(probe_exit);

MODULE_DESCRIPTION("Says what TAPQ and NQAP answer for an APQN");
MODULE_LICENSE("GPL");
