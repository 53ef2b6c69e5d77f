# SPDX-License-Identifier: GPL-2.0-only
#
# The matrix of a device is replaced by one write while its guest computes on a
# queue that stays. A reset of that queue would not end.
#
# timeout: 400
# shellcheck shell=bash

zeros() { printf "0%.0s" $(seq "$1"); }

load
create 1
create 2
one=$(mdev 1) two=$(mdev 2)
# 05 and 06 are 0x06 as adapters; 0004 and 0006 are 0x0a, 0047 is the digit 17.
takes "$one/ap_config" 0x04,0x0a,0x00
takes "$two/ap_config" "0x02,0x$(zeros 17)1,0x00"
shows "$two/matrix" 06.0047
start_guest 1
boots 1
[[ $DRIVER == ours ]] || in_guest 1 'echo 5 >/sys/bus/ap/config_time'
comes_to_see 1 '05.0004 05.0006'
functions=$(in_guest 1 cat /sys/bus/ap/devices/card05/ap_functions)
[[ $DRIVER != ours ]] || hwinfo=$(<$queues/05.0004/hwinfo)
ours same "the guest finds what hwinfo says" "${functions,,}" "${hwinfo:0:10}"
check "a reset of 05.0004 would not end" hmc reset-time 05.0004 never
check "guest1 begins to compute" in_guest 1 '{ rsa --bits 1024 --seconds 40 05.0004; echo $? >/run/ended; } >/run/load 2>&1 &'

# Other domains, of which 0007 does not exist (the in-tree driver would take the
# adapter from the guest), more, and less
ours takes "$one/ap_config" 0x04,0x09,0x00
ours settles "$one/guest_matrix" '05.0004'
takes "$one/ap_config" 0x06,0x0a,0x00
settles "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
comes_to_see 1 '05.0004 05.0006 06.0004 06.0006'
check "guest1 computes with what has come" in_guest 1 rsa --bits 1024 06.0004

# All or nothing
refuses "$EADDRINUSE" "$one/ap_config" "0x02,0x0a$(zeros 15)1,0x00" 06.0047 "$(uuid 2)"
refuses "$EADDRNOTAVAIL" "$one/ap_config" 0x0a,0x08,0x00 04.0004
refuses "$EINVAL" "$one/ap_config" 0x0g,0x08,0x00
settles "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
sees 1 '05.0004 05.0006 06.0004 06.0006'

takes "$one/ap_config" 0x04,0x08,0x00
settles "$one/guest_matrix" 05.0004
wait_until 90 in_guest 1 test -s /run/ended
same "guest1 computed undisturbed on 05.0004" 0 "$(in_guest 1 'cat /run/ended || cat /run/load')"
shows $queues/05.0004/status 'in use'
ours shows $queues/05.0004/condition ready
check "it computes on" in_guest 1 rsa --bits 1024 05.0004
guest_is_well 1

check "a reset takes no time" hmc reset-time 05.0004 2
in_guest 1 poweroff
# shellcheck disable=SC2154 # by start_guest
ends "guest1 shuts down" "$guest_1"
settles $queues/05.0004/status assigned
takes "$one/remove" 1
takes "$two/remove" 1
unload
