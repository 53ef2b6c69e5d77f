# SPDX-License-Identifier: GPL-2.0-only
#
# A device is changed while a guest has it: adapters and domains come and go, one kind or both. libvirt does
# that by nodedev-update where it has it (since 10.1), and else an administrator does.
# shellcheck shell=bash disable=SC2154

# each ATTRIBUTE LIST: writes each number of the list, which commas part.
each() { for id in ${2//,/ }; do takes "$(mdev 1)/$1" "$id"; done; }

# becomes ADAPTERS DOMAINS QUEUES: the device is changed, and the guest sees that.
adapters='' domains=''
becomes()
{
	if has nodedev-update; then
		node_device 1 "$1" "$2" | sed "s,<device>,&<name>$name</name>," >device.xml
		does nodedev-update "$name" device.xml --live
	else
		each unassign_adapter "$adapters"
		each unassign_domain "$domains"
		each assign_adapter "$1"
		each assign_domain "$2"
	fi
	adapters=$1 domains=$2
	shows "$(mdev 1)/guest_matrix" "$3"
	comes_to_see 1 "$3"
}

define_device 1 '' ''
start_domain
hostdev 1 >hostdev.xml
does attach-device $domain hostdev.xml --live
becomes 5 4 05.0004
becomes 5,6 4 '05.0004 06.0004'
becomes 5 4 05.0004
becomes 5 4,6 '05.0004 05.0006'
check "$domain computes" in_guest 1 rsa --bits 1024 05.0004 05.0006
becomes 5 4 05.0004
becomes '' '' ''
becomes 5,6 4,6 '05.0004 05.0006 06.0004 06.0006'
end_domain
undefine_device 1
