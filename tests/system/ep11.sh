#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# EP11 coprocessors of three generations: what Linux shows of them, each
# function, damaged requests, and secure keys by the kernel's own client.
#
# timeout: 300
. tests/vms.sh
. tests/clients.sh

boot vm guest -plugin "$BUILD/swcex.so,card=4:CEX4P,card=5:CEX7P,card=6:CEX8P,domain=4+0x47"

all_online() { [ "$(in_vm vm lszcrypt -V | grep -c 'online.*cex4queue')" = 6 ]; }
check "its queues come online" wait_until 60 all_online
same "its cards" "04 CEX4P EP11-Coproc,05 CEX7P EP11-Coproc,06 CEX8P EP11-Coproc" \
	"$(in_vm vm lszcrypt -V | awk '$1 !~ /\./ && $2 ~ /CEX/ { print $1, $2, $3 }' | paste -sd ,)"

# attributes DEVICE NAME...: prints attributes of a card or queue, one word
# after the other.
attributes()
{
	device=$1
	shift
	in_vm vm "cd /sys/bus/ap/devices/$device && cat $*" | paste -sd ' '
}
modes='FIPS2009 BSI2009 FIPS2011 BSI2011'
same "CEX4P" "1 1.4 9300000400000004 $modes" \
	"$(attributes card04 API_ordinalnr FW_version serialnr op_modes)"
same "CEX7P" "4 4.7 9300000500000005 $modes" \
	"$(attributes card05 API_ordinalnr FW_version serialnr op_modes)"
same "CEX8P" "6 5.8 9300000600000006 $modes" \
	"$(attributes card06 API_ordinalnr FW_version serialnr op_modes)"
same "a domain's modes" "$modes" "$(attributes 06.0047 op_modes)"

# pattern QUEUE: prints the verification pattern of its wrapping key.
pattern() { attributes "$1" mkvps | sed -n 's/^WK CUR: valid 0x\([0-9a-f]\{64\}\) WK NEW: empty -$/\1/p'; }
patterns=$(for queue in 04.0004 04.0047 06.0004; do pattern $queue; done | sort -u | wc -l)
same "each domain has a wrapping key of its own" 3 "$patterns"

for queue in 05.0004 06.0047; do
	check "$queue: each function" in_vm vm ep11 $queue check
	check "$queue: each function, after damaged requests" in_vm vm ep11 $queue hostile 2000
done
check "all queues are online" all_online

has_key_client vm pkey-ep11 || the_end
clear=00112233445566778899aabbccddeeff0123456789abcdef0011223344556677
for kind in ep11-aes:128 ep11-aes:192 ep11-aes:256 ep11:256; do
	type=${kind%:*} bits=${kind#*:}
	key=$(echo $clear | cut -c "1-$((bits / 4))")
	what="$type, $bits bits"
	check "$what: made on 06.0004" in_vm vm pkey $type 06.0004 generate $bits k
	check "$what: known there" in_vm vm pkey $type 06.0004 verify k
	same "$what: not known to 06.0047" 'refused: No such device' \
		"$(in_vm vm pkey $type 06.0047 verify k)"
	check "$what: made of a clear key on 05.0047" in_vm vm pkey $type 05.0047 import "$key" a
	check "$what: made of it on 06.0004" in_vm vm pkey $type 06.0004 import "$key" b
	same "$what: the blobs differ" differ "$(in_vm vm 'cmp -s a b || echo differ')"
	protected=$(in_vm vm pkey $type 05.0047 protect a)
	same "$what: the protected key's length" $((bits / 4 + 64)) ${#protected}
	same "$what: both make the same protected key" "$protected" \
		"$(in_vm vm pkey $type 06.0004 protect b)"
done
same "a foreign blob is refused" 'refused: Input/output error' "$(in_vm vm pkey ep11-aes 06.0047 protect k)"

# A key that encrypts and decrypts and may not be exported to CPACF, which the
# kernel does not accept. The tests of each function include the coprocessor's
# answer to that.
check "flags: a key is made" in_vm vm pkey ep11-aes 06.0004 generate 256 k c00
for action in verify protect; do
	same "flags: the kernel does not $action it" 'refused: Invalid argument' \
		"$(in_vm vm pkey ep11-aes 06.0004 $action k)"
done
check "flags: with that for CPACF, too, another one is made" in_vm vm pkey ep11-aes 06.0004 generate 256 k 200c00
check "flags: it makes a protected key" in_vm vm pkey ep11-aes 06.0004 protect k

check "all queues are online still" all_online
the_end
