# SPDX-License-Identifier: GPL-2.0-only
#
# A guest to which a device was attached while it ran keeps it when it reboots.
# shellcheck shell=bash disable=SC2154

# Attached to a guest that runs, which is then paused, resumed and rebooted
define_device 1 5 4
start_domain
hostdev 1 >hostdev.xml
does attach-device $domain hostdev.xml --current
does suspend $domain
does resume $domain
looks_again 05.0004
reboots libvirt
comes_to_see 1 05.0004

# Detached, attached, and rebooted
does detach-device $domain hostdev.xml --current
settles $queues/05.0004/status assigned
does attach-device $domain hostdev.xml --current
reboots libvirt
comes_to_see 1 05.0004

# Shut down, started, attached
does shutdown $domain
comes_to 'shut off'
settles $queues/05.0004/status assigned
does start $domain
boots 1
does attach-device $domain hostdev.xml --current
looks_again 05.0004
check "$domain computes" in_guest 1 rsa --bits 1024 05.0004
end_domain
undefine_device 1
