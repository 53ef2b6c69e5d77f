// SPDX-License-Identifier: GPL-2.0-only
#include "measurement.h"

#include <errno.h>

#include "vm.h"

void measurement_count(struct queue *queue, int counter, uint64_t time)
{
	if (counter < 0)
		return;
	queue->counter[counter].requests++;
	queue->counter[counter].time += time;
}

static void add(struct ap_measurement *sum, const struct queue *queue)
{
	sum->type = adapter_hardware_type(queue->adapter);
	sum->mode = queue->adapter->firmware->mode;
	sum->counters = queue->adapter->firmware->counters;
	for (unsigned int i = 0; i < AP_COUNTERS; i++) {
		sum->counter[i].requests += queue->counter[i].requests;
		sum->counter[i].time += queue->counter[i].time;
	}
}

int measurement_read(struct cex_machine *machine, uint16_t apqn, bool whole,
		     struct ap_measurement *measurement)
{
	unsigned int first = whole ? 0 : AP_DOMAIN(apqn);
	unsigned int last = whole ? AP_DOMAINS - 1 : AP_DOMAIN(apqn);

	*measurement = (struct ap_measurement){ 0 };
	for (unsigned int domain = first; domain <= last; domain++) {
		struct queue *queue = vm_queue(machine->lpar,
					       AP_APQN(AP_ADAPTER(apqn), domain));

		if (queue)
			add(measurement, queue);
	}
	return measurement->counters ? 0 : -ENODEV;
}
