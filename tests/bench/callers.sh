# SPDX-License-Identifier: GPL-2.0-only
#
# What the sections of the bench share that ask a swcexd of their own by caller.c. Sourced with the top
# directory as the current one.
# shellcheck shell=sh

. tests/bench/figures.sh
run=$(mktemp -d)
swcexd=''

stop() {
	[ -z "$swcexd" ] || { kill "$swcexd" && wait "$swcexd"; } 2>/dev/null
	swcexd=''
}
trap 'stop; rm -rf "$run"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start TYPE ADAPTERS DOMAINS [OPTION]...: starts swcexd for a machine of so many adapters of that type
# and domains. $took is in microseconds how long that took until it served.
start() {
	stop
	awk -v type="$1" -v adapters="$2" -v domains="$3" 'BEGIN {
		for (i = 0; i < adapters; i++)
			printf "adapter %02x %s\n", i, type
		printf "domain 0000-%04x\n", domains - 1 }' >"$run/machine"
	shift 3
	rm -f "$run/said"
	mkfifo "$run/said"
	begin=$(date +%s%N)
	"$BUILD/swcexd" --machine "$run/machine" --socket "$run/socket" --guest-socket "$run/guests" \
		--control "$run/control" --log-level error "$@" >"$run/said" 2>"$run/log" &
	swcexd=$!
	grep -qm 1 serving "$run/said" || { cat "$run/log" >&2; exit 1; }
	# shellcheck disable=SC2034 # for the sections
	took=$((($(date +%s%N) - begin) / 1000))
}

# ask ROW WHAT [ARGUMENT]...: see caller.c.
ask() {
	row=$1
	shift
	"$BUILD/tests/bench/caller" "$run/socket" "$run/guests" "$row" "$@" >>"$FIGURES"
}
