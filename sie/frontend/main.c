// SPDX-License-Identifier: GPL-2.0-only
/*
 * qemu-system-s390x of the LPAR
 *
 * Makes a VM and opens its vfio-ap device in the LPAR's kernel as QEMU does,
 * then has the host run the guest beside the LPAR, as the VM that the machine
 * knows by its number. Console, exit status and death are the guest's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "background.h"
#include "kvm.h"
#include "options.h"
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

static bool put_machine(char *payload, size_t *length, const struct options *o, uint64_t guest)
{
	bool put = *o->name ? field_put(payload, length, "name", "%s", o->name) :
			      field_put(payload, length, "name", "vm%d", getpid());

	return put && field_put(payload, length, "guest", "%llu", (unsigned long long)guest) &&
	       field_put(payload, length, "memory", "%llu", (unsigned long long)o->memory) &&
	       field_put(payload, length, "cpus", "%llu", (unsigned long long)o->cpus) &&
	       (!o->ends_at_reboot || field_put(payload, length, "reboot", "off")) &&
	       (!o->append || field_put(payload, length, "append", "%s", o->append));
}

static bool start_guest(struct channel *channel, const struct options *options,
			const struct kvm *kvm)
{
	char payload[FRAME_MAX];
	size_t length = 0;
	uint64_t guest;

	if (!kvm_guest(kvm, &guest) || !channel_open(channel))
		return false;
	if (!put_machine(payload, &length, options, guest) ||
	    !put_files(payload, &length, options))
		return report("the command line is too long: a guest's options have room for %d bytes",
			      FRAME_MAX);
	frame_put(&channel->writer, FRAME_START, payload, length);
	return true;
}

static bool open_ports(struct relay_ends *ends, const struct options *options)
{
	ends->has_console = options->has_console;
	return port_open(&ends->hmp, options->monitor) && port_open(&ends->qmp, options->qmp);
}

/* A VM in the LPAR's kernel, with its device. */
static bool make_vm(struct kvm *kvm, struct plug *plug, const struct options *options)
{
	return kvm_open(kvm) && kvm_set_storage(kvm, options->memory << 20) &&
	       (!options->has_device || plug_open(plug, &options->device)) && kvm_run(kvm);
}

/* The machine none has nothing but monitors, which say what QEMU can do. */
static bool start_probe(struct channel *channel)
{
	if (!channel_open(channel))
		return false;
	frame_put(&channel->writer, FRAME_PROBE, NULL, 0);
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
	if (options->has_guest ? !start_guest(&ends->channel, options, kvm) :
				 !start_probe(&ends->channel))
		return false;
	return (!options->pidfile || background_write_pid(options->pidfile)) &&
	       (!options->daemonizes || background_ready());
}

static int run(const struct options *options)
{
	static struct relay_ends ends = { .hmp = PORT_CLOSED, .qmp = PORT_CLOSED };
	static struct kvm kvm = KVM_CLOSED;
	int status = 1;

	plug_init(&ends.plug, &kvm);
	if (start(&ends, &kvm, options))
		status = relay_run(&ends);
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

	if (!options_parse(&options, argc, argv, reason, sizeof(reason))) {
		report("%s", reason);
		return 1;
	}
	if (options.help)
		options_print(stdout);
	else if (options.version)
		puts("QEMU front end of vfio-ap; the host's QEMU runs the guest");
	else
		return run(&options);
	return 0;
}
