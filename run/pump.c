// SPDX-License-Identifier: GPL-2.0-only
#include "pump.h"

#include <errno.h>
#include <unistd.h>

static bool may_go_on(ssize_t length)
{
	return length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR));
}

bool pump_in(struct pump *pump)
{
	ssize_t length = read(pump->from, pump->buffer, sizeof(pump->buffer));

	pump->start = 0;
	pump->end = length > 0 ? length : 0;
	pump->taken += pump->end;
	return may_go_on(length);
}

bool pump_out(struct pump *pump)
{
	size_t length = pump->end - pump->start;
	ssize_t written = write(pump->to, pump->buffer + pump->start,
				length < pump->chunk ? length : pump->chunk);

	if (written > 0) {
		pump->start += written;
		pump->passed += written;
	}
	return may_go_on(written);
}
