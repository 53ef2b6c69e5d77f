// SPDX-License-Identifier: GPL-2.0-only
/*
 * qemu-system-s390x of the LPAR
 *
 * It makes a VM and opens its vfio-ap device in the LPAR's kernel as QEMU does.
 * Then it has the host run the guest beside the LPAR, as the VM that the
 * machine knows by its number. Console, exit status and end are those of the
 * guest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "background.h"
#include "command_line.h"
#include "kvm.h"
#include "relay.h"
#include "report.h"

static bool put_files(char *payload, size_t *length, const struct options *o)
{
	if (!field_put(payload, length, "kernel", "%s", o->kernel))
		return false;
	if (o->initrd && !field_put(payload, length, "initrd", "%s", o->initrd))
		return false;
	for (unsigned int i = 0; i < o->drives; i++) {
		if (!field_put(payload, length, "drive", "%s", o->drive[i]))
			return false;
	}
	return true;
}

static bool put_text(char *payload, size_t *length, const char *name, const char *text)
{
	return !text || !*text || field_put(payload, length, name, "%s", text);
}

/*
 * Put the parts, which the host gives the guest as the caller has described
 * them.
 */
static bool put_parts(char *payload, size_t *length, const struct options *o)
{
	for (unsigned int i = 0; i < o->parts; i++) {
		if (!field_put(payload, length, o->part[i].name, "%s", o->part[i].json))
			return false;
	}
	return put_text(payload, length, "console", o->console_id);
}

/*
 * Put the chardevs. The host does not have these; it describes them as given
 * here.
 */
static bool put_chardevs(char *payload, size_t *length, const struct options *o,
			 const struct console *console)
{
	for (unsigned int i = 0; i < o->chardevs; i++) {
		const struct chardev *c = &o->chardev[i];
		bool is_pty = !strcmp(c->port, "pty");

		if (!field_put(payload, length, "chardev", "%s=%s%s", c->id, is_pty ? "pty:" : c->port,
			       is_pty ? console->path : ""))
			return false;
	}
	return true;
}

static bool put_machine(char *payload, size_t *length, const struct options *o, uint64_t guest)
{
	bool put = *o->name ? field_put(payload, length, "name", "%s", o->name) :
			      field_put(payload, length, "name", "vm%d", getpid());

	return put && field_put(payload, length, "guest", "%llu", (unsigned long long)guest) &&
	       field_put(payload, length, "memory", "%llu", (unsigned long long)o->memory) &&
	       field_put(payload, length, "cpus", "%llu", (unsigned long long)o->cpus) &&
	       field_put(payload, length, "process", "%d", getpid()) &&
	       put_text(payload, length, "machine", o->machine) &&
	       put_text(payload, length, "cpu", o->cpu) &&
	       put_text(payload, length, "uuid", o->uuid) &&
	       put_text(payload, length, "reboot", o->ends_at_reboot ? "off" : NULL) &&
	       put_text(payload, length, "paused", o->is_paused ? "on" : NULL) &&
	       put_text(payload, length, "shutdown", o->stays_after_shutdown ? "pause" : NULL) &&
	       put_text(payload, length, "append", o->append);
}

static bool start_guest(struct relay_ends *ends, const struct options *options,
			const struct kvm *kvm)
{
	struct channel *channel = &ends->channel;
	const char *id = ends->plug.device.id;
	char payload[FRAME_MAX];
	size_t length = 0;
	uint64_t guest;

	if (!kvm_guest(kvm, &guest) || !channel_open(channel))
		return false;
	if (!put_machine(payload, &length, options, guest) ||
	    !put_files(payload, &length, options) || !put_parts(payload, &length, options) ||
	    !put_chardevs(payload, &length, options, &ends->console))
		return report("the command line is too long: a guest's options have room for %d bytes",
			      FRAME_MAX);
	frame_put(&channel->writer, FRAME_START, payload, length);
	if (options->has_device)
		frame_put(&channel->writer, FRAME_DEVICE_PLUGGED, id, strlen(id));
	return true;
}

static bool open_ports(struct relay_ends *ends, const struct options *options)
{
	return console_open(&ends->console, options->console) &&
	       port_open(&ends->hmp, options->monitor) && port_open(&ends->qmp, options->qmp);
}

/* Make a VM in the LPAR's kernel, with its device. */
static bool make_vm(struct kvm *kvm, struct plug *plug, const struct options *options)
{
	return kvm_open(kvm) && kvm_set_storage(kvm, options->memory << 20) &&
	       (!options->has_device || plug_open(plug, &options->device)) && kvm_run(kvm);
}

/* Start the machine none, which has only monitors that say what QEMU can do. */
static bool start_probe(struct channel *channel, const struct options *options)
{
	static const char tcg[] = "tcg";

	if (!channel_open(channel))
		return false;
	frame_put(&channel->writer, FRAME_PROBE, tcg, options->is_tcg ? strlen(tcg) : 0);
	return true;
}

static bool start(struct relay_ends *ends, struct kvm *kvm, const struct options *options)
{
	if (!relay_init() || (options->daemonizes && !background_enter()))
		return false;
	if (options->has_guest && !make_vm(kvm, &ends->plug, options))
		return false;
	if (!open_ports(ends, options))
		return false;
	if (options->has_guest ? !start_guest(ends, options, kvm) :
				 !start_probe(&ends->channel, options))
		return false;
	return (!options->pidfile || background_write_pid(options->pidfile)) &&
	       (!options->daemonizes || background_ready());
}

static int run(const struct options *options)
{
	static struct relay_ends ends = { .hmp = PORT_CLOSED, .qmp = PORT_CLOSED,
					   .console.in = -1, .console.out = -1,
					   .console.master = -1, .console.opened = -1 };
	static struct kvm kvm = KVM_CLOSED;
	int status = 1;

	plug_init(&ends.plug, &kvm);
	if (start(&ends, &kvm, options))
		status = relay_run(&ends);
	console_close(&ends.console);
	port_close(&ends.hmp);
	port_close(&ends.qmp);
	plug_close(&ends.plug);
	kvm_close(&kvm);
	return status;
}

int main(int argc, char *argv[])
{
	static struct options options;
	char reason[512];

	if (!command_line_read(&options, argc, argv, reason, sizeof(reason))) {
		report("%s", reason);
		return 1;
	}
	if (options.help)
		command_line_print_help(stdout);
	else if (options.version)
		puts("QEMU front end of vfio-ap; the host's QEMU runs the guest");
	else
		return run(&options);
	return 0;
}
