#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every type of adapter, CEX4 to CEX8 in each mode, as the kernel and Debian's lszcrypt, of this
# machine's suite and of a later one, show it.
#
# timeout: 180
. tests/vms.sh
. tests/clients.sh

modes='A C P' cards='' adapter=0
for generation in 4 5 6 7 8; do
	for mode in $modes; do
		cards="$cards,card=$adapter:CEX$generation$mode"
		adapter=$((adapter + 1))
	done
done
boot vm guest -plugin "$BUILD/swcex.so$cards,domain=4"

all_online() { [ "$(in_vm vm lszcrypt -V | grep -c 'online.*cex4queue')" = 15 ]; }
if ! wait_until 120 all_online; then
	not_ok "15 queues come online" "$(in_vm vm lszcrypt -V)"
	the_end
fi
ok "15 queues come online"

# For each card, what lszcrypt lists and what it shows otherwise, each line with
# the card's number: by this machine's suite and by a later one.
for suite in this later; do
	[ $suite = this ] || path=/usr/lib/later/bin:
	in_vm vm "PATH=${path-}\$PATH"'
	lszcrypt -V
	for path in /sys/devices/ap/card*; do
		card=${path#*card}
		lszcrypt -c "0x$card" | sed "1d;s/^/told $card /"
		echo "told $card messages of $(cat "$path/max_msg_size") bytes"
	done' >"$run/$suite"
done

# Debian 12's lszcrypt does not know the capabilities of CEX8, and has no column
# H among the functions.
known=$(in_vm vm lszcrypt --help | grep -c -- ' -s,')
knows() { [ "$1" = later ] || [ "$known" = 1 ]; }

# listed SUITE CARD: prints type, mode, hardware type, depth and functions.
listed() { awk -v card="$2" '$1 == card { print $2, $3, $7, $8, $9 }' "$run/$1"; }
told() { sed -n "s/^told $2 //p" "$run/$1"; }

# to_be_listed SUITE MODE HARDWARE-TYPE
to_be_listed()
{
	case $2$3 in
	A1[01]) functions='Accelerator -MC-A---F-' ;;
	A*) functions='Accelerator -MC-A-N-F-' ;;
	C1[01]) functions='CCA-Coproc S--D--N---' ;;
	C*) functions='CCA-Coproc S--D--N-F-' ;;
	P*) functions='EP11-Coproc -----XN-F-' ;;
	esac
	knows "$1" || functions=${functions%???}${functions#"${functions%??}"}
	echo "${functions% *} $3 09 ${functions#* }"
}
# can MODE HARDWARE-TYPE: prints the functions. Up to CEX5, a CCA coprocessor
# does not show their class.
can()
{
	case $1$2 in
	C1[01]) capabilities C | sed 's/ (full function set)//' ;;
	*) capabilities "$1" ;;
	esac
}
# kilobytes MODE HARDWARE-TYPE: prints the length of the longest message.
kilobytes()
{
	case $1$2 in
	[CP]14) echo 24 ;;
	*) echo 12 ;;
	esac
}
# to_be_told SUITE MODE HARDWARE-TYPE CARD
to_be_told()
{
	if knows "$1"; then
		can "$2" "$3"
		echo "$limit" | sed "s/12/$(kilobytes "$2" "$3")/"
	elif [ "$3" = 14 ]; then
		echo "Detailed capability information for card$4 (hardware type 14) is not available."
	else
		can "$2" "$3"
	fi
	echo "messages of $(($(kilobytes "$2" "$3") * 1024)) bytes"
}

adapter=0
for generation in 4 5 6 7 8; do
	for mode in $modes; do
		card=$(printf %02x $adapter) type=CEX$generation$mode hardware=$((generation + 6))
		for suite in this later; do
			same "$type, $suite suite: mode, hardware type, depth, functions" \
				"$type $(to_be_listed $suite $mode $hardware)" "$(listed $suite "$card")"
			same "$type, $suite suite: the same of its queue" \
				"$(listed $suite "$card")" "$(listed $suite "$card.0004")"
			same "$type, $suite suite: capabilities and longest message" \
				"$(to_be_told $suite $mode $hardware "$card")" "$(told $suite "$card")"
		done
		adapter=$((adapter + 1))
	done
done
the_end
