#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The key console: what was wrapped under a master key can be used as long as
# that is the current or the old one, and not afterwards; two domains with the
# same master key share their keys.
#
# timeout: 200
. tests/vms.sh
. tests/clients.sh

cat >"$run/machine" <<END
adapter 05 CEX8C
adapter 06 CEX8P
domain 0004 0047
END
machine "$run/machine"
boot_lpar

# console ACTION ...: prints what the key console answers.
console() { machine_says "$run" master-key "$@"; }
# change QUEUE KEY BYTE: sets a master key that consists of this byte.
change() { printf "$3%.0s" $(seq 32) | console load "$1" "$2" - && console set "$1" "$2"; }
# pattern DEVICE KEY: prints it as the kernel shows it.
pattern() { in_vm lpar "sed -n 's/^$2: valid 0x//p' /sys/bus/ap/devices/$1/mkvps"; }
# register QUEUE KEY REGISTER: prints it as the console shows it.
register() { console show "$1" | awk -v key="$2" -v which="$3" '$1 == key && $2 == which { print $3, $4 }'; }

all_online() { [ "$(in_vm lpar lszcrypt -V | grep -c 'online.*cex4queue')" = 4 ]; }
check "the queues come online" wait_until 60 all_online
same "the kernel has the pattern that the console shows" "$(register 05.0004 aes current)" \
	"valid $(pattern 05.0004 'AES CUR')"
same "for EP11, too" "$(register 06.0004 wk current)" "valid $(pattern 06.0004 'WK CUR')"
has_key_client lpar pkey-cca pkey-ep11 || the_end

# protect TYPE QUEUE FILE: prints the protected key, or why there is none.
protect() { in_vm lpar "pkey $1 $2 protect $3"; }
for type in cca-data cca-cipher; do
	check "$type: a key is made" in_vm lpar "pkey $type 05.0004 generate 256 k-$type"
	protect $type 05.0004 k-$type >"$run/$type"
	check "$type: it serves" grep -qE '^[0-9a-f]{128}$' "$run/$type"
done

check "the master key changes" change 05.0004 aes 01
same "the kernel sees the new one" "$(register 05.0004 aes current)" "valid $(pattern 05.0004 'AES CUR')"
same "and the old one" "$(register 05.0004 aes old)" "valid $(pattern 05.0004 'AES OLD')"
for type in cca-data cca-cipher; do
	same "$type: the key serves under the old one" "$(cat "$run/$type")" "$(protect $type 05.0004 k-$type)"
done

for type in cca-data cca-cipher; do
	check "$type: a copy is wrapped anew" in_vm lpar "cp k-$type r-$type && cca 05.0004 request KT RTCMK token=r-$type"
	same "$type: it is another token" 1 "$(in_vm lpar "cmp -s k-$type r-$type; echo \$?")"
done

check "the old one is cleared" console clear 05.0004 aes old
for type in cca-data cca-cipher; do
	same "$type: what was wrapped anew serves" "$(cat "$run/$type")" "$(protect $type 05.0004 r-$type)"
	same "$type: what was not, cannot be any more" 'return code 8, reason code 48' \
		"$(in_vm lpar "cp k-$type s-$type && cca 05.0004 request KT RTCMK token=s-$type")"
	same "$type: the key is useless" 'refused: Input/output error' "$(protect $type 05.0004 k-$type)"
	check "$type: another one is made" in_vm lpar "pkey $type 05.0004 generate 256 l-$type"
	same "$type: it is of no use elsewhere" 'refused: Input/output error' "$(protect $type 05.0047 l-$type)"
done
check "the other domain is given the same master key" change 05.0047 aes 01
for type in cca-data cca-cipher; do
	same "$type: now it is" "$(protect $type 05.0004 l-$type)" "$(protect $type 05.0047 l-$type)"
done

check "ep11: a key is made" in_vm lpar 'pkey ep11-aes 06.0004 generate 256 k'
check "ep11: it serves" in_vm lpar 'pkey ep11-aes 06.0004 protect k'
check "ep11: the wrapping key changes" change 06.0004 wk 02
same "ep11: the key is useless" 'refused: Input/output error' "$(protect ep11-aes 06.0004 k)"

check "all queues are online still" all_online
the_end
