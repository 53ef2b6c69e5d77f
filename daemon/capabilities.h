/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this swcexd can do, for programs: swcexd --print-capabilities.
 */
#ifndef DAEMON_CAPABILITIES_H
#define DAEMON_CAPABILITIES_H

#include <argp.h>

/*
 * Print a JSON object, which swcexd(8) describes, to standard output. @version
 * is that of swcexd, and @options are those of its command line. Return 0, or
 * -errno if it was not written.
 */
int capabilities_print(const char *version, const struct argp_option *options);

#endif /* DAEMON_CAPABILITIES_H */
