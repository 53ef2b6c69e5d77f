// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "journal.h"
#include "vm_name.h"

static void note(void *context, const struct cex_event *event)
{
	struct journal *journal = context;
	const uint64_t one = 1;

	pthread_mutex_lock(&journal->lock);
	if (journal->count < LOG_PERIOD_LINES)
		journal->events[journal->count++] = *event;
	else
		journal->left_out++;
	pthread_mutex_unlock(&journal->lock);
	/* A count that cannot grow any more is not read yet, and will be. */
	if (write(journal->source.fd, &one, sizeof(one)) != sizeof(one))
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
	}
}

static void write_out(struct journal *journal)
{
	struct cex_event events[LOG_PERIOD_LINES];
	unsigned int count, left_out;

	pthread_mutex_lock(&journal->lock);
	count = journal->count;
	left_out = journal->left_out;
	memcpy(events, journal->events, count * sizeof(events[0]));
	journal->count = journal->left_out = 0;
	pthread_mutex_unlock(&journal->lock);
	for (unsigned int i = 0; i < count; i++)
		log_event(&events[i]);
	log_vm_left_out(left_out);
}

static void something_noted(struct source *source)
{
	uint64_t count;

	if (read(source->fd, &count, sizeof(count)) == sizeof(count))
		write_out(container_of(source, struct journal, source));
}

bool journal_open(struct journal *journal, struct loop *loop,
		  struct cex_machine *machine)
{
	*journal = (struct journal){
		.source = { eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			    something_noted },
		.machine = machine,
	};
	if (journal->source.fd < 0) {
		log_line(LOG_ERROR, "eventfd: %s", strerror(errno));
		return false;
	}
	if (!loop_add(loop, &journal->source, EPOLLIN)) {
		close(journal->source.fd);
		return false;
	}
	pthread_mutex_init(&journal->lock, NULL);
	cex_observe(machine, note, journal);
	return true;
}

void journal_close(struct journal *journal)
{
	cex_observe(journal->machine, NULL, NULL);
	write_out(journal);
	pthread_mutex_destroy(&journal->lock);
	close(journal->source.fd);
}
