# SPDX-License-Identifier: GPL-2.0-only
#
# A guest's memory is unmapped while the guest's AQIC pins pages of it.
#
# timeout: 200
# shellcheck shell=bash
load
create 1
one=$(mdev 1)
give 1 5 4,0x47
start_guest 1
boots 1
comes_to_see 1 '05.0004 05.0047'
in_guest 1 'modprobe ap_probe
exec 3<>/dev/ap-probe
for apqn in 05.0004 05.0047; do echo "$apqn aqic 0 0" >&3; done
while echo "05.0004 aqic 800000000006 40000000" >&3; do
	echo "05.0047 aqic 800000000006 40001000" >&3
done >/dev/null 2>&1 &'
answered_so() { in_guest 1 "dmesg | grep -q 'AQIC 05.00$1 rc $2'"; }
check "the guest's AQIC finds no memory" wait_until 30 answered_so 04 06

unmap "$guest_1" 10 >/run/unmap 2>/run/unmap.said &
unmap=$!
check "what is mapped is unmapped" wait_until 60 test -s /run/unmap
ends "each time" "$unmap"
check "again and again: $(</run/unmap)" [ "$(</run/unmap)" -ge 100 ]
for queue in 04 47; do
	check "AQIC has been answered with success for 05.00$queue" answered_so $queue 00
done
guest_is_well 1
kill -KILL "$guest_1"
settles $queues/05.0004/status assigned
takes "$one/remove" 1
unload
