#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Ten thousand random operations by two administrators and two guests at the
# same time, while the guests leave requests in every queue that they reach and
# the machine has faults. tests/guest/random_operations.c checks what must hold.
# SEED=N makes other operations.
#
# timeout: 180
. tests/vms.sh

operations=10000
: "${SEED:=1}"
queues=$(for adapter in 04 05 06; do
	printf "$adapter.%s " 0004 0006 0047 00ab 00ff
done)

# faults: prints commands to swcexd, each followed by what ends the fault. A
# reset that takes longer than a second leads to quarantine here.
faults()
{
	awk -v seed="$SEED" -v queues="$queues" 'BEGIN {
		srand(seed)
		n = split(queues, queue, " ")
		for (i = 0; i < 2000; i++) {
			q = queue[6 + int(rand() * (n - 5))]
			adapter = substr(q, 1, 2)
			kind = int(rand() * 10)
			if (kind < 4)
				print "reset-time", q, int(rand() * 300) "\nreset-time", q, 2
			else if (kind < 5)
				print "reset-time", q, "never\nreset-time", q, 2
			else if (kind < 7)
				print "fault", q, "busy\nfault", q, "off"
			else if (kind < 9)
				print "deconfigure", adapter "\nconfigure", adapter
			else
				print "checkstop", adapter "\nconfigure", adapter
		}
	}'
}

# cause_faults: causes faults until it is stopped, and ends the last one.
cause_faults()
{
	faults | while read -r fault && read -r cure && [ ! -e "$run/enough" ]; do
		# shellcheck disable=SC2086 # words
		machine_says "$run" $fault && sleep 0.4 && machine_says "$run" $cure && sleep 0.4
		echo "$fault" >>"$run/faults"
	done
}

machine tests/lpar.machine
: >"$run/guests"
boot lpar -a "$run/swcexd.socket" -p "guests=$run/guests" lpar
script <<'END'
load
takes /sys/module/vfio_ap/parameters/reset_timeout_ms 1000
END
# shellcheck disable=SC2086 # words
"$BUILD/tests/guest/litter" "$run/swcexd.guests" "$run/guests" $queues >"$run/litter" &
litter=$!
cause_faults &
faults=$!
check "$operations random operations, SEED=$SEED" lab/in-vm -t 500 "$run/lpar" \
	"set -o pipefail; random_operations $SEED $operations /dev/virtio-ports/guests | tee /dev/console"
touch "$run/enough"
wait $faults
kill $litter
wait $litter
echo "$(cat "$run/litter"), $(wc -l <"$run/faults") faults"
check "guests left requests behind" grep -qE '^[1-9][0-9]{2,} requests of ' "$run/litter"
check "there were faults" test "$(wc -l <"$run/faults")" -gt 20
# The last faults may still have been active when the host got its queues back.
# It finds out by its next scan that they have ended, and cannot use these
# queues before.
script <<'END'
scan
unload
END
the_end
