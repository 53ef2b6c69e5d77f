# SPDX-License-Identifier: GPL-2.0-only
#
# Features that the in-tree driver does not have: lists and ranges, staged
# devices, and the reason of a refusal.
#
# driver: ours
# timeout: 240
# shellcheck shell=bash

load
create 1
create 2
one=$(mdev 1) two=$(mdev 2)

# Lists and ranges, all or nothing
takes "$one/assign_adapter" 5-6
takes "$one/assign_domain" 4-6,0x47,+7,-5
shows "$one/matrix" '05.0004 05.0006 05.0007 05.0047 06.0004 06.0006 06.0007 06.0047'
takes "$one/unassign_domain" 6-7,0x47
shows "$one/matrix" '05.0004 06.0004'
for text in '' ' ' x 5x 0x 4- -4- 4--6 6-4 ,4 4, 4,,6 '4 6' 4+6 0x1g 08; do
	refuses "$EINVAL" "$one/assign_domain" "$text" assign_domain
done
for text in 256 4,256 250-256; do
	refuses "$ENODEV" "$one/assign_domain" "$text" 255
done
refuses "$EADDRNOTAVAIL" "$one/assign_adapter" 4,7 04.0004
takes "$two/assign_adapter" 5
refuses "$EADDRINUSE" "$two/assign_domain" 6,4 05.0004 "$(uuid 1)"
shows "$two/matrix" '05.'
takes "$two/ap_config" 0x02,0x02,0x01
shows "$two/matrix" '06.0006'

# Staged: an assignment claims nothing, and activating claims all or nothing
shows "$two/activate" 1
takes "$two/activate" 0
shows "$two/activate" 0
takes "$two/assign_adapter" 4-5
takes "$two/assign_domain" 4
refuses "$ENODEV" "$two/assign_domain" 256
shows "$two/matrix" ''
zeros=$(printf '0%.0s' {1..62})
shows "$two/ap_config" "0x0e$zeros,0x0a$zeros,0x01$zeros"
refuses "$EADDRNOTAVAIL" "$two/activate" 1 04.0004 04.0006 05.0004 "$(uuid 1)"
shows "$two/activate" 0
takes "$two/unassign_adapter" 4
refuses "$EADDRINUSE" "$two/activate" 1 05.0004 06.0004 "$(uuid 1)"
takes "$two/unassign_domain" 4
takes "$two/activate" 1
shows "$two/activate" 1
takes "$two/activate" 1
for text in 2 x '' -1; do
	refuses "$EINVAL" "$two/activate" "$text" activate
done
shows "$two/matrix" '05.0006 06.0006'

# Control domains: the guest's usage domains only if the administrator says so
shows "$two/control_usage_domains" 0
shows "$two/guest_control_domains" ''
takes "$two/control_usage_domains" 1
shows "$two/guest_control_domains" 0006
shows "$two/control_domains" 0007
refuses "$EINVAL" "$two/control_usage_domains" yes control_usage_domains
takes "$two/control_usage_domains" 0
shows "$two/guest_control_domains" ''

# A refusal is cleared when the next request is accepted
takes "$two/assign_domain" 6
shows "$two/refusal" ''

takes "$one/remove" 1
takes "$two/remove" 1

# A staged device cannot be opened
create 3
three=$(mdev 3)
takes "$three/activate" 0
give 3 5 4
refused=$(hold "$three" </dev/null 2>&1)
case $refused in *"error getting device"*) ok "a staged device cannot be opened" ;;
*) not_ok "a staged device cannot be opened" "$refused" ;;
esac
takes "$three/activate" 1
opens 3
shows "$three/guest_matrix" '05.0004'
quits 3
takes "$three/remove" 1
unload
