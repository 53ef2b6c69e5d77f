#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every type of adapter, CEX4 to CEX8 in each mode, as the kernel and Debian's lszcrypt show it.
#
# timeout: 180
. tests/vms.sh

modes='A C P' cards='' adapter=0
for generation in 4 5 6 7 8; do
	for mode in $modes; do
		cards="$cards,card=$adapter:CEX$generation$mode"
		adapter=$((adapter + 1))
	done
done
boot vm guest -plugin "$BUILD/ap.so$cards,domain=4"

all_online() { [ "$(in_vm vm lszcrypt -V | grep -c 'online.*cex4queue')" = 15 ]; }
if ! wait_until 120 all_online; then
	not_ok "15 queues come online" "$(in_vm vm lszcrypt -V)"
	the_end
fi
ok "15 queues come online"

# Of each card, what is listed and what else is told, each line with the card's number.
in_vm vm lszcrypt -V >"$run/list"
in_vm vm 'for path in /sys/devices/ap/card*; do
	card=${path#*card}
	lszcrypt -c "0x$card" | sed "1d;s/^/$card /"
	echo "$card messages of $(cat "$path/max_msg_size") bytes"
done' >"$run/capabilities"

# Debian 12's lszcrypt does not know of CEX8 what it can do, and has no column H among the functions.
later=$(in_vm vm lszcrypt --help | grep -c -- ' -s,')

# listed CARD: type, mode, hardware type, depth, and functions without H.
listed()
{
	awk -v card="$1" '$1 == card {
		functions = length($9) == 10 ? substr($9, 1, 7) substr($9, 9) : $9
		print $2, $3, $7, $8, functions
	}' "$run/list"
}
told() { sed -n "s/^$1 //p" "$run/capabilities" | grep -v '^AP bus max message size'; }

# to_be_listed MODE HARDWARE-TYPE
to_be_listed()
{
	case $1 in
	A) echo "Accelerator $2 09 -MC-A-NF-" ;;
	C) echo "CCA-Coproc $2 09 S--D--NF-" ;;
	P) echo "EP11-Coproc $2 09 -----XNF-" ;;
	esac
}
# to_be_told MODE HARDWARE-TYPE CARD
to_be_told()
{
	case $later$2$1 in
	014*) echo "Detailed capability information for card$3 (hardware type 14) is not available." ;;
	*A) echo 'RSA 4K Clear Key' ;;
	*C) printf '%s\n' 'RSA 4K Clear Key' 'CCA Secure Key (full function set)' 'Long RNG' ;;
	*P) echo 'EP11 Secure Key' ;;
	esac
	echo 'messages of 12288 bytes'
}

adapter=0
for generation in 4 5 6 7 8; do
	for mode in $modes; do
		card=$(printf %02x $adapter) type=CEX$generation$mode hardware=$((generation + 6))
		same "$type: mode, hardware type, depth, functions" \
			"$type $(to_be_listed $mode $hardware)" "$(listed "$card")"
		same "$type: the same of its queue" "$(listed "$card")" "$(listed "$card.0004")"
		same "$type: capabilities and longest message" \
			"$(to_be_told $mode $hardware "$card")" "$(told "$card")"
		adapter=$((adapter + 1))
	done
done
the_end
