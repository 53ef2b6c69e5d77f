# SPDX-License-Identifier: GPL-2.0-only
#
# Single queues are given to vfio_ap by driver_override, while the masks have
# their default values; the advice of a refusal is followed literally.
#
# kernel: 7
# timeout: 240
# shellcheck shell=bash

load_driver
create 1
one=$(mdev 1)

# advised: does what the last refusal of $one advises for 05.0004.
advised()
{
	local path
	path=$(sed -n 's/^.*: 05\.0004: .*write vfio_ap to \([^ ]*\) .*/\1/p' "$one/refusal")
	[[ -n $path ]] || return
	put "$path" vfio_ap && put "${path%/*}/driver/unbind" 05.0004
	put /sys/bus/ap/drivers_probe 05.0004
}

takes "$one/assign_adapter" 5
refuses "$EADDRNOTAVAIL" "$one/assign_domain" 4 'driver_override and 05.0004 to its driver/unbind'
check "what it advises can be done" advised
check "vfio_ap gets 05.0004" wait_until 10 driven_by 05.0004 vfio_ap
takes "$one/assign_domain" 4
settles "$one/guest_matrix" 05.0004
refuses "$EINVAL" /sys/bus/ap/apmask -6
refuses "$EADDRNOTAVAIL" "$one/assign_adapter" 6 '/sys/bus/ap/devices/06.0004/driver_override'

start_guest 1
boots 1
comes_to_see 1 05.0004
put $queues/05.0004/driver_override '' && put $queues/05.0004/driver/unbind 05.0004
settles "$one/guest_matrix" .0004
comes_to_see 1 ''
put /sys/bus/ap/drivers_probe 05.0004
check "the host's driver gets it" wait_until 10 driven_by 05.0004 cex4queue
put $queues/05.0004/driver_override vfio_ap
put $queues/05.0004/driver/unbind 05.0004
put /sys/bus/ap/drivers_probe 05.0004
settles "$one/guest_matrix" 05.0004
comes_to_see 1 05.0004
guest_is_well 1

# shellcheck disable=SC2154 # start_guest sets it
kill -KILL "$guest_1"
settles $queues/05.0004/status assigned
takes "$one/remove" 1

# Neither way is open while the other is in use
put $queues/05.0004/driver_override ''
takes /sys/bus/ap/apmask -6
refuses "$EINVAL" $queues/05.0004/driver_override vfio_ap
takes /sys/bus/ap/apmask +6
