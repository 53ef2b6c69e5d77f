# SPDX-License-Identifier: GPL-2.0-only
#
# What is built for this machine is hardened as Debian builds; static/hardening looks at it.

# Every compiler knows the first ones.
HARDENING_ANYWHERE := -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
HARDENING := $(HARDENING_ANYWHERE) $(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
LDFLAGS := -Wl,-z,relro,-z,now
