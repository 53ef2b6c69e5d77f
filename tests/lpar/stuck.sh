# SPDX-License-Identifier: GPL-2.0-only
#
# A reset that does not end. While a queue of one guest hangs in it, everybody
# else continues; the wait for it is bounded; and a queue whose reset is not
# known to have ended was not reset.
#
# timeout: 400
# shellcheck shell=bash

hangs() { check "a reset of $1 does not end" hmc reset-time "$1" never; }
recovers() { check "now it does" hmc reset-time "$1" 2; }
hanging() { check "$1 hangs in it" wait_until 20 in_state "$1" reset; }

# goes_on NAME COMMAND...: checks that COMMAND ends while the queue still hangs.
# The in-tree driver holds a lock for all guests while it waits, and COMMAND
# ends when that does.
jobs=()
goes_on()
{
	local n=${#jobs[@]}
	{ "${@:2}" >"/run/said$n" 2>&1; echo $? >"/run/ended$n"; } &
	jobs+=($!)
	intree_fails "one lock for all guests is held over a reset" \
		check "$1" wait_until "$patience" test -s "/run/ended$n"
	[[ ! -s /run/ended$n ]] || same "$1: exit status" 0 "$(<"/run/ended$n")"
}

load
create 1
create 2
one=$(mdev 1) two=$(mdev 2)
give 1 5 4
give 2 6 4
opens 1
opens 2
limit=/sys/module/vfio_ap/parameters/reset_timeout_ms
patience=3
[[ $DRIVER != ours ]] || patience=60
ours takes $limit 600000

# Nobody else is delayed
hangs 05.0004
echo quit >/run/hold1
hanging 05.0004
goes_on "the other guest asks what its device is" tell 2 info
goes_on "it resets its queue" tell 2 reset
goes_on "its matrix is read" cat "$two/matrix"
goes_on "its guest's is read" cat "$two/guest_matrix"
goes_on "the status of its queue is read" cat $queues/06.0004/status
goes_on "it gets a domain" put "$two/assign_domain" 6
goes_on "it loses a domain" put "$two/unassign_domain" 4
goes_on "a third device is created" put $type/create "$(uuid 3)"
goes_on "the host gives an adapter away" put /sys/bus/ap/apmask -7
goes_on "the host takes it back" put /sys/bus/ap/apmask +7
check "all the time the queue hung" in_state 05.0004 reset
recovers 05.0004
wait "${jobs[@]}"
# shellcheck disable=SC2154 # by opens
ends "device 1 is closed" "$holder_1"
shows "$two/guest_matrix" 06.0006
takes "$(mdev 3)/remove" 1

# The wait ends
ours takes $limit 1000
opens 1
hangs 05.0004
echo quit >/run/hold1
hanging 05.0004
intree_fails "waits without bound" \
	check "the device is closed nevertheless" wait_until 20 eval '! kill -0 "$holder_1"'
ours settles $queues/05.0004/condition quarantined
shows $queues/05.0004/status assigned
ours shows "$one/guest_matrix" .0004
debugfs=/sys/kernel/debug
[[ -d $debugfs/s390dbf ]] || mount -t debugfs debugfs $debugfs
check "there is a debug feature" test -r $debugfs/s390dbf/vfio_ap/sprintf
# logged LEVEL TEXT: checks that the debug feature records that, soon after
# sysfs shows it.
logged() { check "which tells '$2'" wait_until 10 grep -qE " $1 .* $2\$" $debugfs/s390dbf/vfio_ap/sprintf; }
ours logged 3 '05.0004: quarantined, response code 02 to its reset'
ours logged 5 'vfio[0-9]+: closed'
ours refuses "$EADDRNOTAVAIL" "$two/assign_adapter" 4
ours logged 4 'vfio[0-9]+: its assignment is refused: -99'
recovers 05.0004
settles $queues/05.0004/status assigned
settles "$one/guest_matrix" 05.0004

# A reset that failed
opens 1
hangs 05.0004
ask 1 reset
hanging 05.0004
check "the adapter is checkstopped" hmc checkstop 05
intree_fails "forgets to look how the reset ended" \
	same "the guest's reset has failed" 'Input/output error' "$(answer 1)"
check "the adapter is back" hmc configure 05
scan
recovers 05.0004
settles "$one/guest_matrix" 05.0004
quits 1
quits 2
takes "$one/remove" 1
takes "$two/remove" 1
unload
