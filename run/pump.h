/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pump passes the bytes of a stream from one descriptor to another. It reads
 * only after it has passed everything that it had read before, so that a stream
 * whose receiver is slow stops. The caller polls. No call blocks if poll() has
 * reported its descriptor ready.
 */
#ifndef RUN_PUMP_H
#define RUN_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * @from and @to are descriptors, or -1 if there is none; the pump closes
 * neither. @chunk is the number of bytes that are written at once: a blocking
 * pipe accepts PIPE_BUF bytes when poll() reports that it is writable, but more
 * may block. @taken and @passed count bytes.
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

/*
 * pump_reads() and pump_writes() return the descriptors to poll: @from while
 * the pump is empty, else @to, and -1 for the other one.
 */
static inline int pump_reads(const struct pump *pump)
{
	return pump_is_empty(pump) ? pump->from : -1;
}

static inline int pump_writes(const struct pump *pump)
{
	return pump_is_empty(pump) ? -1 : pump->to;
}

/* Read once; the pump must be empty. Return false at the end of the stream. */
bool pump_in(struct pump *pump);

/*
 * Write once; the pump must not be empty. Return false if @to accepts nothing
 * any more.
 */
bool pump_out(struct pump *pump);

#endif /* RUN_PUMP_H */
