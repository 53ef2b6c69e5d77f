#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest with queues of a CCA and of an EP11 coprocessor beside a guest with
# other queues of them: Debian's clients work there as in the LPAR, with the
# guest's domains.
#
# timeout: 400
. tests/vms.sh

cat >"$run/machine" <<-END
	adapter 04 CEX8A
	adapter 05 CEX8C
	adapter 06 CEX8P
	domain 0004 0006 0047 00ab 00ff
END
machine "$run/machine"
boot_lpar
script <<'END'
load
create 1
create 2
give 1 5,6 4,6
give 2 5 0x47
start_guest 1
start_guest 2
boots 1
boots 2
comes_to_see 1 '05.0004 05.0006 06.0004 06.0006'
comes_to_see 2 05.0047
patterns=/sys/bus/ap/devices
same "guest1: serial numbers" "93000005 9300000600000006" \
	"$(in_guest 1 "cat $patterns/card05/serialnr $patterns/card06/serialnr" | paste -sd ' ')"
same "guest1: no dash where a machine shows a value" '' \
	"$(in_guest 1 "cat $patterns/05.0004/mkvps" | grep -e ' -')"
for queue in 05.0004 05.0006; do
	check "guest1: RSA-2048 on $queue" in_guest 1 rsa $queue
done
check "guest2: RSA-4096 on 05.0047" in_guest 2 rsa --bits 4096 05.0047
check "guest1: elliptic curves by libica" in_guest 1 ec
check "guest2: random numbers pass rngtest" in_guest 2 hwrng-test 10
check "guest1: each function of EP11 on 06.0006" in_guest 1 ep11 06.0006 check
for guest in 1 2; do
	check "guest$guest has the kernel's client" in_guest $guest 'modprobe -a pkey pkey-cca pkey-ep11'
done
check "guest1 makes an EP11 key" in_guest 1 pkey ep11-aes 06.0004 generate 256 blob
check "06.0004 makes it a protected key" in_guest 1 pkey ep11-aes 06.0004 protect blob
same "06.0006 does not know it" 'refused: No such device' "$(in_guest 1 pkey ep11-aes 06.0006 verify blob)"
check "guest1 makes a secure key" in_guest 1 pkey cca-cipher 05.0004 generate 256 key
check "05.0004 makes it a protected key" in_guest 1 pkey cca-cipher 05.0004 protect key
token=$(in_guest 1 base64 -w 0 key)
check "guest2 gets the token" in_guest 2 "echo $token | base64 -d >key"
same "05.0047 does not know it" 'refused: No such device' "$(in_guest 2 pkey cca-cipher 05.0047 verify key)"
for guest in 1 2; do
	guest_is_well $guest
	in_guest $guest poweroff
done
# shellcheck disable=SC2154 # by start_guest
ends "guest1 shuts down" "$guest_1"
# shellcheck disable=SC2154 # by start_guest
ends "guest2 shuts down" "$guest_2"
END
clean_handovers
the_end
