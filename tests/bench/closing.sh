# SPDX-License-Identifier: GPL-2.0-only
#
# Closing a device with one queue, and with 256, whose resets take 100 ms each. Played in an
# LPAR behind tests/lpar.sh; a row, the best of five.
# shellcheck shell=bash

take_all
create 1
one=$(mdev 1)

# closing CONFIG: the best of five, in microseconds.
closing()
{
	takes "$one/ap_config" "$1"
	best=
	for again in 1 2 3 4 5; do
		opens 1
		begin=${EPOCHREALTIME/./}
		echo quit >/run/hold1
		wait "$holder_1"
		took=$((${EPOCHREALTIME/./} - begin))
		[[ -n $best ]] && ((best < took)) || best=$took
	done
}

closing 0x8,0x8,0x0
single=$best
closing 0xffff,0xffff,0x0
row "$single" "$best" closing a guest
takes "$one/remove" 1
check "vfio_ap is unloaded" rmmod vfio_ap
