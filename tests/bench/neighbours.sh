# SPDX-License-Identifier: GPL-2.0-only
#
# Device B while nothing happens, and while a queue of device A hangs in reset for three seconds.
# Played in an LPAR behind tests/lpar.sh; a row for each operation, the median of many.
# shellcheck shell=bash

take_all
create 1
create 2
a=$(mdev 1) b=$(mdev 2)
give 1 0 0
give 2 1 0
opens 2

read_file() { read -r -d '' text <"$1"; }
there_and_back()
{
	echo 1 >"$b/assign_domain"
	echo 1 >"$b/unassign_domain"
}

# median COMMAND...: of how many microseconds it takes, in two seconds or 400 times.
median()
{
	local i begin end times=() until=$((${EPOCHREALTIME/./} + 2000000))
	for ((i = 0; i < 400; i++)); do
		begin=${EPOCHREALTIME/./}
		"$@"
		end=${EPOCHREALTIME/./}
		times+=($((end - begin)))
		((end < until)) || break
	done
	mapfile -t times <<<"$(printf '%s\n' "${times[@]}" | sort -n)"
	median=${times[${#times[@]} / 2]}
}

# compare NAME COMMAND...
compare()
{
	median "${@:2}"
	idle=$median
	hmc reset-time 00.0000 2
	opens 1
	hmc reset-time 00.0000 never
	echo quit >/run/hold1
	check "the queue hangs in reset" wait_until 10 in_state 00.0000 reset
	{ sleep 3; hmc reset-time 00.0000 2; } &
	median "${@:2}"
	wait "$holder_1" $!
	row "$idle" "$median" "$1"
}

compare "reading matrix" read_file "$b/matrix"
compare "reading guest_matrix" read_file "$b/guest_matrix"
compare "reading a queue's status" read_file $queues/01.0000/status
compare "assigning and unassigning a domain" there_and_back
quits 2
hmc reset-time 00.0000 2
takes "$a/remove" 1
takes "$b/remove" 1
check "vfio_ap is unloaded" rmmod vfio_ap
