#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The machine ends, or stops answering, for longer than an instruction waits:
# its VM reports that, continues without adapters, and finds them again when the
# machine is back. Nothing in it hangs or fails otherwise. A machine that stalls
# has a state file and, when it continues, finds connections that the VM has
# left already.
#
# timeout: 270
. tests/vms.sh

cat >"$run/machine" <<END
adapter 05 CEX8A
domain 0004
END

# The kernel scans every 30 seconds; this makes it scan at once.
scan() { in_vm vm 'echo 1 >/sys/bus/ap/scans'; }
sees_queue() { scan && in_vm vm lszcrypt | grep -q '^05.0004'; }
sees_nothing() { scan && [ -z "$(in_vm vm ls /sys/bus/ap/devices)" ]; }

# fails: checks that an operation ends soon with "no such device".
fails() { said=$(in_vm vm timeout "$(patience 20)" rsa -o crt) || [ "$said" != "${said%No such device}" ]; }

# is_lost HOW TIMES: checks that the VM has no adapter, and has reported that so
# many times.
is_lost()
{
	check "after SIG$1 of swcexd an operation fails" fails
	check "the adapter goes away" wait_until 60 sees_nothing
	same "QEMU has said so, how often and where" "$2" \
		"$(grep -c "swcex.so: the VM goes on without adapters: link=$run/swcexd.socket: " "$LOG.vm")"
}

# has_tried N: returns whether N connections wait for swcexd to accept them, or
# have been accepted. The socket itself has the same name.
has_tried() { [ "$(grep -c "$run/swcexd.socket\$" /proc/net/unix)" -gt "$1" ]; }

machine "$run/machine"
boot vm -a "$run/swcexd.socket" lpar
check "its queue comes online" wait_until 60 sees_queue
check "RSA" in_vm vm rsa 05.0004

kill -KILL "$swcexd"
wait "$swcexd"
is_lost KILL 1
machine "$run/machine" --state "$run/state" --key "$run/key"
check "its adapter is back" wait_until 60 sees_queue
check "RSA on the next swcexd" wait_until 20 in_vm vm rsa 05.0004

kill -STOP "$swcexd"
is_lost STOP 2
check "the VM has tried to come back, and tries once more" wait_until 40 has_tried 3
kill -CONT "$swcexd"
check "its adapter is back once more" wait_until 60 sees_queue
check "RSA on swcexd that goes on" wait_until 20 in_vm vm rsa 05.0004
the_end
