// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "event_log.h"
#include "vm_name.h"

static void note(void *context, const struct cex_event *event)
{
	struct event_log *log = context;
	const uint64_t one = 1;

	pthread_mutex_lock(&log->lock);
	if (log->count < LOG_PERIOD_LINES)
		log->events[log->count++] = *event;
	else
		log->left_out++;
	pthread_mutex_unlock(&log->lock);
	/*
	 * A full counter has not been read yet, so the loop will be woken
	 * anyway.
	 */
	if (write(log->source.fd, &one, sizeof(one)) != sizeof(one))
		return;
}

static void log_event(const struct cex_event *event)
{
	struct vm_name vm = vm_name(event->vm), other = vm_name(event->other);
	unsigned int adapter = AP_ADAPTER(event->apqn);
	unsigned int domain = AP_DOMAIN(event->apqn);

	switch (event->kind) {
	case CEX_DIRTY_HANDOVER:
		log_vm(LOG_WARNING, "dirty handover: %s reached %02x.%04x, which was not zeroized since %s used it",
		       vm.text, adapter, domain, other.text);
		break;
	case CEX_MASTER_KEYS_CHANGED:
		log_vm(LOG_INFO, "%s: changed master keys of %02x.%04x",
		       vm.text, adapter, domain);
		break;
	case CEX_ADAPTER_CONFIGURED:
		log_vm(LOG_INFO, "%s: configured %02x", vm.text, adapter);
		break;
	case CEX_ADAPTER_DECONFIGURED:
		log_vm(LOG_INFO, "%s: deconfigured %02x", vm.text, adapter);
		break;
	case CEX_VERB_UNKNOWN:
		log_vm(LOG_INFO, "%s: %02x.%04x does not serve %s; bytes of its parts: %s",
		       vm.text, adapter, domain, event->verb.name,
		       event->verb.parts);
		break;
	}
}

static void write_out(struct event_log *log)
{
	struct cex_event events[LOG_PERIOD_LINES];
	unsigned int count, left_out;

	pthread_mutex_lock(&log->lock);
	count = log->count;
	left_out = log->left_out;
	memcpy(events, log->events, count * sizeof(events[0]));
	log->count = log->left_out = 0;
	pthread_mutex_unlock(&log->lock);
	for (unsigned int i = 0; i < count; i++)
		log_event(&events[i]);
	log_vm_left_out(left_out);
}

static void something_noted(struct source *source)
{
	uint64_t count;

	if (read(source->fd, &count, sizeof(count)) == sizeof(count))
		write_out(container_of(source, struct event_log, source));
}

int event_log_open(struct event_log *log, struct loop *loop,
		   struct cex_machine *machine)
{
	int error;

	*log = (struct event_log){
		.source = { eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			    something_noted },
		.machine = machine,
	};
	if (log->source.fd < 0) {
		error = -errno;
		log_line(LOG_ERROR, "eventfd: %s", strerror(-error));
		return error;
	}
	error = loop_add(loop, &log->source, EPOLLIN);
	if (error) {
		close(log->source.fd);
		return error;
	}
	pthread_mutex_init(&log->lock, NULL);
	cex_observe(machine, note, log);
	return 0;
}

void event_log_close(struct event_log *log)
{
	cex_observe(log->machine, NULL, NULL);
	write_out(log);
	pthread_mutex_destroy(&log->lock);
	close(log->source.fd);
}
