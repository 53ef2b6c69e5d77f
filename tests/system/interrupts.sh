#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Adapter interruptions in Linux, in an LPAR and in its guest, each with two
# CPUs: they are counted while requests are processed, results are right, and
# nobody polls. A VM without interruptions is the control.
#
# timeout: 400
. tests/vms.sh

# The following is bash, which runs in any of the VMs.
cat >"$run/vocabulary" <<'END'
# interrupting: prints how many queues have their interruptions enabled.
interrupting() { cat /sys/bus/ap/devices/*.*/interrupt | grep -c 'Interrupts enabled'; }

# interruptions: prints the number of the AP bus's interruptions so far, on all
# CPUs.
interruptions() { gawk '$1 == "APB:" { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i } END { print n }' /proc/interrupts; }

# polled QUEUE: prints how often the poll timer was found armed while requests
# were processed.
polled()
{
	rsa --operation crt --seconds 4 "$1" >/run/rsa 2>&1 &
	end=$((SECONDS + 3))
	while ((SECONDS < end)); do
		mapfile -t timers </proc/timer_list
		[[ ${timers[*]} != *ap_poll_timeout* ]] || echo armed
		sleep 0.05
	done | wc -l
	wait $! || cat /run/rsa
}

# computes QUEUE...: returns whether results of all sizes are right.
computes() { for bits in 1024 2048 4096; do rsa --bits $bits "$@" || return; done; }

# woken QUEUE: prints how often a sleeping CPU was woken by its virtio port,
# while one thread computes for a second and everything else sleeps.
woken()
{
	rang() { gawk '$1 == "VAI:" { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i } END { print n }' /proc/interrupts; }
	before=$(rang)
	rsa --operation crt --seconds 1 "$1" >/run/rsa 2>&1 || cat /run/rsa
	echo $(($(rang) - before))
}

# reset: resets each queue, by its attribute.
reset() { for queue in /sys/bus/ap/devices/*.*; do echo 1 >$queue/reset; done; }
END

# of VM COMMAND: runs COMMAND in the VM, after this vocabulary. VM may be
# guest1, a guest of lpar.
of()
{
	vm=$1
	shift
	case $vm in
	guest1) in_vm lpar "in-guest guest1 '$(sed "s/'/'\\\\''/g" "$run/vocabulary")
$*'" ;;
	*) in_vm "$vm" "$(cat "$run/vocabulary")
$*" ;;
	esac
}

is_polled() { [ "$(of "$1" polled "$2")" -gt 0 ]; }
online() { [ "$(of "$1" lszcrypt -V | grep -c 'online.*cex4queue')" = "$2" ]; }
wakes() { [ "$(of "$1" woken "$2")" -ge 20 ]; }
interrupts() { [ "$(of "$1" interrupting)" = "$2" ]; }

# works VM QUEUE...: checks that all its queues interrupt, that all results are
# right, and that nobody polls.
works()
{
	vm=$1
	shift
	check "$vm: its queues come online" wait_until 60 online "$vm" $#
	same "$vm: ap_interrupts" 1 "$(of "$vm" cat /sys/bus/ap/ap_interrupts)"
	check "$vm: every queue interrupts" wait_until 20 interrupts "$vm" $#
	before=$(of "$vm" interruptions)
	check "$vm: RSA on each queue" of "$vm" computes "$@"
	check "$vm: sixteen threads" of "$vm" rsa --operation crt --seconds 2 --threads 16 "$1"
	same "$vm: the poll timer is never seen armed" 0 "$(of "$vm" polled "$1")"
	check "$vm: a CPU that sleeps is woken" wait_until 60 wakes "$vm" "$1"
	after=$(of "$vm" interruptions)
	check "$vm: interruptions are counted: $before, $after" [ "$((after - before))" -ge $(($# * 9)) ]
	check "$vm: its queues are reset" of "$vm" reset
	check "$vm: and interrupt again" wait_until 20 interrupts "$vm" $#
	check "$vm: and work" of "$vm" rsa --bits 1024 "$@"
}

cat >"$run/machine" <<END
adapter 04 CEX8A
adapter 05 CEX8A
adapter 06 CEX8A
domain 0004 00ab
END

boot control -s 2 guest \
	-plugin "$BUILD/swcex.so,card=5+6:CEX8A,domain=4+0xab,wake=$run/control/wake,interrupts=off"
check "control: its queues come online" wait_until 60 online control 4
same "control: ap_interrupts" 0 "$(of control cat /sys/bus/ap/ap_interrupts)"
check "control: the poll timer is seen armed" wait_until 60 is_polled control 05.0004
same "control: no interruption" 0 "$(of control interruptions)"

machine "$run/machine"
boot_lpar
works lpar 04.0004 04.00ab 05.0004 05.00ab 06.0004 06.00ab

script <<'END'
passable='05.0004 05.00ab 06.0004 06.00ab'
load
create 1
give 1 5-6 4,0xab
start_guest 1 -smp 2
boots 1
END
works guest1 05.0004 05.00ab 06.0004 06.00ab

script <<'END'
one=$(mdev 1)
in_guest 1 rsa --operation crt --seconds 4 05.0004 >/run/load 2>&1 &
load=$!
takes "$one/unassign_domain" 0xab
comes_to_see 1 '05.0004 06.0004'
takes "$one/assign_domain" 0xab
comes_to_see 1 '05.0004 05.00ab 06.0004 06.00ab'
if wait $load; then
	ok "guest1 computes meanwhile"
else
	not_ok "guest1 computes meanwhile" "$(cat /run/load)"
fi
END
check "guest1: what came back interrupts, too" wait_until 20 interrupts guest1 4

script <<'END'
passable='05.0004 05.00ab 06.0004 06.00ab'
guest_is_well 1
check "the front end is killed" pkill -KILL qemu-system
settles $queues/05.0004/status assigned
takes "$(mdev 1)/remove" 1
unload
END
check "lpar: what was the guest's interrupts the LPAR" wait_until 20 interrupts lpar 6
the_end
