/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pump passes the bytes of a stream from one descriptor to another. It reads only when it
 * has passed all that it read before, so that a stream which nobody takes stands still.
 * The caller polls; no call waits if it is made for what poll() has announced.
 */
#ifndef RUN_PUMP_H
#define RUN_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * @from and @to are descriptors, -1 when there is none; the pump closes neither. @chunk: how
 * many bytes are written at once. A pipe that blocks takes PIPE_BUF bytes when poll() says
 * that it can be written to, and more may wait. @taken and @passed count bytes.
 */
struct pump {
	int from, to;
	size_t chunk;
	uint64_t taken, passed;
	size_t start, end;
	uint8_t buffer[65536];
};

static inline bool pump_is_empty(const struct pump *pump)
{
	return pump->start == pump->end;
}

/* What to poll for: @from while the pump is empty, else @to; -1 for the other one. */
static inline int pump_reads(const struct pump *pump)
{
	return pump_is_empty(pump) ? pump->from : -1;
}

static inline int pump_writes(const struct pump *pump)
{
	return pump_is_empty(pump) ? -1 : pump->to;
}

/* Read once, when the pump is empty. Returns false at the end of what @from gives. */
bool pump_in(struct pump *pump);

/* Write once, when it is not. Returns false when @to takes no more. */
bool pump_out(struct pump *pump);

#endif /* RUN_PUMP_H */
