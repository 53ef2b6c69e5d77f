#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A call-out of mdevctl(8), which starts it in
# /usr/lib/mdevctl/scripts.d/callouts. udev's rules have no PATH with sbin.
exec /usr/sbin/apctl callout "$@"
