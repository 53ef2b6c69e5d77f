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
 * this is for APQNs that the guest must not reach. On any queue that does not
 * work just now, "05.0047 aqic GR1 GR2", in hexadecimal, has AQIC executed:
 *
 *	AQIC 05.0047 rc 00 cc 0
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
#define FUNCTION_AQIC	0x03000000UL

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

static struct answer pqap(unsigned long gr0, unsigned long gr1, unsigned long gr2)
{
	struct answer answer;

	asm volatile("	lgr	%%r0,%[gr0]\n"
		     "	lgr	%%r1,%[gr1]\n"
		     "	lgr	%%r2,%[gr2]\n"
		     "	.insn	rre,0xb2af0000,0,0\n"
		     "	ipm	%[cc]\n"
		     "	lgr	%[status],%%r1\n"
		     : [status] "=&d" (answer.status), [cc] "=&d" (answer.cc)
		     : [gr0] "d" (gr0), [gr1] "d" (gr1), [gr2] "d" (gr2)
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

	length = print_answer(text, size, "TAPQ", apqn, pqap(apqn, 0, 0));
	print_answer(text + length, size - length, "NQAP", apqn,
		     nqap(apqn, probe->message, sizeof(probe->message)));
}

static void probe_aqic(struct probe *probe, unsigned int apqn, unsigned long gr1,
		       unsigned long gr2)
{
	print_answer(probe->text, sizeof(probe->text), "AQIC", apqn,
		     pqap(FUNCTION_AQIC | apqn, gr1, gr2));
}

static ssize_t probe_write(struct file *file, const char __user *buffer, size_t count,
			   loff_t *pos)
{
	struct probe *probe = file->private_data;
	unsigned int adapter, domain, apqn;
	char text[64] = "", rest;
	unsigned long gr1, gr2;
	int words;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buffer, count))
		return -EFAULT;
	words = sscanf(text, "%2x.%4x aqic %lx %lx %c", &adapter, &domain, &gr1, &gr2, &rest);
	if (words != 4 && sscanf(text, "%2x.%4x %c", &adapter, &domain, &rest) != 2)
		return -EINVAL;
	if (domain > 0xff)
		return -EINVAL;

	apqn = adapter << 8 | domain;
	mutex_lock(&probe->lock);
	if (words == 4)
		probe_aqic(probe, apqn, gr1, gr2);
	else
		probe_queue(probe, apqn);
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
