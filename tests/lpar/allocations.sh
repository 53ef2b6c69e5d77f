# SPDX-License-Identifier: GPL-2.0-only
#
# Without memory, a request is refused or goes on without it. One after the
# other, each allocation fails that the driver makes, or that is made on its
# behalf. This needs a kernel that can make them fail.
#
# driver: ours
# kernel: lockdep
# timeout: 300
# shellcheck shell=bash

failslab=/sys/kernel/debug/failslab

# only_the_driver: from here on, only allocations fail that the driver makes, or
# that are made on its behalf.
only_the_driver()
{
	local begin size
	begin=$(</sys/module/vfio_ap/sections/.text)
	size=$(</sys/module/vfio_ap/coresize)
	put $failslab/require-start "$begin"
	put $failslab/require-end "$(printf '0x%x' $((begin + size)))"
}

# endures ARGUMENT...: checks, with the arguments of fail_nth, that something
# failed and that the request was carried out in the end.
endures()
{
	said=$(fail_nth "$@" 2>&1)
	case $said in
	'0 refused, 0 survived') not_ok "${*/#$matrix\//}" "no allocation was there to fail" ;;
	[0-9]*' refused, '*' survived') ok "${*/#$matrix\//}: $said" ;;
	*) not_ok "${*/#$matrix\//}" "$said" ;;
	esac
}

mount -t debugfs debugfs /sys/kernel/debug
put $failslab/ignore-gfp-wait N
put $failslab/verbose 0
put $failslab/stacktrace-depth 32

load
only_the_driver

create 1
create 2
one=$(mdev 1) two=$(mdev 2)

# Opening, and changes for an open device: for a closed one, an assignment
# allocates nothing
give 2 5 0x47
endures open "$two"
# shellcheck disable=SC2154 # by lpar.sh
endures write "$two/remove" 1 $type/create "$(uuid 2)"
give 1 5,6 4,6
opens 1
shows "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
endures write "$one/unassign_adapter" 6 "$one/assign_adapter" 6
endures write "$one/assign_adapter" 6 "$one/unassign_adapter" 6
endures write "$one/assign_control_domain" 0x47 "$one/unassign_control_domain" 0x47
endures write "$one/ap_config" 0x04,0x0a,0x0b "$one/assign_adapter" 6
endures write "$one/ap_config" 0x06,0x0a,0x01 "$one/unassign_adapter" 6
settles "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
takes /sys/bus/ap/drivers/vfio_ap/unbind 05.0006
settles "$one/guest_matrix" '06.0004 06.0006'
endures write /sys/bus/ap/drivers/vfio_ap/bind 05.0006 /sys/bus/ap/drivers/vfio_ap/unbind 05.0006
settles "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'

# What workers do on behalf of the machine, while all their allocations fail
put $failslab/times -1
put $failslab/probability 100
check "an adapter goes" hmc remove adapter 06
scan
settles "$one/guest_matrix" '05.0004 05.0006'
check "the adapter is back" hmc add adapter 06
scan
put $failslab/probability 0
for queue in $passable; do
	[[ $queue != 06.* ]] || takes /sys/bus/ap/drivers/vfio_ap/bind "$queue"
done
settles "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
quits 1
takes "$one/remove" 1
unload
