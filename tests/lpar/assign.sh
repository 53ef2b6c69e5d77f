# SPDX-License-Identifier: GPL-2.0-only
#
# Mediated devices without a guest: creating and assigning them, what is refused
# and why, and the return of queues to the host. These are features that the
# in-tree driver has, too; for others see extensions.sh.
#
# timeout: 240
# shellcheck shell=bash

load
shows "$matrix/features" "$(cat $matrix/features)"
for feature in guest_matrix hotplug ap_config; do
	check "feature $feature" grep -qw $feature $matrix/features
done
shows $type/device_api vfio-ap
same "no adapter loads the driver by itself" '' "$(modinfo -F alias "$module")"
shows $queues/05.0004/status unassigned

# Creating
refuses "$EINVAL" $type/create nonsense
refuses "$EINVAL" $type/create "$(uuid 1)0"
free=$(cat $type/available_instances)
create 1
create 2
same "two fewer devices can be made" $((free - 2)) "$(cat $type/available_instances)"
refuses "$EEXIST" $type/create "$(uuid 1)"
one=$(mdev 1) two=$(mdev 2)
shows "$one/matrix" ''
shows "$one/guest_matrix" ''
shows "$one/control_domains" ''
check "it has an iommu group" test -L "$one/iommu_group"

# Assigning, in every way to write a number
takes "$one/assign_adapter" 5
shows "$one/matrix" '05.'
takes "$one/unassign_adapter" 0x5
shows "$one/matrix" ''
takes "$one/assign_domain" 04
shows "$one/matrix" '.0004'
takes "$one/assign_adapter" 05
takes "$one/assign_adapter" 0x6
takes "$one/assign_domain" 0253
shows "$one/matrix" '05.0004 05.00ab 06.0004 06.00ab'
shows $queues/05.0004/status assigned
shows $queues/05.0006/status unassigned
takes "$one/assign_adapter" 5
takes "$one/unassign_adapter" 7
shows "$one/matrix" '05.0004 05.00ab 06.0004 06.00ab'
takes "$one/unassign_domain" 0xab
shows "$one/matrix" '05.0004 06.0004'

# Texts that are not numbers
for text in '' ' ' x 5x 0x 4- ,4 4, '4 6' 4+6 0x1g 08; do
	refuses "$EINVAL" "$one/assign_domain" "$text" assign_domain
done
for text in 99999999999999999999 0xfffffffffffffffff; do
	refuses "$ERANGE" "$one/assign_domain" "$text"
done
for text in 256 0x100; do
	refuses "$ENODEV" "$one/assign_domain" "$text" 255
	refuses "$ENODEV" "$one/assign_adapter" "$text" 255
	refuses "$ENODEV" "$one/assign_control_domain" "$text" 255
done

# What belongs to another device or to the host
refuses "$EADDRNOTAVAIL" "$one/assign_adapter" 4 04.0004
takes "$two/assign_adapter" 5
refuses "$EADDRINUSE" "$two/assign_domain" 4 05.0004 "$(uuid 1)"
takes "$two/assign_domain" 0x47
shows "$two/matrix" '05.0047'
refuses "$EADDRINUSE" "$one/assign_domain" 0x47 05.0047 "$(uuid 2)"
refuses "$EBUSY" /sys/bus/ap/apmask +5
shows $queues/05.0004/status assigned
check "the kernel log names APQN and device" eval "dmesg | tail -n 20 | grep 05.0004 | grep -q $(uuid 1)"
check "the host's mask has not changed" driven_by 05.0004 vfio_ap

# Control domains
takes "$two/assign_control_domain" 4
takes "$two/assign_control_domain" 0xff
shows "$two/control_domains" '0004 00ff'
takes "$two/unassign_control_domain" 4
shows "$two/control_domains" '00ff'

# All at once, by masks whose bit 0 is the leftmost
takes "$two/ap_config" 0x02,0x02,0x01
shows "$two/matrix" '06.0006'
shows "$two/control_domains" '0007'
digits=0000000000000000000000000000000000000000000000000000000000
shows "$two/ap_config" "0x020000$digits,0x020000$digits,0x010000$digits"
takes "$two/ap_config" "$(cat "$two/ap_config")"
shows "$two/matrix" '06.0006'
for text in '' 0x02 0x0g,0x02,0x02 "0x020000${digits}0,0x02,0x02" 02x,0,0; do
	refuses "$EINVAL" "$two/ap_config" "$text" ap_config
done
for text in , ,, 0x02,0x02 0x02,0x02, 0x02,,0x01 ,0x02,0x02 0x02,0x02,0x02,0x02; do
	intree_fails "takes a missing mask for an empty one" refuses "$EINVAL" "$two/ap_config" "$text" ap_config
	takes "$two/ap_config" 0x02,0x02,0x01
done
refuses "$EADDRNOTAVAIL" "$two/ap_config" 0x08,0x08,0x00 04.0004
refuses "$EADDRINUSE" "$two/ap_config" 0x06,0x08,0x00 05.0004 06.0004 "$(uuid 1)"

# A reader sees the last or an earlier value, never a mixture
configs=("0x020000$digits,0x020000$digits,0x000000$digits" "0x040000$digits,0x010000$digits,0x000000$digits")
alternate() { while :; do for config in "${configs[@]}"; do echo "$config" >"$two/ap_config"; done; done; }
torn()
{
	local config
	read -r config <"$two/ap_config"
	[[ $config != "${configs[0]}" && $config != "${configs[1]}" ]]
}
never_torn()
{
	local end=$((SECONDS + 10))
	until ((SECONDS > end)); do ! torn || return; done
}
takes "$two/ap_config" "${configs[0]}"
alternate &
intree_fails "reads the masks without a lock" check "ap_config is read in one piece" never_torn
kill $!
wait $!
takes "$two/ap_config" 0x02,0x02,0x01

# The return to the host
refuses "$EBUSY" /sys/bus/ap/apmask +5
takes "$one/remove" 1
takes "$two/remove" 1
check "the devices are gone" test ! -e "$one" -a ! -e "$two"
shows $queues/05.0004/status unassigned
shows $type/available_instances "$free"
unload
for again in 1 2; do
	load
	create 1
	give 1 5 4
	shows "$one/matrix" '05.0004'
	takes "$one/remove" 1
	unload
done
