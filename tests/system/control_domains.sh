#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Commands to control domains: an LPAR changes the master keys of its domains by message, a
# guest those of the domains that its mediated device controls, and of no other.
#
# timeout: 600
. tests/vms.sh

cat >"$run/machine" <<-END
	adapter 04 CEX8C
	adapter 05 CEX8C
	adapter 06 CEX8C
	adapter 07 CEX8P
	domain 0004 0006 0047 00ab 00ff
END
machine "$run/machine"
boot_lpar

# register QUEUE REGISTER [KEY]: prints that of the AES or another master key as
# the key console shows it.
register()
{
	machine_says "$run" master-key show "$1" |
		awk -v which="$2" -v key="${3-aes}" '$1 == key && $2 == which { print $3, $4 }'
}
# part BYTE: prints a key part that consists of this byte.
part() { printf "$1%.0s" $(seq 32); }
# The beginning of the SHA-256 value of a byte 01 and 32 bytes 03.
pattern03=$({ printf '\001'; printf '\003%.0s' $(seq 32); } | sha256sum | cut -c 1-16)

# The LPAR uses its own queues.
by_lpar() { in_vm lpar cca "$@"; }
all_online() { [ "$(in_vm lpar lszcrypt -V | grep -c 'online.*cex4queue')" = 20 ]; }
check "the queues come online" wait_until 60 all_online
old=$(register 04.0047 current)
same "the LPAR loads a part" ok "$(by_lpar 04.0047 command MP AES-MK FIRST "part=$(part 01)")"
same "the key console sees it" partial "$(register 04.0047 new | cut -d ' ' -f 1)"
# new_register: prints it as the kernel shows it.
new_register() { in_vm lpar "sed -n 's/^AES NEW: //p' /sys/bus/ap/devices/04.0047/mkvps"; }
same "the kernel sees it, too" partial "$(new_register | cut -d ' ' -f 1)"
same "it cannot be set yet" 'return code 12, reason code 764' "$(by_lpar 04.0047 command MP AES-MK SET)"
same "the LPAR loads the last part" ok "$(by_lpar 04.0047 command MP AES-MK LAST "part=$(part 02)")"
same "the key console sees that" "full $pattern03" "$(register 04.0047 new)"
same "the kernel sees that, too" "full 0x$pattern03" "$(new_register)"
same "the LPAR sets the key" ok "$(by_lpar 04.0047 command MP AES-MK SET)"
same "it is current" "valid $pattern03" "$(register 04.0047 current)"
same "the one before is the old one" "$old" "$(register 04.0047 old)"
same "the kernel shows it" "$pattern03" \
	"$(in_vm lpar "sed -n 's/^AES CUR: valid 0x//p' /sys/bus/ap/devices/04.0047/mkvps")"
same "other domains have theirs" '' "$(register 04.0004 current | grep "$pattern03")"
same "a part of a wrong length is refused" 'return code 8, reason code 72' \
	"$(by_lpar 04.0047 command MP AES-MK FIRST part=0102)"
same "no request for usage changes a master key" 'refused: Invalid argument' \
	"$(by_lpar 04.0047 request MP AES-MK RANDOM)"

# EP11 generates a random wrapping key, which is then committed and finalized by
# its pattern.
by_lpar() { in_vm lpar ep11 "$@"; }
mkvps() { in_vm lpar "sed -n 's/^WK $1: //p' /sys/bus/ap/devices/07.0047/mkvps"; }
old=$(register 07.0047 current wk)
drawn=$(by_lpar 07.0047 generate)
pattern=${drawn#ok }
same "the LPAR has EP11 generate a wrapping key" 64 ${#pattern}
same "the key console sees it" "partial $pattern" "$(register 07.0047 new wk)"
same "the kernel shows it" "uncommitted 0x$pattern" "$(mkvps NEW)"
same "it cannot be finalized yet" 'return value 00000006' "$(by_lpar 07.0047 finalize "$pattern")"
same "nor another one be committed" 'return value 80010001' "$(by_lpar 07.0047 commit "${old#* }")"
same "the LPAR commits it" "ok $pattern" "$(by_lpar 07.0047 commit "$pattern")"
same "the kernel shows that" "committed 0x$pattern" "$(mkvps NEW)"
same "until then the other one is current" "$old" "$(register 07.0047 current wk)"
same "the LPAR finalizes it" "ok $pattern" "$(by_lpar 07.0047 finalize "$pattern")"
same "it is current" "valid $pattern" "$(register 07.0047 current wk)"
same "EP11 says so" "ok $pattern" "$(by_lpar 07.0047 show)"
same "other domains have their wrapping keys" '' "$(register 07.0004 current wk | grep "$pattern")"
before=$(register 07.00ab current wk)

script <<'END'
load
takes /sys/bus/ap/apmask -7
check "vfio_ap gets adapter 07" wait_until 20 all_driven_by vfio_ap '07.0004 07.0006 07.0047 07.00ab 07.00ff'
create 1
create 2
give 1 5,7 4
takes "$(mdev 1)/assign_control_domain" 0x47
give 2 6 4
start_guest 1
start_guest 2
boots 1
boots 2
comes_to_see 1 '05.0004 07.0004'
comes_to_see 2 06.0004
shows "$(mdev 1)/guest_control_domains" 0047
same "guest1 sees its control domains" 0x000000000000000001 "$(in_guest 1 head -c 20 /sys/bus/ap/ap_control_domain_mask)"
same "guest1 asks for its state" ok "$(in_guest 1 cca 05.0047 command FQ STATICSB | cut -d ' ' -f 1 | head -n 1)"
part=$(printf '01%.0s' $(seq 32))
same "guest1 loads a part" ok "$(in_guest 1 cca 05.0047 command MP AES-MK FIRST "part=$part")"
part=$(printf '02%.0s' $(seq 32))
same "guest1 loads the last one" ok "$(in_guest 1 cca 05.0047 command MP AES-MK LAST "part=$part")"
same "guest1 sets the key" ok "$(in_guest 1 cca 05.0047 command MP AES-MK SET)"
same "guest1 controls no other" 'refused: No such device' "$(in_guest 1 cca 05.00ab command MP AES-MK RANDOM)"
same "guest1 has EP11 clear the wrapping key" 'ok ' "$(in_guest 1 ep11 07.0047 clear)"
same "guest1 asks for it" 'return value 80010009' "$(in_guest 1 ep11 07.0047 show)"
same "guest1 controls no other wrapping key" 'refused: Invalid argument' "$(in_guest 1 ep11 07.00ab clear)"
same "not even that of the domain that it uses" 'refused: Invalid argument' "$(in_guest 1 ep11 07.0004 clear)"
takes "$(mdev 1)/control_usage_domains" 1
clears() { [[ $(in_guest 1 ep11 07.0004 clear) == 'ok ' ]]; }
check "until it is told to" wait_until 60 clears
same "guest2 does not control what guest1 does" 'refused: No such device' \
	"$(in_guest 2 cca 06.0047 command MP AES-MK RANDOM)"
same "nor what it uses" 'refused: Invalid argument' \
	"$(in_guest 2 cca 06.0004 command MP AES-MK RANDOM)"
takes "$(mdev 2)/control_usage_domains" 1
commands() { [[ $(in_guest 2 cca 06.0004 command MP AES-MK RANDOM) == ok ]]; }
check "until it is told to" wait_until 60 commands
END
same "05.0047 has guest1's key" "valid $pattern03" "$(register 05.0047 current)"
same "06.0004 has guest2's new key" full "$(register 06.0004 new | cut -d ' ' -f 1)"
same "07.0047 has no wrapping key" 'invalid -' "$(register 07.0047 current wk)"
same "07.0004 has none" 'invalid -' "$(register 07.0004 current wk)"
same "07.00ab has its own" "$before" "$(register 07.00ab current wk)"
for queue in 05.0004 05.00ab 06.0047; do
	same "$queue has no new key" 'empty -' "$(register $queue new)"
done

script <<'END'
takes "$(mdev 1)/unassign_control_domain" 0x47
same "without it guest1 may not ask EP11" 'refused: Invalid argument' "$(in_guest 1 ep11 07.0047 show)"
refused() { [[ $(in_guest 1 cca 05.0047 command MP AES-MK RANDOM) == refused:* ]]; }
check "without it guest1 may no longer" refused
takes "$(mdev 1)/assign_control_domain" 0xab
allowed() { [[ $(in_guest 1 cca 05.00ab command MP AES-MK RANDOM) == ok ]]; }
check "it may command another one that it is given" wait_until 60 allowed
for guest in 1 2; do
	check "guest$guest: no queue is offline" in_guest $guest '! lszcrypt | grep offline'
	check "guest$guest: RSA, on all that compute it" in_guest $guest 'rsa --bits 1024 $(lszcrypt | sed -n "/EP11/d;s/^\([0-9a-f]*\.[0-9a-f]*\) .*online.*/\1/p")'
	guest_is_well $guest
done
END
same "05.0047 has got no new key" 'empty -' "$(register 05.0047 new)"
same "05.00ab has" full "$(register 05.00ab new | cut -d ' ' -f 1)"
the_end
