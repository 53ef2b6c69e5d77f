/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of a kernel as driver/ needs to run in a test in user space, in one thread.
 *
 * Nothing is stubbed that the driver could misuse without notice: a lock that is taken twice,
 * a lock that is not held where lockdep_assert_held() wants it, a wait with a lock held, a
 * work item that outlives its queue and a reference that is lost end the test. Workers run,
 * in random order, while somebody waits and when kernel_settle() is called; time passes when
 * nothing else can.
 *
 * Every call that can fail in a kernel can be made to: see kernel_fail_at.
 */
#ifndef TESTS_KERNEL_H
#define TESTS_KERNEL_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef u64 dma_addr_t;
typedef u64 phys_addr_t;
typedef unsigned int gfp_t;

/* The test's side. */

/* How many calls that can fail were made, and which one (from 1) is to fail: 0 for none. */
extern unsigned int kernel_calls, kernel_fail_at;
/* Whether this call is to fail. */
bool kernel_fails(void);
/* What is allocated, registered, referenced or pinned; 0 when all is given back. */
extern int kernel_held;
/* Those of them that are references on pages. */
extern int kernel_pages;
/* Called while somebody waits, as other threads could run then. */
extern void (*kernel_while_waiting)(void);
/* Called while a page is pinned. */
extern void (*kernel_while_pinning)(void);
/* How late the workers are that unpin, in jiffies, and the flags of their queue. */
extern unsigned long kernel_unpin_late;
extern int kernel_unpin_flags;
/* Whether the worker could not get on now, since it needs a lock that somebody else holds. */
struct work_struct;
extern bool (*kernel_work_is_held)(const struct work_struct *work);
/* Who executes the driver: a thread of the kernel, or a process that is killed when it waits. */
extern struct kernel_task {
	unsigned int flags;
	bool killed;
} kernel_task;
#define current (&kernel_task)
#define PF_KTHREAD 1
/* Where the host has the storage of guests. */
#define KERNEL_GUEST_STORAGE (1ULL << 40)
/* Run workers until none is due within @jiffies. */
void kernel_settle(unsigned long jiffies);
/*
 * How often since the last question: uevents with AP_EVENT=@event; what begins to be another text of
 * @attribute, for poll(); lines of the log about @dev that have @text; signals of an eventfd;
 * events of the debug feature, each of its level, a space, the text and a newline.
 */
unsigned int kernel_events(const char *event);
struct device;
unsigned int kernel_notified(const struct device *dev, const char *attribute);
unsigned int kernel_logged(const struct device *dev, const char *text);
unsigned int kernel_signals(int fd);
unsigned int kernel_traced(const char *event);
/* Forget what was told to poll(), the log and the debug feature. */
void kernel_forget(void);
/* Called with each uevent. */
extern void (*kernel_on_event)(const struct device *dev, char *env[]);

/* Language */

#define __user
#define __init
#define __exit
#define __printf(a, b) __attribute__((format(printf, a, b)))
#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define READ_ONCE(x) (x)
#define WRITE_ONCE(x, value) ((x) = (value))
#define swap(a, b) do { typeof(a) was = (a); (a) = (b); (b) = was; } while (0)
#define U64_MAX UINT64_MAX
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define clamp(x, low, high) ((x) < (low) ? (low) : (x) > (high) ? (high) : (x))
#define offsetofend(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))
#define ALIGN_DOWN(x, a) ((x) & ~((typeof(x))(a) - 1))
#define PAGE_SIZE 4096ul
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define offset_in_page(p) ((p) & ~PAGE_MASK)
#define IS_ERR(p) ((uintptr_t)(p) >= (uintptr_t)-4095)
#define PTR_ERR(p) ((long)(p))
#define ERR_PTR(error) ((void *)(long)(error))

int scnprintf(char *buf, size_t size, const char *format, ...);
int sysfs_emit(char *buf, const char *format, ...);
int sysfs_emit_at(char *buf, int at, const char *format, ...);
int kstrtou8(const char *text, unsigned int base, u8 *value);
size_t str_has_prefix(const char *text, const char *prefix);
#define vscnprintf(buf, size, format, args) vsnprintf(buf, size, format, args)

/* snprintf() of the kernel, as far as "%s: %pV\n". */
struct va_format {
	const char *fmt;
	va_list *va;
};

int kernel_snprintf(char *buf, size_t size, const char *format, ...);
#define snprintf kernel_snprintf

/* Memory */

#define GFP_KERNEL 0

void *kzalloc(size_t size, gfp_t gfp);
void kfree(const void *p);
char *kstrdup(const char *text, gfp_t gfp);
#define kvmalloc(size, gfp) kzalloc(size, gfp)
#define kvfree(p) kfree(p)
unsigned long get_zeroed_page(gfp_t gfp);
void free_page(unsigned long page);

/* Lists */

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) { &(name), &(name) }

void list_add_tail(struct list_head *entry, struct list_head *head);
void list_del(struct list_head *entry);
#define list_for_each_entry_safe(at, after, head, member) \
	for ((at) = container_of((head)->next, typeof(*(at)), member); \
	     &(at)->member != (head) && \
	     ((after) = container_of((at)->member.next, typeof(*(at)), member), true); \
	     (at) = (after))
#define list_for_each_entry(at, head, member) \
	for ((at) = container_of((head)->next, typeof(*(at)), member); \
	     &(at)->member != (head); \
	     (at) = container_of((at)->member.next, typeof(*(at)), member))

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define init_llist_head(head) (*(head) = (struct llist_head){ 0 })
void llist_add(struct llist_node *node, struct llist_head *head);
struct llist_node *llist_del_all(struct llist_head *head);
#define llist_entry_or_null(node, type, member) \
	({ struct llist_node *at_ = (node); at_ ? container_of(at_, type, member) : NULL; })
#define llist_for_each_entry_safe(at, after, list, member) \
	for ((at) = llist_entry_or_null(list, typeof(*(at)), member); \
	     (at) && ((after) = llist_entry_or_null((at)->member.next, typeof(*(at)), member), true); \
	     (at) = (after))

struct xarray {
	void *entry[65536];
};

#define XARRAY_INIT(name, flags) { { 0 } }
#define XA_PRESENT 0

void *xa_load(struct xarray *xa, unsigned long index);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, int filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, int filter);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void xa_destroy(struct xarray *xa);
#define xa_for_each(xa, index, at) \
	for ((index) = 0, (at) = xa_find(xa, &(index), ULONG_MAX, XA_PRESENT); (at); \
	     (at) = xa_find_after(xa, &(index), ULONG_MAX, XA_PRESENT))

/* Locks and references */

struct mutex {
	bool held;
};

#define __MUTEX_INITIALIZER(name) { false }

void mutex_init(struct mutex *lock);
void mutex_destroy(struct mutex *lock);
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_trylock(struct mutex *lock);
#define lockdep_assert_held(lock) assert((lock)->held)

struct rw_semaphore {
	struct mutex lock;
};

#define down_write(sem) mutex_lock(&(sem)->lock)
#define up_write(sem) mutex_unlock(&(sem)->lock)

typedef struct {
	struct mutex lock;
} spinlock_t;

#define spin_lock_init(spin) mutex_init(&(spin)->lock)
#define spin_lock(spin) mutex_lock(&(spin)->lock)
#define spin_unlock(spin) mutex_unlock(&(spin)->lock)
#define spin_lock_bh(spin) spin_lock(spin)
#define spin_unlock_bh(spin) spin_unlock(spin)

typedef struct {
	int value;
} atomic_t;

#define atomic_set(a, v) ((a)->value = (v))
#define atomic_read(a) ((a)->value)
#define atomic_inc(a) ((a)->value++)
#define atomic_dec_and_test(a) (!--(a)->value)

struct kref {
	int count;
};

void kref_init(struct kref *kref);
void kref_get(struct kref *kref);
int kref_put(struct kref *kref, void (*release)(struct kref *kref));

/* Time and workers */

#define HZ 100
extern unsigned long jiffies;
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define msecs_to_jiffies(ms) ((ms) * HZ / 1000ul)
void usleep_range(unsigned long from, unsigned long to);

typedef struct {
	int unused;
} wait_queue_head_t;

/* Nothing that the driver waits for takes as long. */
#define FOR_EVER (1000 * HZ)
/* One round of what happens while somebody waits, up to the given time; false: it is over. */
bool kernel_wait(unsigned long until);
#define DECLARE_WAIT_QUEUE_HEAD(name) wait_queue_head_t name
#define wake_up_all(queue) ((void)(queue))
/* Ends the test if a lock is held. */
void kernel_may_wait(void);
#define wait_event(queue, condition) \
	do { \
		kernel_may_wait(); \
		while (!(condition)) \
			assert(kernel_wait(jiffies + FOR_EVER) || (condition)); \
	} while (0)
#define wait_event_timeout(queue, condition, timeout) \
	({ \
		unsigned long until = jiffies + (timeout); \
		while (!(condition) && kernel_wait(until)) \
			; \
		(bool)(condition); \
	})
#define wait_event_killable(queue, condition) \
	({ \
		kernel_may_wait(); \
		while (!(condition) && !kernel_task.killed) \
			assert(kernel_wait(jiffies + FOR_EVER) || kernel_task.killed || (condition)); \
		(condition) ? 0 : -EINTR; \
	})

struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct {
	work_func_t func;
	struct workqueue_struct *wq;	/* NULL: not pending */
	unsigned long due;
	struct work_struct *next;
};

struct delayed_work {
	struct work_struct work;
};

#define WQ_UNBOUND 1
#define WQ_MEM_RECLAIM 2
#define INIT_WORK(w, f) (*(w) = (struct work_struct){ .func = (f) })
#define INIT_DELAYED_WORK(w, f) INIT_WORK(&(w)->work, f)
struct workqueue_struct *alloc_workqueue(const char *name, int flags, int active);
void destroy_workqueue(struct workqueue_struct *wq);
void flush_workqueue(struct workqueue_struct *wq);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
bool cancel_work_sync(struct work_struct *work);
void flush_work(struct work_struct *work);
#define cancel_delayed_work_sync(w) cancel_work_sync(&(w)->work)

/* The s390 debug feature */

typedef struct debug_info debug_info_t;
struct debug_view {
	int unused;
};

extern struct debug_view debug_sprintf_view;
debug_info_t *debug_register(const char *name, int pages, int areas, int size);
int debug_register_view(debug_info_t *id, struct debug_view *view);
void debug_set_level(debug_info_t *id, int level);
void debug_unregister(debug_info_t *id);
__attribute__((format(printf, 3, 4)))
void debug_sprintf_event(debug_info_t *id, int level, const char *format, ...);

/* Modules and parameters */

struct module;
#define THIS_MODULE ((struct module *)NULL)
#define KBUILD_MODNAME "vfio_ap"
#define module_param(name, type, mode) _Static_assert(1, "")
#define MODULE_PARM_DESC(name, text) _Static_assert(1, "")
#define MODULE_DESCRIPTION(text) _Static_assert(1, "")
#define MODULE_LICENSE(text) _Static_assert(1, "")
#define module_init(f) int module_load(void) { return f(); }
#define module_exit(f) void module_unload(void) { f(); }
int module_load(void);
void module_unload(void);

/* The kernel that the module was built for, and the one that loads it. */
#define UTS_RELEASE "6.12.0"
struct kernel_version {
	char release[16];
};
extern struct kernel_version kernel_utsname;
#define init_utsname() (&kernel_utsname)
#define pr_err(...) kernel_log(&kernel_itself, __VA_ARGS__)

/* Counts as one more held, NULL if the call is to fail. */
void *kernel_symbol(void *symbol);
#define symbol_get(name) ((typeof(&(name)))kernel_symbol(name))
#define symbol_put(name) (kernel_held--)

/* Devices, drivers and attributes */

struct kobject {
	int unused;
};

struct bus_type {
	const char *name;
};

struct device {
	struct device *parent;
	const struct bus_type *bus;
	void (*release)(struct device *dev);
	struct kobject kobj;
	void *data;
	int references;
	bool dead;			/* no driver gets it any more */
	char name[64];
};

struct attribute {
	const char *name;
	mode_t mode;
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf,
			 size_t count);
};

struct file;
struct bin_attribute {
	struct attribute attr;
	size_t size;
	ssize_t (*read)(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			char *buf, loff_t offset, size_t size);
	void *write;
};

struct attribute_group {
	struct attribute **attrs;
	struct bin_attribute **bin_attrs;
};

#define __ATTR(n, m, s, t) { .attr = { .name = #n, .mode = (m) }, .show = (s), .store = (t) }
#define DEVICE_ATTR_RO(n) struct device_attribute dev_attr_##n = __ATTR(n, 0444, n##_show, NULL)
#define DEVICE_ATTR_RW(n) \
	struct device_attribute dev_attr_##n = __ATTR(n, 0644, n##_show, n##_store)
#define __BIN_ATTR(n, m, r, w, s) \
	{ .attr = { .name = #n, .mode = (m) }, .read = (r), .write = (w), .size = (s) }
#define ATTRIBUTE_GROUPS(n) \
	static const struct attribute_group n##_group = { .attrs = n##_attrs }; \
	static const struct attribute_group *n##_groups[] = { &n##_group, NULL }

struct device_driver {
	const char *name;
	const struct bus_type *bus;
	struct module *owner;
	const char *mod_name;
	bool suppress_bind_attrs;
	const struct attribute_group **dev_groups;
};

#define kobj_to_dev(k) container_of(k, struct device, kobj)
#define dev_name(dev) ((dev)->name)
#define dev_get_drvdata(dev) ((dev)->data)
#define dev_set_drvdata(dev, p) ((dev)->data = (p))
extern struct device kernel_itself;
void kernel_log(const struct device *dev, const char *format, ...);
#define dev_warn(dev, ...) kernel_log(dev, __VA_ARGS__)
#define dev_notice(dev, ...) kernel_log(dev, __VA_ARGS__)
#define dev_notice_ratelimited(dev, ...) kernel_log(dev, __VA_ARGS__)
int dev_set_name(struct device *dev, const char *name);
void device_initialize(struct device *dev);
int device_add(struct device *dev);
void device_unregister(struct device *dev);
void put_device(struct device *dev);
bool kill_device(struct device *dev);
struct device *root_device_register(const char *name);
void root_device_unregister(struct device *dev);
int bus_register(const struct bus_type *bus);
void bus_unregister(const struct bus_type *bus);
/* The one that is registered with the driver core. */
extern struct device_driver *kernel_driver;
int driver_register(struct device_driver *driver);
void driver_unregister(struct device_driver *driver);
/* That was created last. */
extern const struct attribute_group *kernel_group;
int sysfs_create_group(struct kobject *kobj, const struct attribute_group *group);
void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *group);
void sysfs_notify(struct kobject *kobj, const char *directory, const char *attribute);

#define KOBJ_CHANGE 0
#define UEVENT_BUFFER_SIZE 2048
int kobject_uevent_env(struct kobject *kobj, int action, char *env[]);

/* Facilities and the ap bus */

bool test_facility(int number);
bool ap_instructions_available(void);

struct ap_config_info {
	bool apxa;
	u8 na, nd;
	u32 apm[8], aqm[8], adm[8];
};

struct ap_queue_status {
	u32 queue_empty : 1;
	u32 irq_enabled : 1;
	u32 async : 1;
	u32 pad : 21;
	u32 response_code : 8;
};

union ap_qirq_ctrl {
	u64 value;
	struct {
		u64 ir : 1;
		u64 gisc : 3;
		u64 isc : 3;
		u64 gisa : 27;
	};
};

enum {
	AP_RESPONSE_NORMAL, AP_RESPONSE_Q_NOT_AVAIL, AP_RESPONSE_RESET_IN_PROGRESS,
	AP_RESPONSE_DECONFIGURED, AP_RESPONSE_CHECKSTOPPED, AP_RESPONSE_BUSY,
	AP_RESPONSE_INVALID_ADDRESS, AP_RESPONSE_OTHERWISE_CHANGED,
};

enum { AP_DEVICE_TYPE_CEX4 = 10, AP_DEVICE_TYPE_CEX5, AP_DEVICE_TYPE_CEX6, AP_DEVICE_TYPE_CEX7,
	AP_DEVICE_TYPE_CEX8 };
enum { AP_DEV_STATE_UNINITIATED, AP_DEV_STATE_OPERATING, AP_DEV_STATE_SHUTDOWN, AP_DEV_STATE_ERROR };
enum { AP_SM_STATE_RESET_START, AP_SM_STATE_IDLE };
#define AP_DEVICE_ID_MATCH_QUEUE_TYPE 2

struct ap_device {
	struct device device;
};

struct ap_queue {
	struct ap_device ap_dev;
	unsigned int qid;
	spinlock_t lock;
	bool config, chkstop;
	int dev_state, sm_state;
};

#define to_ap_queue(dev) container_of(dev, struct ap_queue, ap_dev.device)

struct ap_device_id {
	int dev_type, match_flags;
};

struct ap_driver {
	int (*probe)(struct ap_device *apdev);
	void (*remove)(struct ap_device *apdev);
	int (*in_use)(unsigned long *apm, unsigned long *aqm);
	void (*on_config_changed)(struct ap_config_info *now, struct ap_config_info *before);
	void (*on_scan_complete)(struct ap_config_info *now, struct ap_config_info *before);
	struct ap_device_id *ids;
};

extern struct mutex ap_perms_mutex;
#define AP_DEVICES 256
#define AP_DOMAINS 256
extern struct ap_perms {
	unsigned long apm[4], aqm[4];
} ap_perms;
bool bitmap_full(const unsigned long *map, unsigned int bits);
/* Whether queues have the attribute driver_override. */
extern bool kernel_has_override;
#define AP_HAS_DRIVER_OVERRIDE kernel_has_override
int ap_driver_register(struct ap_driver *driver, struct module *owner, const char *name);
void ap_driver_unregister(struct ap_driver *driver);
int ap_owned_by_def_drv(int adapter, int domain);
int ap_qci(struct ap_config_info *info);
struct ap_tapq_hwinfo {
	unsigned long value;
};

struct ap_queue_status ap_tapq(unsigned int apqn, struct ap_tapq_hwinfo *info);
struct ap_queue_status ap_test_queue(unsigned int apqn, int tbit, struct ap_tapq_hwinfo *info);
struct ap_queue_status ap_zapq(unsigned int apqn, int fbit);
void ap_queue_init_state(struct ap_queue *aq);
struct ap_queue_status ap_aqic(unsigned int apqn, union ap_qirq_ctrl control, phys_addr_t indicator);

/* KVM */

struct kvm_vcpu;
typedef int (*crypto_hook)(struct kvm_vcpu *vcpu);

struct kvm_s390_crypto {
	u32 crycbd;
	crypto_hook *pqap_hook;
	struct rw_semaphore pqap_hook_rwsem;
};

struct kvm {
	struct mutex lock;
	int users;		/* 0: it is going away */
	struct {
		struct kvm_s390_crypto crypto;
		struct {
			void *origin;
		} gisa_int;
	} arch;
};

struct kvm_run {
	struct {
		struct {
			u64 gprs[16];
		} regs;
	} s;
};

#define ECA_AIV 0x00200000

struct kvm_s390_sie_block {
	u32 eca;
};

struct kvm_vcpu {
	struct kvm *kvm;
	struct kvm_run *run;
	struct {
		struct kvm_s390_sie_block *sie_block;
		struct {
			unsigned long handle;
		} pv;
	} arch;
};

bool kvm_get_kvm_safe(struct kvm *kvm);
void kvm_put_kvm(struct kvm *kvm);
void kvm_arch_crypto_set_masks(struct kvm *kvm, unsigned long *apm, unsigned long *aqm,
			       unsigned long *adm);
void kvm_arch_crypto_clear_masks(struct kvm *kvm);
int kvm_s390_gisc_register(struct kvm *kvm, u32 gisc);
int kvm_s390_gisc_unregister(struct kvm *kvm, u32 gisc);
int uv_pin_shared(unsigned long address);
#define virt_to_phys(p) ((phys_addr_t)(uintptr_t)(p))

/* VFIO and mdev */

struct page;
#define IOMMU_READ 1
#define IOMMU_WRITE 2
/* The pages of guests and of KVM: how often they are held counts. */
void get_page(struct page *page);
void put_page(struct page *page);
#define virt_to_page(p) ((struct page *)(p))
#define page_to_phys(page) ((phys_addr_t)(uintptr_t)(page))

struct vfio_device_ops;
struct vfio_device {
	struct device *dev;
	unsigned int index;
	const struct vfio_device_ops *ops;
	struct kvm *kvm;
};

struct vfio_device_ops {
	const char *name;
	int (*init)(struct vfio_device *vdev);
	void (*release)(struct vfio_device *vdev);
	int (*open_device)(struct vfio_device *vdev);
	void (*close_device)(struct vfio_device *vdev);
	long (*ioctl)(struct vfio_device *vdev, unsigned int cmd, unsigned long arg);
	void (*dma_unmap)(struct vfio_device *vdev, u64 iova, u64 length);
	void (*request)(struct vfio_device *vdev, unsigned int count);
	int bind_iommufd, unbind_iommufd, attach_ioas, detach_ioas;
};

enum { vfio_iommufd_emulated_bind, vfio_iommufd_emulated_unbind,
	vfio_iommufd_emulated_attach_ioas, vfio_iommufd_emulated_detach_ioas };

void *kernel_vfio_alloc(size_t size, size_t member, struct device *dev,
			const struct vfio_device_ops *ops);
#define vfio_alloc_device(type, member, dev, ops) \
	((struct type *)kernel_vfio_alloc(sizeof(struct type), offsetof(struct type, member), dev, ops))
void vfio_put_device(struct vfio_device *vdev);
int vfio_register_emulated_iommu_dev(struct vfio_device *vdev);
void vfio_unregister_group_dev(struct vfio_device *vdev);
int vfio_pin_pages(struct vfio_device *vdev, dma_addr_t iova, int pages, int prot,
		   struct page **page);
void vfio_unpin_pages(struct vfio_device *vdev, dma_addr_t iova, int pages);
int vfio_set_irqs_validate_and_prepare(struct vfio_irq_set *set, int num_irqs, int max_irq_type,
				       size_t *data_size);
unsigned long copy_from_user(void *to, const void *from, unsigned long size);
unsigned long copy_to_user(void *to, const void *from, unsigned long size);

struct eventfd_ctx;
struct eventfd_ctx *eventfd_ctx_fdget(int fd);
void eventfd_ctx_put(struct eventfd_ctx *ctx);
void eventfd_signal(struct eventfd_ctx *ctx);

struct mdev_type {
	const char *sysfs_name, *pretty_name;
};

struct mdev_parent {
	int unused;
};

struct mdev_device {
	struct device dev;
};

struct mdev_driver {
	const char *device_api;
	unsigned int max_instances;
	int (*probe)(struct mdev_device *mdev);
	void (*remove)(struct mdev_device *mdev);
	struct device_driver driver;
};

int mdev_register_driver(struct mdev_driver *driver);
void mdev_unregister_driver(struct mdev_driver *driver);
int mdev_register_parent(struct mdev_parent *parent, struct device *dev, struct mdev_driver *driver,
			 struct mdev_type **types, unsigned int count);
void mdev_unregister_parent(struct mdev_parent *parent);

#endif /* TESTS_KERNEL_H */
