#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The crypto measurement: what zcryptstats counts is what Linux has sent.
#
# timeout: 90
. tests/vms.sh

all_online() { [ "$(in_vm vm lszcrypt -V | grep -c 'online.*cex4queue')" = 6 ]; }

boot vm guest -plugin "$BUILD/swcex.so,card=4:CEX7A,card=5:CEX7C,card=6:CEX7P,domain=4+0x47"
check "its queues come online" wait_until 60 all_online
check "the kernel has /dev/chsc" in_vm vm modprobe chsc_sch
in_vm vm "cat >vocabulary <<'END'
devices=/sys/devices/ap
count_requests() {
	for device in \$devices/card?? \$devices/card??/??.????; do
		name=\${device##*/}
		echo \${name#card} \$(cat \$device/request_count)
	done | sort
}
# counted COUNTER: prints for each device what zcryptstats has counted.
counted() {
	jq -r --arg counter \"\$1\" '.zcryptstats.host.statistics[].devices[] | .device as \$device |
		.counters[] | select(.counter == \$counter) | \"\(\$device) \(.ops)\"' statistics | sort
}
END
"

# The interval begins when all devices are read, and ends with the signal.
check "zcryptstats measures an interval" in_vm vm '. ./vocabulary
echo none >/sys/class/misc/hw_random/rng_current
zcryptstats --verbose --interval 3600 --count 1 --output JSON >statistics 2>said &
until [ $(grep -c " added$" said) = 9 ]; do kill -0 $! || { cat said; exit 1; }; sleep 0.05; done
count_requests >before
rsa --bits 1024 04.0004 && rsa --bits 2048 04.0047 05.0004 && ep11 06.0047 check || exit
count_requests >after
kill -ALRM $! && wait $!'
# operations_of COUNTER: prints that of the VM.
operations_of() { in_vm vm ". ./vocabulary; counted '$1'"; }
# are_some: replaces each number of operations by 1, or by 0 if there are none.
are_some() { awk '{ print $1, ($2 > 0) }'; }
same "each queue and adapter has counted its requests" "$(in_vm vm join before after | awk '{ print $1, $3 - $2 }')" \
	"$(operations_of Total)"
same "there were some" "04 1
04.0004 1
04.0047 1
05 1
05.0004 1
05.0047 0
06 1
06.0004 0
06.0047 1" "$(operations_of Total | are_some)"
same "RSA-1024 was on this queue" "04 1
04.0004 1
04.0047 0" "$(operations_of 'RSA 1024 CRT' | are_some)"
same "RSA-2048 on that" "04 1
04.0004 0
04.0047 1" "$(operations_of 'RSA 2048 CRT' | are_some)"
the_end
