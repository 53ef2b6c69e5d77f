// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attributes of a mediated device. docs/ABI/testing describes each.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "apcb.h"
#include "assign.h"
#include "mdev.h"
#include "parse.h"
#include "registry.h"
#include "sysfs.h"

/* How much of the input a refusal repeats. */
#define ECHO_LENGTH 48

static struct matrix_mdev *to_matrix_mdev(struct device *dev)
{
	return dev_get_drvdata(dev);
}

static void request_begin(struct matrix_mdev *m, const struct device_attribute *attr,
			  const char *buf, size_t count)
{
	while (count && buf[count - 1] == '\n')
		count--;
	vfio_ap_refusal_begin(&m->refusal, "%s %*pE", attr->attr.name,
			      (int)min_t(size_t, count, ECHO_LENGTH), buf);
}

static int request_unreadable(struct matrix_mdev *m, int rc, unsigned int max)
{
	struct refusal *refusal = &m->refusal;

	if (rc == -ENODEV)
		vfio_ap_refusal_add(refusal, "the machine has numbers up to %u (0x%x) only",
				    max, max);
	else if (rc)
		vfio_ap_refusal_add(refusal, "not numbers or ranges such as 4-6,0x47,+7,-5");
	return rc;
}

typedef int (*request_fn)(struct matrix_mdev *m, struct device_attribute *attr,
			  const char *buf, size_t count);

/*
 * The request is carried out under the lock, and the guest is updated after its
 * release.
 */
static ssize_t carry_out(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count, request_fn request)
{
	struct matrix_mdev *m = to_matrix_mdev(dev);
	char *refusal;
	int rc;

	mutex_lock(&m->lock);
	rc = request(m, attr, buf, count);
	refusal = vfio_ap_refusal_copy(&m->refusal);
	mutex_unlock(&m->lock);
	vfio_ap_refusal_log(dev, refusal);
	if (rc)
		return rc;
	vfio_ap_apcb_settle(m);
	return count;
}

/* The three masks, as the names of the attributes call them. */
struct mask_attribute {
	struct device_attribute attr;
	size_t mask;			/* offset in struct matrix */
	unsigned int (*largest)(void);
	bool assign;
};

static struct ap_mask *matrix_mask(struct matrix *matrix, const struct mask_attribute *attr)
{
	return (void *)matrix + attr->mask;
}

static int mask_request(struct matrix_mdev *m, struct device_attribute *dev_attr,
			const char *buf, size_t count)
{
	const struct mask_attribute *attr = container_of(dev_attr, struct mask_attribute, attr);
	struct matrix next = m->matrix;
	struct ap_mask *mask = matrix_mask(&next, attr);
	unsigned int max = attr->largest();
	struct mask_edit edit;
	int rc;

	request_begin(m, dev_attr, buf, count);
	rc = request_unreadable(m, vfio_ap_parse_ids(buf, max, attr->assign, &edit), max);
	if (rc)
		return rc;
	*mask = mask_andnot(mask, &edit.del);
	*mask = mask_or(mask, &edit.add);
	return vfio_ap_assign(m, &next);
}

static ssize_t mask_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	return carry_out(dev, attr, buf, count, mask_request);
}

#define MASK_ATTR(_name, _mask, _max, _assign)				\
	static struct mask_attribute attr_##_name = {			\
		.attr = __ATTR(_name, 0200, NULL, mask_store),		\
		.mask = offsetof(struct matrix, _mask),			\
		.largest = vfio_ap_registry_##_max,					\
		.assign = _assign,					\
	}

MASK_ATTR(assign_adapter, apm, max_adapter, true);
MASK_ATTR(unassign_adapter, apm, max_adapter, false);
MASK_ATTR(assign_domain, aqm, max_domain, true);
MASK_ATTR(unassign_domain, aqm, max_domain, false);
MASK_ATTR(assign_control_domain, adm, max_domain, true);
MASK_ATTR(unassign_control_domain, adm, max_domain, false);

static int config_request(struct matrix_mdev *m, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct matrix next;

	request_begin(m, attr, buf, count);
	if (!vfio_ap_parse_config(buf, &next))
		return vfio_ap_assign(m, &next);
	vfio_ap_refusal_add(&m->refusal,
			    "not three masks of 1 to 64 hexadecimal digits, with commas");
	return -EINVAL;
}

static ssize_t ap_config_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	return carry_out(dev, attr, buf, count, config_request);
}

static int mask_emit(char *buf, int at, const struct ap_mask *mask, char end)
{
	return sysfs_emit_at(buf, at, "0x%016llx%016llx%016llx%016llx%c", mask->word[0],
			     mask->word[1], mask->word[2], mask->word[3], end);
}

static ssize_t ap_config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct matrix matrix = vfio_ap_registry_read(&to_matrix_mdev(dev)->matrix);
	int at = 0;

	at += mask_emit(buf, at, &matrix.apm, ',');
	at += mask_emit(buf, at, &matrix.aqm, ',');
	at += mask_emit(buf, at, &matrix.adm, '\n');
	return at;
}
static DEVICE_ATTR_RW(ap_config);

static ssize_t domains_emit(char *buf, const struct ap_mask *mask)
{
	unsigned int domain;
	int at = 0;

	mask_for_each(domain, mask)
		at += sysfs_emit_at(buf, at, "%04x\n", domain);
	return at;
}

static ssize_t control_domains_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct matrix matrix = vfio_ap_registry_read(&to_matrix_mdev(dev)->matrix);

	return domains_emit(buf, &matrix.adm);
}
static DEVICE_ATTR_RO(control_domains);

static ssize_t guest_control_domains_show(struct device *dev, struct device_attribute *attr,
					  char *buf)
{
	struct matrix apcb = vfio_ap_registry_read(&to_matrix_mdev(dev)->apcb);

	return domains_emit(buf, &apcb.adm);
}
static DEVICE_ATTR_RO(guest_control_domains);

static ssize_t activate_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_matrix_mdev(dev)->active));
}

/* Parse 0 or 1. Return 0, or -EINVAL after a refusal. */
static int switch_request(struct matrix_mdev *m, const struct device_attribute *attr,
			  const char *buf, size_t count, u8 *on)
{
	request_begin(m, attr, buf, count);
	if (!kstrtou8(buf, 0, on) && *on <= 1)
		return 0;
	vfio_ap_refusal_add(&m->refusal, "neither 0 nor 1");
	return -EINVAL;
}

static int activate_request(struct matrix_mdev *m, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	u8 active;
	int rc = switch_request(m, attr, buf, count, &active);

	return rc ? rc : vfio_ap_activate(m, active);
}

static ssize_t activate_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	return carry_out(dev, attr, buf, count, activate_request);
}
static DEVICE_ATTR_RW(activate);

static ssize_t control_usage_domains_show(struct device *dev, struct device_attribute *attr,
					  char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_matrix_mdev(dev)->control_usage));
}

static int control_usage_domains_request(struct matrix_mdev *m, struct device_attribute *attr,
					 const char *buf, size_t count)
{
	u8 control;
	int rc = switch_request(m, attr, buf, count, &control);

	if (!rc)
		vfio_ap_registry_control_usage(m, control);
	return rc;
}

static ssize_t control_usage_domains_store(struct device *dev, struct device_attribute *attr,
					   const char *buf, size_t count)
{
	return carry_out(dev, attr, buf, count, control_usage_domains_request);
}
static DEVICE_ATTR_RW(control_usage_domains);

static ssize_t refusal_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct matrix_mdev *m = to_matrix_mdev(dev);
	ssize_t length;

	mutex_lock(&m->lock);
	length = vfio_ap_refusal_emit(&m->refusal, buf, 0);
	mutex_unlock(&m->lock);
	return length;
}
static DEVICE_ATTR_RO(refusal);

/*
 * These are binary attributes only to the kernel, which lets the text have any
 * length.
 */
static ssize_t matrix_read_text(struct file *file, struct kobject *kobj,
				BIN_ATTR_CONST struct bin_attribute *attr,
				char *buf, loff_t offset, size_t size)
{
	struct matrix claimed = vfio_ap_registry_claimed(to_matrix_mdev(kobj_to_dev(kobj)));

	return vfio_ap_matrix_text(&claimed, buf, offset, size);
}
static BIN_ATTR_CONST struct bin_attribute bin_attr_matrix =
	__BIN_ATTR(matrix, 0444, matrix_read_text, NULL, 0);

static ssize_t guest_matrix_read_text(struct file *file, struct kobject *kobj,
				      BIN_ATTR_CONST struct bin_attribute *attr,
				      char *buf, loff_t offset, size_t size)
{
	struct matrix apcb = vfio_ap_registry_read(&to_matrix_mdev(kobj_to_dev(kobj))->apcb);

	return vfio_ap_matrix_text(&apcb, buf, offset, size);
}
static BIN_ATTR_CONST struct bin_attribute bin_attr_guest_matrix =
	__BIN_ATTR(guest_matrix, 0444, guest_matrix_read_text, NULL, 0);

static struct attribute *matrix_mdev_attrs[] = {
	&attr_assign_adapter.attr.attr,
	&attr_unassign_adapter.attr.attr,
	&attr_assign_domain.attr.attr,
	&attr_unassign_domain.attr.attr,
	&attr_assign_control_domain.attr.attr,
	&attr_unassign_control_domain.attr.attr,
	&dev_attr_ap_config.attr,
	&dev_attr_control_domains.attr,
	&dev_attr_guest_control_domains.attr,
	&dev_attr_control_usage_domains.attr,
	&dev_attr_activate.attr,
	&dev_attr_refusal.attr,
	NULL,
};

static BIN_ATTR_CONST struct bin_attribute *BIN_ATTR_CONST matrix_mdev_bin_attrs[] = {
	&bin_attr_matrix,
	&bin_attr_guest_matrix,
	NULL,
};

static const struct attribute_group matrix_mdev_attr_group = {
	.attrs = matrix_mdev_attrs,
	.bin_attrs = matrix_mdev_bin_attrs,
};

const struct attribute_group *vfio_ap_sysfs_groups[] = {
	&matrix_mdev_attr_group,
	NULL,
};
