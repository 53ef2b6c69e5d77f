#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A secure key that a guest makes in an EP11 domain: no other domain accepts it;
# it outlives the guest, since master keys belong to the domain; and it ends
# with the domain's wrapping key.
#
# timeout: 600
. tests/vms.sh
. tests/clients.sh

cat >"$run/machine" <<-END
	adapter 04 CEX8A
	adapter 05 CEX8P
	adapter 06 CEX7P
	domain 0004 0006 0047 00ab 00ff
END
machine "$run/machine"
boot_lpar
has_key_client lpar pkey-ep11 || the_end
script <<'END'
load
create 1
create 2
give 1 5 4,6
give 2 6 4
start_guest 1
start_guest 2
boots 1
boots 2
comes_to_see 1 '05.0004 05.0006'
comes_to_see 2 06.0004
for guest in 1 2; do
	check "guest$guest has the kernel's client" in_guest $guest 'modprobe pkey && modprobe pkey-ep11'
done
check "guest1: each function of EP11" in_guest 1 ep11 05.0006 check
check "guest2: each function of EP11" in_guest 2 ep11 06.0004 check
check "guest1 makes a secure key" in_guest 1 pkey ep11-aes 05.0004 generate 256 key
check "05.0004 knows it" in_guest 1 pkey ep11-aes 05.0004 verify key
same "05.0006 does not" 'refused: No such device' "$(in_guest 1 pkey ep11-aes 05.0006 verify key)"
blob=$(in_guest 1 base64 -w 0 key)
check "guest2 gets its blob" in_guest 2 "echo $blob | base64 -d >key"
same "06.0004 does not know it" 'refused: No such device' "$(in_guest 2 pkey ep11-aes 06.0004 verify key)"

guest_is_well 1
in_guest 1 poweroff
# shellcheck disable=SC2154 # by start_guest
ends "guest1 shuts down" "$guest_1"
takes "$(mdev 1)/unassign_domain" 4
takes "$(mdev 2)/unassign_adapter" 6
takes "$(mdev 2)/assign_adapter" 5
comes_to_see 2 05.0004
check "05.0004 knows the key as guest2's, too" in_guest 2 pkey ep11-aes 05.0004 verify key
check "it makes a protected key of it" in_guest 2 pkey ep11-aes 05.0004 protect key
END

# master_key ACTION...: checks that the key console carries it out.
master_key()
{
	point="key console: $*"
	[ $# -lt 4 ] || point="key console: $1 $2 $3"
	check "$point" machine_says "$run" master-key "$@"
}
part=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
master_key load 05.0004 wk "$part"
script <<'END'
check "a new wrapping key that is not set changes nothing" in_guest 2 pkey ep11-aes 05.0004 verify key
same "its kernel shows it" 'WK NEW: committed' "$(in_guest 2 'sed -n "s/^\(WK NEW: [a-z]*\) .*/\1/p" /sys/bus/ap/devices/05.0004/mkvps')"
END
master_key set 05.0004 wk
script <<'END'
same "05.0004 does not know the key any more" 'refused: No such device' \
	"$(in_guest 2 pkey ep11-aes 05.0004 verify key)"
same "it makes no protected key of it" 'refused: Input/output error' \
	"$(in_guest 2 pkey ep11-aes 05.0004 protect key)"
check "it makes new ones" in_guest 2 pkey ep11-aes 05.0004 generate 256 new
check "and knows them" in_guest 2 pkey ep11-aes 05.0004 verify new
guest_is_well 2
END
the_end
