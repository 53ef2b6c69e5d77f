#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# swcexd ends, or is killed, and is started again under a running LPAR and its
# guest: to their kernels the queues were reset. Work continues, secure keys can
# be used, leftovers are known.
#
# timeout: 500
. tests/vms.sh

cat >"$run/machine" <<END
adapter 04 CEX8A
adapter 05 CEX8C
adapter 06 CEX8A
domain 0004 0006 0047 00ab 00ff
END

# start: starts swcexd for the machine, with the saved state.
start() { machine "$run/machine" --state "$run/state" --key "$run/key"; }

# restart SIGNAL: ends swcexd by it, and starts swcexd again.
restart()
{
	kill "-$1" "$swcexd"
	wait "$swcexd"
	start
}

# user QUEUE: prints whose leftovers it contains, as swcexd knows.
user() { machine_says "$run" status | awk -v queue="$1" '$1 == queue { print $5 }'; }
user_is() { [ "$(user "$1")" = "$2" ]; }

start
same "state and key are its owner's alone" "600 600" "$(stat -c %a "$run/state" "$run/key" | xargs)"
boot_lpar
script <<'END'
load
create 1
give 1 5,6 4
start_guest 1
boots 1
comes_to_see 1 '05.0004 06.0004'
check "guest1 has the kernel's client" in_guest 1 'modprobe pkey && modprobe pkey-cca'
check "guest1 makes a secure key" in_guest 1 pkey cca-cipher 05.0004 generate 256 key
check "and a protected key of it" in_guest 1 'pkey cca-cipher 05.0004 protect key >protected'
in_guest 1 '(rsa --bits 2048 --seconds 86400 --threads 2 06.0004 >rsa.said 2>&1; echo $? >rsa.ended) >/dev/null 2>&1 &'
# The kernel's own record of what went wrong with a queue.
watch_queues='mount -t debugfs none /sys/kernel/debug; echo 6 >/sys/kernel/debug/s390dbf/ap/level'
check "guest1 records errors of queues" in_guest 1 "$watch_queues"
check "the LPAR does" eval "$watch_queues"
END

for signal in TERM KILL; do
	check "05.0004 is guest1's" user_is 05.0004 guest1
	restart $signal
	check "after SIG$signal 05.0004 still is" user_is 05.0004 guest1
	script <<'END'
interrupting="cat /sys/bus/ap/devices/*/interrupt | grep -c 'Interrupts enabled'"
errors='grep AP_DEV_STATE_ERROR /sys/kernel/debug/s390dbf/ap/sprintf'
count=$(in_guest 1 cat /sys/bus/ap/devices/06.0004/request_count)
goes_on() { [[ $(in_guest 1 cat /sys/bus/ap/devices/06.0004/request_count) -gt $((count + 100)) ]]; }
check "guest1 goes on computing" wait_until 60 goes_on
same "guest1's queues interrupt" 2 "$(in_guest 1 "$interrupting")"
same "as the LPAR sees, and its own do" 7 "$(eval "$interrupting")"
same "without an error" '' "$(in_guest 1 'cat rsa.ended rsa.said 2>/dev/null')"
same "guest1 has no queue in error" '' "$(in_guest 1 "$errors")"
same "the LPAR has none" '' "$(eval "$errors")"
same "guest1's queues are online" '1 1' "$(in_guest 1 'cat /sys/bus/ap/devices/??.????/online' | paste -sd ' ')"
check "its secure key serves" in_guest 1 'pkey cca-cipher 05.0004 protect key | cmp - protected'
check "the LPAR computes" rsa --bits 2048 04.0004 04.00ff
END
done

# swcexd is killed at any point of its work.
for _ in 1 2 3; do
	restart KILL
done
script <<'END'
takes "$(mdev 1)/assign_domain" 6
comes_to_see 1 '05.0004 05.0006 06.0004 06.0006'
check "guest1 computes on its new queue" in_guest 1 rsa --bits 2048 06.0006
same "its loop has not ended" '' "$(in_guest 1 'cat rsa.ended rsa.said 2>/dev/null')"
takes "$(mdev 1)/unassign_domain" 4
comes_to_see 1 '05.0006 06.0006'
settles $queues/05.0004/status unassigned
END
check "05.0004 was zeroized" wait_until 10 user_is 05.0004 -
restart KILL
check "and is known to be clean" user_is 05.0004 -

# swcexd is not running for longer than its VMs wait.
kill "$swcexd"
wait "$swcexd"
script <<'END'
scan
check "the LPAR has no queues" eval '! ls -d $queues/*.*'
check "guest1 looks for its queues" in_guest 1 'echo 1 >/sys/bus/ap/scans'
comes_to_see 1 ''
END
start
script <<'END'
scan
comes_to_see 1 '05.0006 06.0006'
check "guest1 computes" in_guest 1 rsa --bits 2048 06.0006
interrupting="cat /sys/bus/ap/devices/*/interrupt | grep -c 'Interrupts enabled'"
interrupt() { [[ $(eval "$2") == $1 ]]; }
check "guest1's queues interrupt" wait_until 20 interrupt 2 "in_guest 1 \"$interrupting\""
check "the LPAR's own do, too" wait_until 20 interrupt 7 "$interrupting"
guest_is_well 1
in_guest 1 poweroff
check "guest1 shuts down" wait_until 60 eval '! pgrep qemu-system'
END
the_end
