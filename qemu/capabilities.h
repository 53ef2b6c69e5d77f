/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this swcex.so can do, for programs: print-capabilities=on.
 */
#ifndef QEMU_CAPABILITIES_H
#define QEMU_CAPABILITIES_H

/*
 * Print a JSON object, which swcex.so(7) describes, to standard output. @version
 * is that of swcex.so, and @api that of the plugin interface. Return 0, or
 * -errno if it was not written.
 */
int capabilities_print(const char *version, int api);

#endif /* QEMU_CAPABILITIES_H */
