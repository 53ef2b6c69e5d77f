// SPDX-License-Identifier: GPL-2.0-only
#include "kernel.h"

#include "tests/unit/seeded.h"

#undef snprintf

unsigned int kernel_calls, kernel_fail_at;
int kernel_held, kernel_pages;
void (*kernel_while_waiting)(void);
void (*kernel_while_pinning)(void);

bool kernel_fails(void)
{
	return ++kernel_calls == kernel_fail_at;
}

/* What a call that can fail returns: it took something, or @error. */
static int take(int error)
{
	if (kernel_fails())
		return error;
	kernel_held++;
	return 0;
}

static void give(void)
{
	assert(kernel_held > 0);
	kernel_held--;
}

/* Language */

int scnprintf(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(buf, size, format, args);
	va_end(args);
	return length < (int)size ? length : (int)size - 1;
}

int sysfs_emit(char *buf, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(buf, PAGE_SIZE, format, args);
	va_end(args);
	return length;
}

int sysfs_emit_at(char *buf, int at, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(buf + at, PAGE_SIZE - at, format, args);
	va_end(args);
	return length;
}

/* As vsnprintf(), and knows "%s: %pV\n". */
static int format_text(char *buf, size_t size, const char *format, va_list args)
{
	const struct va_format *inner;
	char text[2 * PAGE_SIZE];
	const char *prefix;
	va_list again;

	if (strcmp(format, "%s: %pV\n"))
		return vsnprintf(buf, size, format, args);
	prefix = va_arg(args, const char *);
	inner = va_arg(args, const struct va_format *);
	va_copy(again, *inner->va);
	vsnprintf(text, sizeof(text), inner->fmt, again);
	va_end(again);
	return (snprintf)(buf, size, "%s: %s\n", prefix, text);
}

int kernel_snprintf(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = format_text(buf, size, format, args);
	va_end(args);
	return length;
}

int kstrtou8(const char *text, unsigned int base, u8 *value)
{
	unsigned long number;
	char *end;

	number = strtoul(text, &end, (int)base);
	if (end == text || strcmp(end, *end == '\n' ? "\n" : "") || *text == '-')
		return -EINVAL;
	*value = number;
	return number > 255 ? -ERANGE : 0;
}

size_t str_has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) ? 0 : strlen(prefix);
}

/* Memory */

void *kzalloc(size_t size, gfp_t gfp)
{
	(void)gfp;
	return take(-ENOMEM) ? NULL : calloc(1, size);
}

void kfree(const void *p)
{
	if (p)
		give();
	free((void *)p);
}

char *kstrdup(const char *text, gfp_t gfp)
{
	char *copy = kzalloc(strlen(text) + 1, gfp);

	return copy ? strcpy(copy, text) : NULL;
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return (unsigned long)kzalloc(PAGE_SIZE, gfp);
}

void free_page(unsigned long page)
{
	kfree((void *)page);
}

/* Lists */

void list_add_tail(struct list_head *entry, struct list_head *head)
{
	*entry = (struct list_head){ .next = head, .prev = head->prev };
	head->prev->next = entry;
	head->prev = entry;
}

void list_del(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	*entry = (struct list_head){ NULL, NULL };
}

void llist_add(struct llist_node *node, struct llist_head *head)
{
	node->next = head->first;
	head->first = node;
}

struct llist_node *llist_del_all(struct llist_head *head)
{
	struct llist_node *first = head->first;

	head->first = NULL;
	return first;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	return xa->entry[index];
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, int filter)
{
	(void)max;
	(void)filter;
	for (; *index < 65536; ++*index)
		if (xa->entry[*index])
			return xa->entry[*index];
	return NULL;
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, int filter)
{
	++*index;
	return xa_find(xa, index, max, filter);
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	(void)gfp;
	if (xa->entry[index])
		return -EBUSY;
	if (take(-ENOMEM))
		return -ENOMEM;
	xa->entry[index] = entry;
	return 0;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	void *entry = xa->entry[index];

	if (entry)
		give();
	xa->entry[index] = NULL;
	return entry;
}

void xa_destroy(struct xarray *xa)
{
	for (unsigned long i = 0; i < 65536; i++)
		assert(!xa->entry[i]);
}

/* Locks and references */

static int locks;

void mutex_init(struct mutex *lock)
{
	lock->held = false;
}

void mutex_destroy(struct mutex *lock)
{
	assert(!lock->held);
}

void mutex_lock(struct mutex *lock)
{
	assert(!lock->held);
	lock->held = true;
	locks++;
}

void mutex_unlock(struct mutex *lock)
{
	assert(lock->held);
	lock->held = false;
	locks--;
}

bool mutex_trylock(struct mutex *lock)
{
	if (lock->held)
		return false;
	mutex_lock(lock);
	return true;
}

void kref_init(struct kref *kref)
{
	kref->count = 1;
}

void kref_get(struct kref *kref)
{
	assert(kref->count > 0);
	kref->count++;
}

int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	assert(kref->count > 0);
	if (--kref->count)
		return 0;
	release(kref);
	return 1;
}

/* Time and workers */

unsigned long jiffies = 1000;

unsigned long kernel_unpin_late;
int kernel_unpin_flags;
struct kernel_task kernel_task;
bool (*kernel_work_is_held)(const struct work_struct *work);

struct workqueue_struct {
	const unsigned long *late;
};

static struct work_struct *pending;

static void work_remove(struct work_struct *work)
{
	struct work_struct **at = &pending;

	while (*at != work)
		at = &(*at)->next;
	*at = work->next;
	work->wq = NULL;
}

static bool is_held(const struct work_struct *work)
{
	return kernel_work_is_held && kernel_work_is_held(work);
}

/* Any of those that are due. */
static struct work_struct *work_due(void)
{
	struct work_struct *found = NULL;
	unsigned int count = 0;

	for (struct work_struct *work = pending; work; work = work->next)
		if (!time_after(work->due, jiffies) && !is_held(work) && !seeded_below(++count))
			found = work;
	return found;
}

static bool work_next(unsigned long *due)
{
	*due = ULONG_MAX;
	for (struct work_struct *work = pending; work; work = work->next)
		if (work->due < *due && !is_held(work))
			*due = work->due;
	return *due != ULONG_MAX;
}

static bool work_run(void)
{
	struct work_struct *work = work_due();
	int before = locks;

	if (!work)
		return false;
	work_remove(work);
	work->func(work);
	assert(locks == before);
	return true;
}

bool kernel_wait(unsigned long until)
{
	unsigned long due;

	if (kernel_while_waiting)
		kernel_while_waiting();
	if (work_run())
		return true;
	if (!work_next(&due) || time_after(due, until)) {
		jiffies = until;
		return false;
	}
	jiffies = due;
	return true;
}

void kernel_settle(unsigned long span)
{
	unsigned long until = jiffies + span;
	void (*hook)(void) = kernel_while_waiting;

	kernel_while_waiting = NULL;
	while (kernel_wait(until))
		;
	kernel_while_waiting = hook;
}

void usleep_range(unsigned long from, unsigned long to)
{
	(void)from;
	(void)to;
	jiffies++;
}

void kernel_may_wait(void)
{
	assert(!locks);
}

struct workqueue_struct *alloc_workqueue(const char *name, int flags, int active)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);

	(void)active;
	if (wq && !strcmp(name, "vfio_ap_unpin")) {
		wq->late = &kernel_unpin_late;
		kernel_unpin_flags = flags;
	}
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	for (struct work_struct *work = pending; work; work = work->next)
		assert(work->wq != wq);
	kfree(wq);
}

static bool work_of(const struct workqueue_struct *wq)
{
	for (struct work_struct *work = pending; work; work = work->next)
		if (work->wq == wq)
			return true;
	return false;
}

void flush_workqueue(struct workqueue_struct *wq)
{
	assert(!locks);
	while (work_of(wq))
		kernel_wait(jiffies + FOR_EVER);
}

static bool work_add(struct workqueue_struct *wq, struct work_struct *work, unsigned long delay)
{
	if (work->wq)
		return false;
	work->wq = wq;
	work->due = jiffies + delay;
	work->next = pending;
	pending = work;
	return true;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return work_add(wq, work, wq->late ? *wq->late : 0);
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay)
{
	return work_add(wq, &work->work, delay);
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay)
{
	bool was = cancel_work_sync(&work->work);

	work_add(wq, &work->work, delay);
	return was;
}

bool cancel_work_sync(struct work_struct *work)
{
	bool was = work->wq;

	if (was)
		work_remove(work);
	return was;
}

void flush_work(struct work_struct *work)
{
	assert(!locks);
	if (cancel_work_sync(work))
		work->func(work);
}

/* What was said, and not asked for. */
#define NOTES 1024
static struct note {
	const void *of;
	char text[160];
} logged[NOTES], notified[NOTES], traced[NOTES];
static unsigned int logged_count, notified_count, traced_count;

static unsigned int take_notes(struct note *notes, const void *of, const char *text, bool whole)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < NOTES; i++) {
		if (notes[i].of != of || !strstr(notes[i].text, text) ||
		    (whole && strcmp(notes[i].text, text)))
			continue;
		notes[i] = (struct note){ 0 };
		found++;
	}
	return found;
}

void kernel_forget(void)
{
	memset(logged, 0, sizeof(logged));
	memset(notified, 0, sizeof(notified));
	memset(traced, 0, sizeof(traced));
}

/* The s390 debug feature */

struct debug_view debug_sprintf_view;

debug_info_t *debug_register(const char *name, int pages, int areas, int size)
{
	(void)name;
	(void)areas;
	(void)size;
	return kzalloc(pages * PAGE_SIZE, GFP_KERNEL);
}

int debug_register_view(debug_info_t *id, struct debug_view *view)
{
	assert(id && view == &debug_sprintf_view);
	return 0;
}

void debug_set_level(debug_info_t *id, int level)
{
	assert(id && level);
}

void debug_unregister(debug_info_t *id)
{
	kfree(id);
}

void debug_sprintf_event(debug_info_t *id, int level, const char *format, ...)
{
	struct note *note = &traced[traced_count++ % NOTES];
	char text[128];
	va_list args;

	assert(id);
	va_start(args, format);
	assert(vsnprintf(text, sizeof(text), format, args) < (int)sizeof(text));
	va_end(args);
	note->of = &traced;
	snprintf(note->text, sizeof(note->text), "%d %s", level, text);
}

unsigned int kernel_traced(const char *event)
{
	return take_notes(traced, &traced, event, true);
}

/* Modules, devices, drivers and attributes */

struct kernel_version kernel_utsname = { UTS_RELEASE };

void *kernel_symbol(void *symbol)
{
	return take(-ENOENT) ? NULL : symbol;
}

/* Of which are the messages that are of no device. */
struct device kernel_itself = { .name = "kernel" };

void kernel_log(const struct device *dev, const char *format, ...)
{
	struct note *note = &logged[logged_count++ % NOTES];
	va_list args;

	/* A console is slow, and who waits for a lock waits for it. */
	assert(locks == ap_reservation_mutex.held);
	assert(dev);
	note->of = dev;
	va_start(args, format);
	format_text(note->text, sizeof(note->text), format, args);
	va_end(args);
}

unsigned int kernel_logged(const struct device *dev, const char *text)
{
	return take_notes(logged, dev, text, false);
}

int dev_set_name(struct device *dev, const char *name)
{
	if (kernel_fails())
		return -ENOMEM;
	strncpy(dev->name, name, sizeof(dev->name) - 1);
	return 0;
}

void device_initialize(struct device *dev)
{
	dev->references = 1;
}

int device_add(struct device *dev)
{
	(void)dev;
	return take(-EEXIST);
}

void put_device(struct device *dev)
{
	if (!--dev->references)
		dev->release(dev);
}

void device_unregister(struct device *dev)
{
	give();
	put_device(dev);
}

struct device *root_device_register(const char *name)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	(void)name;
	return dev ? dev : ERR_PTR(-ENOMEM);
}

void root_device_unregister(struct device *dev)
{
	kfree(dev);
}

int bus_register(const struct bus_type *bus)
{
	(void)bus;
	return take(-ENOMEM);
}

void bus_unregister(const struct bus_type *bus)
{
	(void)bus;
	give();
}

struct device_driver *kernel_driver;

int driver_register(struct device_driver *driver)
{
	kernel_driver = driver;
	return take(-EBUSY);
}

void driver_unregister(struct device_driver *driver)
{
	(void)driver;
	give();
}

const struct attribute_group *kernel_group;

int sysfs_create_group(struct kobject *kobj, const struct attribute_group *group)
{
	kernel_group = group;
	(void)kobj;
	(void)group;
	return take(-EEXIST);
}

void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *group)
{
	(void)kobj;
	(void)group;
	give();
}

void sysfs_notify(struct kobject *kobj, const char *directory, const char *attribute)
{
	struct note *note = &notified[notified_count++ % NOTES];

	assert(!directory);
	note->of = kobj;
	strncpy(note->text, attribute, sizeof(note->text) - 1);
}

unsigned int kernel_notified(const struct device *dev, const char *attribute)
{
	return take_notes(notified, &dev->kobj, attribute, true);
}

void (*kernel_on_event)(const struct device *dev, char *env[]);

static char events[1024][24];
static unsigned int event_count;

int kobject_uevent_env(struct kobject *kobj, int action, char *env[])
{
	assert(action == KOBJ_CHANGE && !strncmp(env[0], "AP_EVENT=", 9));
	if (kernel_on_event)
		kernel_on_event(kobj_to_dev(kobj), env);
	strncpy(events[event_count++ % 1024], env[0] + 9, sizeof(events[0]) - 1);
	return 0;
}

unsigned int kernel_events(const char *event)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < 1024; i++) {
		if (strcmp(events[i], event))
			continue;
		events[i][0] = '\0';
		found++;
	}
	return found;
}

/* VFIO and mdev */

void *kernel_vfio_alloc(size_t size, size_t member, struct device *dev,
			const struct vfio_device_ops *ops)
{
	char *object = kzalloc(size, GFP_KERNEL);
	struct vfio_device *vdev = (void *)(object + member);
	int error;

	assert(!member);
	if (!object)
		return ERR_PTR(-ENOMEM);
	vdev->dev = dev;
	vdev->ops = ops;
	error = ops->init(vdev);
	if (!error)
		return object;
	kfree(object);
	return ERR_PTR(error);
}

void vfio_put_device(struct vfio_device *vdev)
{
	vdev->ops->release(vdev);
	kfree(vdev);
}

int vfio_register_emulated_iommu_dev(struct vfio_device *vdev)
{
	(void)vdev;
	return take(-ENOMEM);
}

void vfio_unregister_group_dev(struct vfio_device *vdev)
{
	(void)vdev;
	give();
}

/* The page of an address is named by it. */
int vfio_pin_pages(struct vfio_device *vdev, dma_addr_t iova, int pages, int prot,
		   struct page **page)
{
	(void)vdev;
	(void)prot;
	assert(pages == 1 && !(iova & ~PAGE_MASK));
	if (take(-EFAULT))
		return -EFAULT;
	if (kernel_while_pinning)
		kernel_while_pinning();
	*page = (struct page *)(uintptr_t)(iova + KERNEL_GUEST_STORAGE);
	return 1;
}

void get_page(struct page *page)
{
	(void)page;
	kernel_held++;
	kernel_pages++;
}

void put_page(struct page *page)
{
	(void)page;
	kernel_held--;
	kernel_pages--;
}

void vfio_unpin_pages(struct vfio_device *vdev, dma_addr_t iova, int pages)
{
	(void)vdev;
	(void)iova;
	assert(pages == 1);
	give();
}

int vfio_set_irqs_validate_and_prepare(struct vfio_irq_set *set, int num_irqs, int max_irq_type,
				       size_t *data_size)
{
	size_t minimum = offsetof(struct vfio_irq_set, data), size = 0;

	*data_size = 0;
	if (set->argsz < minimum || set->index >= (unsigned int)max_irq_type ||
	    set->start >= (unsigned int)num_irqs || set->count > num_irqs - set->start)
		return -EINVAL;
	if ((set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) == VFIO_IRQ_SET_DATA_BOOL)
		size = 1;
	if ((set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) == VFIO_IRQ_SET_DATA_EVENTFD)
		size = sizeof(s32);
	if (size && set->argsz - minimum < set->count * size)
		return -EINVAL;
	*data_size = set->count * size;
	return 0;
}

/* User space has no pages at NULL. */
unsigned long copy_from_user(void *to, const void *from, unsigned long size)
{
	if ((uintptr_t)from < PAGE_SIZE)
		return size;
	memcpy(to, from, size);
	return 0;
}

unsigned long copy_to_user(void *to, const void *from, unsigned long size)
{
	return copy_from_user(to, from, size);
}

struct eventfd_ctx {
	int fd;
};

#define EVENTFDS 16
static unsigned int signals[EVENTFDS];

struct eventfd_ctx *eventfd_ctx_fdget(int fd)
{
	struct eventfd_ctx *ctx = fd < EVENTFDS ? kzalloc(sizeof(*ctx), GFP_KERNEL) : NULL;

	if (!ctx)
		return ERR_PTR(-EBADF);
	ctx->fd = fd;
	return ctx;
}

void eventfd_ctx_put(struct eventfd_ctx *ctx)
{
	kfree(ctx);
}

void eventfd_signal(struct eventfd_ctx *ctx)
{
	signals[ctx->fd]++;
}

unsigned int kernel_signals(int fd)
{
	unsigned int found = signals[fd];

	signals[fd] = 0;
	return found;
}

int mdev_register_driver(struct mdev_driver *driver)
{
	(void)driver;
	return take(-EBUSY);
}

void mdev_unregister_driver(struct mdev_driver *driver)
{
	(void)driver;
	give();
}

int mdev_register_parent(struct mdev_parent *parent, struct device *dev, struct mdev_driver *driver,
			 struct mdev_type **types, unsigned int count)
{
	(void)parent;
	(void)dev;
	(void)driver;
	assert(types[0]->sysfs_name && count == 1);
	return take(-ENOMEM);
}

void mdev_unregister_parent(struct mdev_parent *parent)
{
	(void)parent;
	give();
}
