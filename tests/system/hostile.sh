#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A hostile guest, bare-metal, whose four CPUs execute random AP instructions, beside an honest
# one that verifies its results. swcexd and both plugins run under ASan and UBSan. SEED=N makes
# other instructions, HOSTILE_SECONDS=N has them go on for so long.
#
# LeakSanitizer is off: swcexd's sandbox does not let it look, and QEMU itself leaks. What memory
# the processes have is compared instead.
#
# timeout: 120
. tests/vms.sh
. "$BUILD/lab/config"

: "${SEED:=$(date +%s)}" "${HOSTILE_SECONDS:=20}"
# What a process may have grown by, in KiB. Freed memory is kept for a while, to find who uses it.
quarantine=32 growth=98304
hostile='' honest=''	# by bare
export ASAN_OPTIONS="detect_leaks=0:quarantine_size_mb=$quarantine:abort_on_error=1"
export UBSAN_OPTIONS=print_stacktrace=1

cat >"$run/machine" <<END
adapter 05 CEX8A
adapter 06 CEX8C
adapter 07 CEX8P
domain 0004 0006 0047 00ab
END

# bare NAME NUMBER [QEMU ARGUMENT]...: starts a guest; its console is $run/NAME.tap.
bare()
{
	name=$1 number=$2
	shift 2
	LD_PRELOAD=$(${CC:-cc} -print-file-name=libasan.so) "$QEMU" -M s390-ccw-virtio -accel tcg,tb-size=16 -m 64 \
		-nodefaults -display none -serial stdio -kernel "$BUILD/tests/bare/guests/$name" \
		-device loader,addr=0x10000,data="$SEED",data-len=8,data-be=on \
		-device loader,addr=0x10008,data="$HOSTILE_SECONDS",data-len=8,data-be=on \
		-plugin "$BUILD/sanitized/swcex.so,link=$run/swcexd.guests,guest=$number,interrupts=on" "$@" \
		</dev/null >"$run/$name.tap" 2>"$LOG.$name" &
	eval "$name=$!"
}

has_asan() { grep -q libasan "/proc/$1/maps"; }

# sample NAME PROCESS: notes what memory it has, each second, in $run/NAME.kib.
sample()
{
	while size=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$2/status") && [ -n "$size" ]; do
		echo "$size"
		sleep 1
	done >"$run/$1.kib" 2>/dev/null &
}

# bounded NAME: checks how that has grown. Buffers of the first seconds are no growth.
bounded()
{
	before=$(sed -n 4p "$run/$1.kib") after=$(tail -n 1 "$run/$1.kib")
	echo "# resident memory of $1: $before KiB, at the end $after KiB" >&3
	check "the memory of $1 is bounded" test "$((after - before))" -lt $growth
}

# finishes NAME PROCESS: checks that a guest's QEMU ends as it should; its points are this test's.
finishes()
{
	wait "$2"
	same "$1 guest's QEMU: exit status" 0 $?
	grep '^# ' "$run/$1.tap" >&3
	grep -E '^(not )?ok ' "$run/$1.tap" >"$run/points"
	while read -r line; do
		repeat "$line"
	done <"$run/points"
	check "the $1 guest runs to its end" grep -q '^1\.\.' "$run/$1.tap"
}

# unreported NAME FILE: checks that no sanitizer has reported anything there.
unreported()
{
	same "no report of a sanitizer in $1" '' "$(grep -E -m 5 'ERROR: [A-Za-z]*Sanitizer|runtime error:|DEADLYSIGNAL' "$2")"
}

echo "# SEED=$SEED HOSTILE_SECONDS=$HOSTILE_SECONDS" >&3
MACHINE_SWCEXD="$BUILD/sanitized/swcexd"
machine "$run/machine" --state "$run/state" --key "$run/key"
check "swcexd has ASan" has_asan "$swcexd"
"$BUILD/tests/guest/lender" "$run/swcexd.socket" 5,6,7:4,0x47:6 5:0xab >"$run/numbers" &
lender=$!
check "an LPAR lends queues" wait_until 10 eval '[ "$(wc -l <"$run/numbers")" = 2 ]'
bare hostile "$(sed -n 1p "$run/numbers")" -smp 4
bare honest "$(sed -n 2p "$run/numbers")"
check "the hostile guest's QEMU has ASan" wait_until 10 has_asan "$hostile"
check "its CPUs are at work" wait_until 20 grep -qs CPUs "$run/hostile.tap"
sample swcexd "$swcexd"
sample hostile "$hostile"
sample honest "$honest"
finishes honest "$honest"
finishes hostile "$hostile"
for name in swcexd hostile honest; do
	bounded $name
done
clean_handovers
kill "$lender"
kill "$swcexd"
wait "$swcexd"
same "swcexd: exit status" 0 $?
swcexd=
unreported swcexd "$run/swcexd.log"
unreported "the hostile guest's QEMU" "$LOG.hostile"
unreported "the honest guest's QEMU" "$LOG.honest"
the_end
