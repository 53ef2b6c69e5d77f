# SPDX-License-Identifier: GPL-2.0-only
#
# Two guests at the same time: each has exactly its queues, and gets back what
# it sends. Assignments change while they run; one of them shuts down, the other
# is killed.
#
# timeout: 600
# shellcheck shell=bash

# out_of_reach N QUEUE WHOSE: checks that TAPQ and NQAP of the guest end with
# response code 01.
out_of_reach()
{
	same "$2, $3, is not there for guest$1" "TAPQ $2 rc 01 cc 3 NQAP $2 rc 01 cc 3" \
		"$(in_guest "$1" ap-probe "$2" | paste -sd ' ')"
}

load
create 1
create 2
one=$(mdev 1) two=$(mdev 2)
give 1 5,6 4,0xab
give 2 5 0x47,0xff
start_guest 1
start_guest 2
boots 1
boots 2
# A guest finds changes by the in-tree driver only by its periodic scan.
[[ $DRIVER == ours ]] || for n in 1 2; do in_guest $n 'echo 5 >/sys/bus/ap/config_time'; done
shows $queues/05.0004/status 'in use'
shows $queues/05.0047/status 'in use'
shows $queues/05.0006/status unassigned

comes_to_see 1 '05.0004 05.00ab 06.0004 06.00ab'
comes_to_see 2 '05.0047 05.00ff'
same "usage domains are no control domains" "0x$(printf '0%.0s' $(seq 64))" \
	"$(in_guest 2 cat /sys/bus/ap/ap_control_domain_mask)"
ours takes "$two/control_usage_domains" 1
controls_usage() { [[ $(in_guest 2 cat /sys/bus/ap/ap_control_domain_mask) == "$(in_guest 2 cat /sys/bus/ap/ap_usage_domain_mask)" ]]; }
ours check "unless the administrator says so" wait_until 60 controls_usage
for bits in 1024 2048 4096; do
	check "guest1 computes RSA-$bits" in_guest 1 rsa --bits $bits 05.0004 05.00ab 06.0004 06.00ab
	check "guest2 computes RSA-$bits" in_guest 2 rsa --bits $bits 05.0047 05.00ff
done

out_of_reach 1 05.0047 "guest2's"
out_of_reach 1 05.0006 "nobody's"
out_of_reach 1 04.0004 "the host's"
out_of_reach 2 05.0004 "guest1's"
out_of_reach 2 06.0047 "nobody's"
out_of_reach 2 04.0047 "the host's"
refuses "$EADDRINUSE" "$two/assign_domain" 4 05.0004 "$(uuid 1)"
refuses "$EBUSY" /sys/bus/ap/apmask +5

# Hot plug and unplug
takes "$one/assign_domain" 6
comes_to_see 1 '05.0004 05.0006 05.00ab 06.0004 06.0006 06.00ab'
check "guest1 computes with the new queue" in_guest 1 rsa --bits 1024 05.0006
takes "$one/unassign_domain" 6
check "it computes on, at once" in_guest 1 rsa --bits 1024 05.0004
out_of_reach 1 05.0006 "taken away"
comes_to_see 1 '05.0004 05.00ab 06.0004 06.00ab'
takes "$one/unassign_adapter" 6
comes_to_see 1 '05.0004 05.00ab'
takes "$two/assign_adapter" 6
comes_to_see 2 '05.0047 05.00ff 06.0047 06.00ff'
sees 1 '05.0004 05.00ab'

# Both work while the other's matrix changes
in_guest 1 rsa --bits 2048 --seconds 3 05.0004 >/run/load 2>&1 &
load=$!
for again in 1 2 3; do
	takes "$two/unassign_adapter" 6
	takes "$two/assign_adapter" 6
done
if wait $load; then
	ok "guest1 computed undisturbed"
else
	not_ok "guest1 computed undisturbed" "$(cat /run/load)"
fi

# The ends
guest_is_well 1
guest_is_well 2
in_guest 1 poweroff
# shellcheck disable=SC2154 # by start_guest
ends "guest1 shuts down" "$guest_1"
settles $queues/05.0004/status assigned
# shellcheck disable=SC2154
kill -KILL "$guest_2"
settles $queues/05.0047/status assigned

# The next guest gets clean queues
takes "$two/remove" 1
takes "$one/assign_domain" 0x47
start_guest 1
boots 1
comes_to_see 1 '05.0004 05.0047 05.00ab'
check "and computes with them" in_guest 1 rsa --bits 1024 05.0004 05.0047 05.00ab
kill -KILL "$guest_1"
settles $queues/05.0047/status assigned
takes "$one/remove" 1
unload
