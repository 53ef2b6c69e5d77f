#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The machine ends, or does not answer any more: its VM says so once and goes on without
# adapters. Nothing in it hangs or complains.
#
# timeout: 240
. tests/vms.sh

cat >"$run/machine" <<END
adapter 05 CEX8A
domain 0004
END

sees_queue() { in_vm "$1" lszcrypt | grep -q '^05.0004'; }

# A scan is due every 30 seconds; this one is at once.
sees_nothing()
{
	in_vm "$1" 'echo 1 >/sys/bus/ap/scans' && [ -z "$(in_vm "$1" ls /sys/bus/ap/devices)" ]
}

# fails VM: an operation ends with "no such device", and ends soon.
fails() { said=$(in_vm "$1" timeout 40 rsa -o crt) || [ "$said" != "${said%No such device}" ]; }

for signal in KILL STOP; do
	vm=vm-$signal
	machine "$run/machine"
	boot $vm -a "$run/apd.socket" lpar
	check "$vm: its queue comes online" wait_until 60 sees_queue $vm
	check "$vm: RSA" in_vm $vm rsa 05.0004
	kill -$signal "$apd"
	check "$vm: after SIG$signal of apd an operation fails" fails $vm
	check "$vm: the adapter goes away" wait_until 40 sees_nothing $vm
	same "$vm: its QEMU says so once" 1 "$(grep -c 'ap.so: apd .* goes on without adapters' "$LOG.$vm")"
	[ $signal = KILL ] || kill -KILL "$apd"
	wait "$apd"
done
apd=
the_end
