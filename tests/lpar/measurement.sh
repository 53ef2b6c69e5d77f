# SPDX-License-Identifier: GPL-2.0-only
#
# The crypto measurement: the LPAR reads what a guest has requested of its queue; the guest
# itself reads nothing.
#
# timeout: 60
# shellcheck shell=bash

load
create 1
give 1 5 4
start_guest 1
boots 1
comes_to_see 1 05.0004
check "the LPAR has /dev/chsc" modprobe chsc_sch
check "guest1 has it, too" in_guest 1 modprobe chsc_sch
said=$(in_guest 1 zcryptstats --count 1 2>&1)
[[ $said == *'Operation not supported'* ]] && said=refused
same "guest1 measures nothing" refused "$said"

# The interval begins when the queue was read, and ends with the signal.
requests() { in_guest 1 cat /sys/bus/ap/devices/05.0004/request_count; }
zcryptstats --verbose --interval 3600 --count 1 --output JSON 05.0004 >/run/statistics 2>/run/said &
measurement=$!
check "the LPAR reads the queue" wait_until 30 grep -q 'APQN 05.0004 added' /run/said
before=$(requests)
check "guest1 computes" in_guest 1 rsa --bits 2048 05.0004
after=$(requests)
kill -ALRM $measurement
wait $measurement
same "the LPAR reads it again" 0 $?
same "the LPAR has counted guest1's requests" $((after - before)) "$(jq '.zcryptstats.host.statistics[].devices[] |
	select(.device == "05.0004") | .counters[] | select(.counter == "Total") | .ops' /run/statistics)"
guest_is_well 1
