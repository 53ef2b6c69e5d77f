// SPDX-License-Identifier: GPL-2.0-only
#include "model.h"

#include "driver/matrix_dev.h"
#include "driver/sysfs.h"
#include "driver/tables.h"
#include "driver/type.h"

#define APQNS	(AP_IDS * AP_IDS)

struct model_machine model;
struct mutex ap_perms_mutex;
struct ap_perms ap_perms;
bool kernel_has_override;

static struct model_queue queues[APQNS];
static struct model_guest *guests[8];
static struct ap_driver *ap_driver;

/* The worker that changes the guest's APCB waits for kvm->lock. */
static bool work_is_held(const struct work_struct *work)
{
	for (int i = 0; i < 8; i++)
		if (guests[i] && guests[i]->locked && &guests[i]->mdev->refresh_work == work)
			return true;
	return false;
}

void model_reset(void)
{
	kernel_work_is_held = work_is_held;
	memset(queues, 0, sizeof(queues));
	model = (struct model_machine){ .has_ap = true, .has_qci = true, .has_apft = true, .apxa = true };
	mask_add(&model.host.apm, 5);
	mask_add(&model.host.apm, 6);
	for (unsigned int domain = 4; domain < 8; domain++)
		mask_add(&model.host.aqm, domain);
	model.host.adm = model.host.aqm;
	model.shared_pages = true;
}

struct model_queue *model_queue(unsigned int apqn)
{
	return &queues[apqn];
}

/* The hardware */

static void reset_pass(struct model_queue *q)
{
	if (!q->resetting || time_before(jiffies, q->reset_end))
		return;
	q->resetting = false;
	q->dirty = false;
	q->interrupts = false;
}

static struct ap_queue_status status_of(struct model_queue *q)
{
	struct ap_queue_status status = {
		.queue_empty = !q->dirty,
		.irq_enabled = q->interrupts,
		.response_code = q->fault,
	};

	if (!q->fault && q->resetting)
		status.response_code = AP_RESPONSE_RESET_IN_PROGRESS;
	return status;
}

static struct ap_queue_status look_at(unsigned int apqn)
{
	reset_pass(&queues[apqn]);
	return status_of(&queues[apqn]);
}

struct ap_queue_status ap_tapq(unsigned int apqn, struct ap_tapq_hwinfo *info)
{
	struct ap_queue_status status = look_at(apqn);

	if (info)
		info->value = (uint32_t)queues[apqn].hwinfo;
	if (queues[apqn].silent) {
		status.response_code = queues[apqn].silent;
		status.irq_enabled = false;
		status.async = queues[apqn].silent != AP_RESPONSE_BUSY;
	}
	if (model.after_tapq)
		model.after_tapq();
	return status;
}

/* Facilities are in the left half of what is stored. */
struct ap_queue_status ap_test_queue(unsigned int apqn, int tbit, struct ap_tapq_hwinfo *info)
{
	struct ap_queue_status status = ap_tapq(apqn, info);

	assert(!tbit || model.has_apft);
	if (tbit)
		info->value = queues[apqn].hwinfo;
	return status;
}

struct ap_queue_status ap_zapq(unsigned int apqn, int fbit)
{
	struct ap_queue_status status = look_at(apqn);
	struct model_queue *q = &queues[apqn];

	(void)fbit;
	q->zapqs++;
	if (status.response_code)
		return status;
	q->resetting = true;
	q->reset_end = jiffies + q->reset_time;
	return status;
}

struct ap_queue_status ap_aqic(unsigned int apqn, union ap_qirq_ctrl control, phys_addr_t indicator)
{
	struct ap_queue_status status = look_at(apqn);
	struct model_queue *q = &queues[apqn];

	if (status.response_code)
		return status;
	assert(!control.ir || indicator);
	if (control.ir && q->interrupts) {
		status.response_code = AP_RESPONSE_OTHERWISE_CHANGED;
		return status;
	}
	q->interrupts = control.ir || q->deaf;
	if (control.ir)
		q->indicator = indicator;
	return status;
}

bool test_facility(int number)
{
	switch (number) {
	case 12:
		return model.has_qci;
	case 15:
		return model.has_apft;
	default:
		return true;
	}
}

bool ap_instructions_available(void)
{
	return model.has_ap;
}

static void configuration(struct ap_config_info *info, const struct matrix *host)
{
	*info = (struct ap_config_info){ .apxa = model.apxa, .na = 255, .nd = 255 };
	memcpy(info->apm, &host->apm, sizeof(info->apm));
	memcpy(info->aqm, &host->aqm, sizeof(info->aqm));
	memcpy(info->adm, &host->adm, sizeof(info->adm));
}

int ap_qci(struct ap_config_info *info)
{
	configuration(info, &model.host);
	if (model.after_qci && ap_driver)
		model.after_qci();
	return model.qci_fails ? -EOPNOTSUPP : 0;
}

/* The ap bus */

int ap_driver_register(struct ap_driver *driver, struct module *owner, const char *name)
{
	(void)owner;
	(void)name;
	if (kernel_fails())
		return -EBUSY;
	ap_driver = driver;
	kernel_held++;
	return 0;
}

void ap_driver_unregister(struct ap_driver *driver)
{
	assert(driver == ap_driver);
	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		if (queues[apqn].there)
			model_unbind(apqn);
	ap_driver = NULL;
	kernel_held--;
}

int ap_owned_by_def_drv(int adapter, int domain)
{
	assert(ap_perms_mutex.held && !vfio_ap_tables.lock.held);
	model.reservations_asked++;
	return matrix_has(&model.reserved, APQN(adapter, domain));
}

bool bitmap_full(const unsigned long *map, unsigned int bits)
{
	while (bits && map[bits / 64 - 1] == ~0UL)
		bits -= 64;
	return !bits;
}

bool kill_device(struct device *dev)
{
	bool killed = !dev->dead;

	dev->dead = true;
	return killed;
}

void ap_queue_init_state(struct ap_queue *aq)
{
	aq->sm_state = AP_SM_STATE_IDLE;
}

int model_bind(unsigned int apqn)
{
	struct model_queue *q = &queues[apqn];
	int error;

	if (q->aq.ap_dev.device.dead)
		return -ENODEV;
	memset(&q->aq, 0, sizeof(q->aq));
	q->aq.qid = apqn;
	q->aq.config = true;
	q->aq.dev_state = AP_DEV_STATE_OPERATING;
	q->aq.sm_state = q->neglected ? AP_SM_STATE_RESET_START : AP_SM_STATE_IDLE;
	q->dirty = true;
	error = ap_driver->probe(&q->aq.ap_dev);
	q->there = !error;
	return error;
}

void model_unbind(unsigned int apqn)
{
	ap_driver->remove(&queues[apqn].aq.ap_dev);
	queues[apqn].there = false;
}

void model_look(unsigned int apqn)
{
	struct model_queue *q = &queues[apqn];

	if (q->fault == AP_RESPONSE_DECONFIGURED && q->aq.config) {
		q->aq.config = false;
		q->aq.dev_state = AP_DEV_STATE_ERROR;
	} else if (!q->fault && !q->aq.config) {
		q->aq.config = true;
		q->aq.dev_state = AP_DEV_STATE_OPERATING;
		q->dirty = false;
		q->interrupts = true;
		q->indicator = MODEL_HOST_INDICATOR;
	}
}

int model_reserve(const struct matrix *wanted)
{
	struct matrix copy = *wanted;
	int error;

	mutex_lock(&ap_perms_mutex);
	error = ap_driver->in_use((unsigned long *)&copy.apm, (unsigned long *)&copy.aqm);
	if (!error)
		model.reserved = copy;
	mutex_unlock(&ap_perms_mutex);
	return error;
}

void model_scan(const struct matrix *host, void (*bind)(unsigned int apqn),
		void (*unbind)(unsigned int apqn))
{
	struct matrix had = model.host, has = *host;
	struct ap_config_info before, now;
	unsigned int apqn;

	configuration(&before, &had);
	configuration(&now, &has);
	model.host = has;
	ap_driver->on_config_changed(&now, &before);
	matrix_for_each(apqn, &had)
		if (!matrix_has(&has, apqn)) {
			unbind(apqn);
			queues[apqn].aq.ap_dev.device.dead = false;
		}
	matrix_for_each(apqn, &has)
		if (!matrix_has(&had, apqn) && !matrix_has(&model.reserved, apqn))
			bind(apqn);
	ap_driver->on_scan_complete(&now, &before);
}

/* Mediated devices */

struct matrix_mdev *model_create(unsigned int number, int *error)
{
	struct mdev_device *mdev = calloc(1, sizeof(*mdev));

	sprintf(mdev->dev.name, "device-%u", number);
	*error = vfio_ap_type_driver.probe(mdev);
	if (!*error)
		return dev_get_drvdata(&mdev->dev);
	free(mdev);
	return NULL;
}

void model_remove(struct matrix_mdev *m)
{
	struct mdev_device *mdev = container_of(m->vdev.dev, struct mdev_device, dev);

	vfio_ap_type_driver.remove(mdev);
	free(mdev);
}

static struct device_attribute *attribute_of(const struct attribute_group *group, const char *name)
{
	struct attribute **attrs = group->attrs;

	while (strcmp((*attrs)->name, name))
		attrs++;
	return container_of(*attrs, struct device_attribute, attr);
}

int model_write(struct matrix_mdev *m, const char *attribute, const char *text)
{
	struct device_attribute *attr = attribute_of(vfio_ap_sysfs_groups[0], attribute);
	ssize_t written = attr->store(m->vdev.dev, attr, text, strlen(text));

	return written < 0 ? (int)written : 0;
}

static const char *show(struct device *dev, struct device_attribute *attr)
{
	static char text[PAGE_SIZE + 1];

	memset(text, 0, sizeof(text));
	attr->show(dev, attr, text);
	return text;
}

/* NULL: it is none of these. */
static struct bin_attribute *text_of(const char *name)
{
	struct bin_attribute **attrs = vfio_ap_sysfs_groups[0]->bin_attrs;

	while (*attrs && strcmp((*attrs)->attr.name, name))
		attrs++;
	return *attrs;
}

static const char *read_text(struct matrix_mdev *m, struct bin_attribute *attr)
{
	static char text[PAGE_SIZE + 1];

	memset(text, 0, sizeof(text));
	attr->read(NULL, &m->vdev.dev->kobj, attr, text, 0, PAGE_SIZE);
	return text;
}

const char *model_show(struct matrix_mdev *m, const char *attribute)
{
	struct bin_attribute *text = text_of(attribute);

	if (text)
		return read_text(m, text);
	return show(m->vdev.dev, attribute_of(vfio_ap_sysfs_groups[0], attribute));
}

const char *model_show_parent(const char *attribute)
{
	return show(&vfio_ap_matrix_dev->device,
		    attribute_of(kernel_driver->dev_groups[0], attribute));
}

const char *model_show_queue(unsigned int apqn, const char *attribute)
{
	return show(&queues[apqn].aq.ap_dev.device, attribute_of(kernel_group, attribute));
}

/* Guests */

static struct model_guest *to_guest(struct kvm *kvm)
{
	return container_of(kvm, struct model_guest, kvm);
}

struct model_guest *model_guest_new(void)
{
	struct model_guest *guest = calloc(1, sizeof(*guest));
	int at = 0;

	guest->kvm.users = 1;
	guest->kvm.arch.crypto.crycbd = 1;
	guest->sie_block.eca = ECA_AIV;
	guest->vcpu = (struct kvm_vcpu){ .kvm = &guest->kvm, .run = &guest->run };
	guest->vcpu.arch.sie_block = &guest->sie_block;
	while (guests[at])
		at++;
	guests[at] = guest;
	return guest;
}

void model_guest_free(struct model_guest *guest)
{
	int at = 0;

	assert(guest->kvm.users == 1 && !guest->kvm.arch.crypto.pqap_hook);
	while (guests[at] != guest)
		at++;
	guests[at] = NULL;
	free(guest);
}

bool kvm_get_kvm_safe(struct kvm *kvm)
{
	if (kernel_fails() || !kvm->users)
		return false;
	kvm->users++;
	kernel_held++;
	return true;
}

void kvm_put_kvm(struct kvm *kvm)
{
	kvm->users--;
	kernel_held--;
}

static void check_new(const struct model_guest *guest, const struct matrix *apcb, unsigned int apqn)
{
	for (int i = 0; i < 8; i++)
		assert(!guests[i] || guests[i] == guest || !matrix_has(&guests[i]->apcb, apqn));
	if (matrix_has(&guest->apcb, apqn))
		return;
	reset_pass(&queues[apqn]);
	assert(matrix_has(apcb, apqn) && queues[apqn].there);
	assert(matrix_has(&guest->mdev->matrix, apqn));
	assert(!queues[apqn].dirty && !queues[apqn].resetting);
}

static void put_in_force(struct kvm *kvm, const struct matrix *apcb)
{
	unsigned int apqn;

	lockdep_assert_held(&kvm->lock);
	assert(!to_guest(kvm)->locked);
	matrix_for_each(apqn, apcb)
		check_new(to_guest(kvm), apcb, apqn);
	to_guest(kvm)->apcb = *apcb;
	to_guest(kvm)->changes++;
}

void kvm_arch_crypto_set_masks(struct kvm *kvm, unsigned long *apm, unsigned long *aqm,
			       unsigned long *adm)
{
	struct matrix apcb;

	memcpy(&apcb.apm, apm, sizeof(apcb.apm));
	memcpy(&apcb.aqm, aqm, sizeof(apcb.aqm));
	memcpy(&apcb.adm, adm, sizeof(apcb.adm));
	put_in_force(kvm, &apcb);
}

void kvm_arch_crypto_clear_masks(struct kvm *kvm)
{
	const struct matrix nothing = { 0 };

	put_in_force(kvm, &nothing);
}

int kvm_s390_gisc_register(struct kvm *kvm, u32 gisc)
{
	(void)kvm;
	(void)gisc;
	if (kernel_fails())
		return -ENODEV;
	kernel_held++;
	return 3;
}

int kvm_s390_gisc_unregister(struct kvm *kvm, u32 gisc)
{
	(void)kvm;
	(void)gisc;
	kernel_held--;
	return 0;
}

int uv_pin_shared(unsigned long address)
{
	assert(address >= KERNEL_GUEST_STORAGE);
	return model.shared_pages ? 0 : -EINVAL;
}

int model_open(struct matrix_mdev *m, struct model_guest *guest)
{
	m->vdev.kvm = guest ? &guest->kvm : NULL;
	if (guest && !guest->kvm.arch.crypto.pqap_hook)
		guest->mdev = m;
	return m->vdev.ops->open_device(&m->vdev);
}

void model_close(struct matrix_mdev *m)
{
	m->vdev.ops->close_device(&m->vdev);
}

void model_use(struct model_guest *guest)
{
	unsigned int apqn;

	matrix_for_each(apqn, &guest->apcb) {
		reset_pass(&queues[apqn]);
		if (!queues[apqn].resetting && !queues[apqn].fault)
			queues[apqn].dirty = true;
	}
}

int model_aqic(struct model_guest *guest, unsigned int apqn, bool enable, u64 indicator)
{
	u64 *gprs = guest->run.s.regs.gprs;
	struct ap_queue_status status;
	int error;

	gprs[0] = apqn;
	gprs[1] = (u64)enable << (63 - 16);
	gprs[2] = indicator;
	error = (*guest->kvm.arch.crypto.pqap_hook)(&guest->vcpu);
	if (error)
		return error;
	memcpy(&status, &gprs[1], sizeof(status));
	return status.response_code;
}
