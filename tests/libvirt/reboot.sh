# SPDX-License-Identifier: GPL-2.0-only
#
# A guest that reboots keeps its device, whoever reboots it, however often.
# shellcheck shell=bash disable=SC2154

define_device 1 5 4
start_domain "$(hostdev 1)"
comes_to_see 1 05.0004
for how in libvirt itself libvirt itself; do
	reboots $how
	shows $queues/05.0004/status 'in use'
	comes_to_see 1 05.0004
done
check "$domain computes" in_guest 1 rsa --bits 1024 05.0004
end_domain
undefine_device 1
