// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "bytes/number.h"
#include "driver/parse.h"
#include "file.h"
#include "machine.h"
#include "names.h"

static void device_free(gpointer data)
{
	struct device *device = data;

	g_free(device->uuid);
	g_free(device->name);
	g_free(device);
}

void machine_free(struct machine *machine)
{
	g_ptr_array_unref(machine->devices);
	g_free(machine);
}

static int read_mask(const char *root, const char *name, struct ap_mask *mask)
{
	g_autofree char *text = file_read(root, AP_BUS "/%s", name);

	return text ? mask_parse(text, mask) : -errno;
}

static void saw_entry(const char *name, void *arg)
{
	struct machine *machine = arg;
	uint16_t apqn;
	uint8_t id;

	if (apqn_parse(name, &apqn))
		machine->queue[apqn].driver = DRIVER_NONE;
	else if (g_str_has_prefix(name, "card") && number_parse(name + strlen("card"), &id))
		machine->adapter[id].exists = true;
}

struct binding {
	struct machine *machine;
	enum driver driver;
};

static void saw_bound(const char *name, void *arg)
{
	struct binding *binding = arg;
	uint16_t apqn;

	if (apqn_parse(name, &apqn) && binding->machine->queue[apqn].driver != DRIVER_ABSENT)
		binding->machine->queue[apqn].driver = binding->driver;
}

/*
 * Record the queues of a driver. One directory per driver is faster to read
 * than a link per queue.
 */
static void saw_driver(const char *name, void *arg)
{
	struct machine *machine = arg;
	bool vfio = !strcmp(name, "vfio_ap");
	struct binding binding = { machine, vfio ? DRIVER_VFIO : DRIVER_HOST };

	if (vfio)
		machine->vfio_ap = true;
	file_each(machine->root, saw_bound, &binding, AP_BUS "/drivers/%s", name);
}

static void read_adapter(struct machine *machine, unsigned int id)
{
	struct adapter *adapter = &machine->adapter[id];
	const char *root = machine->root;
	g_autofree char *type = file_read(root, AP_DEVICES "/card%02x/type", id);

	g_strlcpy(adapter->type, type ? type : "", sizeof(adapter->type));
	adapter->deconfigured = !file_number(root, 1, AP_DEVICES "/card%02x/config", id);
	adapter->checkstopped = file_number(root, 0, AP_DEVICES "/card%02x/chkstop", id);
	adapter->offline = !file_number(root, 1, AP_DEVICES "/card%02x/online", id);
}

static void read_bus(struct machine *machine)
{
	const char *root = machine->root;
	unsigned int id;

	file_each(root, saw_entry, machine, AP_BUS "/devices");
	file_each(root, saw_driver, machine, AP_BUS "/drivers");
	for (id = 0; id < AP_IDS; id++)
		if (machine->adapter[id].exists)
			read_adapter(machine, id);
	machine->max_adapter = file_number(root, AP_IDS - 1, AP_BUS "/ap_max_adapter_id");
	machine->max_domain = file_number(root, AP_IDS - 1, AP_BUS "/ap_max_domain_id");
	if (read_mask(root, "ap_usage_domain_mask", &machine->usage))
		machine->usage = mask_all();
	if (read_mask(root, "ap_control_domain_mask", &machine->control))
		machine->control = mask_all();
}

/*
 * Determine whether queues have driver_override. Either all of them have it, or
 * none.
 */
static void find_overrides(struct machine *machine)
{
	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		if (machine->queue[apqn].driver == DRIVER_ABSENT)
			continue;
		machine->overrides = file_exists(machine->root,
						 AP_DEVICES "/card%02x/%02x.%04x/driver_override",
						 APQN_ADAPTER(apqn), APQN_ADAPTER(apqn),
						 APQN_DOMAIN(apqn));
		return;
	}
}

/* Read lines of control domains, such as "0004". */
static void read_domains(const char *text, struct ap_mask *domains)
{
	uint64_t id;

	while (text && number_take(&text, 16, AP_IDS - 1, &id)) {
		mask_add(domains, id);
		text += *text == '\n';
	}
}

/*
 * Read the assignment of a device. ap_config is exact; older kernels truncate
 * matrix at the end of a page.
 */
static void read_assigned(struct machine *machine, struct device *device)
{
	const char *root = machine->root;
	g_autofree char *config = file_read(root, MATRIX "/%s/ap_config", device->uuid);
	g_autofree char *text = NULL;
	g_autofree char *control = NULL;
	const char *line;
	int apqn;

	if (config && !vfio_ap_parse_config(config, &device->assigned))
		return;
	text = file_read(root, MATRIX "/%s/matrix", device->uuid);
	for (line = text; line && *line;)
		line = matrix_line(line, &device->assigned, &apqn);
	control = file_read(root, MATRIX "/%s/control_domains", device->uuid);
	read_domains(control, &device->assigned.adm);
}

static char *read_status(const struct machine *machine, unsigned int apqn)
{
	return file_read(machine->root, AP_DEVICES "/card%02x/%02x.%04x/status",
			 APQN_ADAPTER(apqn), APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
}

/*
 * Read what the guest of a device has. The status of one queue shows whether
 * the guest runs, as that has all queues that it could get, or none.
 */
static void read_guest(struct machine *machine, struct device *device)
{
	g_autofree char *text = file_read(machine->root, MATRIX "/%s/guest_matrix", device->uuid);
	g_autofree char *status = NULL;
	struct matrix unused = { 0 };
	const char *line;
	int apqn;

	for (line = text; line && *line;) {
		line = matrix_line(line, &unused, &apqn);
		if (!line || apqn < 0)
			continue;
		machine->queue[apqn].in_guest = true;
		if (!status)
			status = read_status(machine, apqn);
	}
	device->running = status && g_str_has_prefix(status, "in use");
	g_free(g_steal_pointer(&text));
	text = file_read(machine->root, MATRIX "/%s/guest_control_domains", device->uuid);
	read_domains(text, &device->guest_control);
}

static void saw_device(const char *name, void *arg)
{
	struct machine *machine = arg;
	struct device *device;
	unsigned int apqn;

	if (!uuid_is_valid(name))
		return;
	device = g_new0(struct device, 1);
	device->uuid = g_strdup(name);
	device->name = name_of(machine->root, name);
	device->staged = !file_number(machine->root, 1, MATRIX "/%s/activate", name);
	device->controls_usage = file_number(machine->root, 0, MATRIX "/%s/control_usage_domains",
					     name);
	g_ptr_array_add(machine->devices, device);
	read_assigned(machine, device);
	if (device->staged)
		return;
	read_guest(machine, device);
	matrix_for_each(apqn, &device->assigned)
		machine->queue[apqn].device = machine->devices->len;
}

static enum condition condition_of(const char *text)
{
	if (strstr(text, "quarantined"))
		return CONDITION_QUARANTINED;
	if (strstr(text, "unavailable"))
		return CONDITION_UNAVAILABLE;
	if (strstr(text, "resetting"))
		return CONDITION_RESETTING;
	return CONDITION_GOOD;
}

/*
 * Read the conditions of an adapter's queues. A queue that a guest has, or
 * would get at once, is in good condition.
 */
static void read_conditions(struct machine *machine, unsigned int adapter)
{
	g_autofree char *path = file_path(machine->root, AP_DEVICES "/card%02x", adapter);
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct queue *queue = &machine->queue[APQN(adapter, 0)];
	char name[] = "00.0000/condition";
	char text[64];

	for (unsigned int domain = 0; directory >= 0 && domain < AP_IDS; domain++, queue++) {
		if (queue->driver != DRIVER_VFIO || queue->in_guest)
			continue;
		g_snprintf(name, sizeof(name), "%02x.%04x/condition", adapter, domain);
		file_peek_at(directory, name, text, sizeof(text));
		queue->condition = condition_of(text);
	}
	if (directory >= 0)
		close(directory);
}

static void read_vfio_ap(struct machine *machine)
{
	g_autofree char *features = file_read(machine->root, MATRIX "/features");
	bool unready;

	machine->explains = features && strstr(features, "refusal");
	file_each(machine->root, saw_device, machine, MATRIX);
	unready = machine->explains && file_number(machine->root, 1, MATRIX "/unready");
	for (unsigned int id = 0; unready && id < AP_IDS; id++)
		if (machine->adapter[id].exists)
			read_conditions(machine, id);
}

struct machine *machine_read(const char *root, FILE *err)
{
	struct machine *machine;

	if (!file_exists(root, AP_BUS)) {
		fprintf(err, "apctl: %s" AP_BUS ": there is no AP bus; an s390x Linux has one when the machine has the AP instructions and the module ap is loaded\n",
			root);
		return NULL;
	}
	machine = g_new0(struct machine, 1);
	machine->root = root;
	machine->devices = g_ptr_array_new_with_free_func(device_free);
	if (read_mask(root, "apmask", &machine->apmask) ||
	    read_mask(root, "aqmask", &machine->aqmask)) {
		fprintf(err, "apctl: %s" AP_BUS "/apmask: the masks cannot be read; the kernel is older than Linux 4.20, or this is no AP bus\n",
			root);
		machine_free(machine);
		return NULL;
	}
	read_bus(machine);
	find_overrides(machine);
	read_vfio_ap(machine);
	return machine;
}

const struct device *machine_owner(const struct machine *machine, unsigned int apqn)
{
	unsigned int number = machine->queue[apqn].device;

	return number ? g_ptr_array_index(machine->devices, number - 1) : NULL;
}

const struct device *machine_device(const struct machine *machine, const char *uuid)
{
	for (unsigned int i = 0; i < machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(machine->devices, i);

		if (!g_ascii_strcasecmp(device->uuid, uuid))
			return device;
	}
	return NULL;
}

bool masks_keep(const struct ap_mask *apmask, const struct ap_mask *aqmask, unsigned int apqn)
{
	return mask_has(apmask, APQN_ADAPTER(apqn)) && mask_has(aqmask, APQN_DOMAIN(apqn));
}

/* The kernel does not allow overrides unless both masks are full. */
bool machine_uses_overrides(const struct machine *machine)
{
	if (!machine->overrides || mask_count(&machine->apmask) < AP_IDS ||
	    mask_count(&machine->aqmask) < AP_IDS)
		return false;
	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		if (machine->queue[apqn].driver == DRIVER_VFIO)
			return true;
	return false;
}
