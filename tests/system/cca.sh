#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# CCA coprocessors of three generations: what Linux shows of them, RSA, random numbers,
# elliptic curves and OpenSSL by way of libica, secure keys by the kernel's own client.
#
# timeout: 400
. tests/vms.sh
. tests/clients.sh

boot vm guest -plugin "$BUILD/swcex.so,card=4:CEX4C,card=5:CEX7C,card=6:CEX8C,domain=4+0x47"

all_online() { [ "$(in_vm vm lszcrypt -V | grep -c 'online.*cex4queue')" = 6 ]; }
check "its queues come online" wait_until 60 all_online
same "its cards" "04 CEX4C CCA-Coproc,05 CEX7C CCA-Coproc,06 CEX8C CCA-Coproc" \
	"$(in_vm vm lszcrypt -V | awk '$1 !~ /\./ && $2 ~ /CEX/ { print $1, $2, $3 }' | paste -sd ,)"

# attribute DEVICE NAME: prints an attribute of a card or queue.
attribute() { in_vm vm cat "/sys/bus/ap/devices/$1/$2"; }
same "serial numbers" "93000004 93000005 93000006" \
	"$(for card in card04 card05 card06; do attribute $card serialnr; done | paste -sd ' ')"
same "a domain's master keys" "AES NEW: empty,AES CUR: valid,AES OLD: invalid,$(
	)APKA NEW: empty,APKA CUR: valid,APKA OLD: invalid,ASYM NEW: empty,ASYM CUR: valid,ASYM OLD: invalid" \
	"$(attribute 06.0047 mkvps | cut -d ' ' -f 1-3 | paste -sd ,)"
patterns=$(for queue in 04.0004 04.0047 06.0004; do attribute $queue mkvps; done | grep CUR | sort -u | wc -l)
same "each domain has master keys of its own" 9 "$patterns"

for bits in 1024 2048 4096; do
	check "RSA-$bits on 06.0004" in_vm vm rsa --bits $bits 06.0004
done
check "RSA-2048 on 04.0047" in_vm vm rsa 04.0047
check "RSA-1023 in an odd number of bytes, on 05.0004" in_vm vm rsa --bits 1023 05.0004

check "of 2000 damaged RSA requests, some are done, the others refused" in_vm vm rsa_hostile 2000

same "RSA by libica is as OpenSSL's, with exponents and by CRT" ok "$(in_vm vm rsa_ica)"

same "the kernel has a random number generator" zcrypt "$(in_vm vm cat /sys/class/misc/hw_random/rng_current)"
check "which passes rngtest" in_vm vm hwrng-test 30

in_vm vm icastats -r
check "elliptic curves by libica are as OpenSSL's" in_vm vm ec
check "RSA and curves are said to be in hardware" in_vm vm \
	'[ "$(icainfo-cex | grep -cE "(ECDH|ECDSA Sign|ECDSA Verify|EC Keygen|RSA ME|RSA CRT) *[|] *yes")" = 6 ]'

openssl genrsa -traditional 4096 >"$run/key" 2>/dev/null
in_vm vm "cat >key <<'END'
$(cat "$run/key")
END
echo message >message"
check "ibmca is configured in vm" configure_ibmca vm
sign='OPENSSL_CONF=ibmca.cnf LIBICA_FALLBACK_MODE=0 openssl dgst -sha256 -sign key -out signature message'
check "openssl signs by ibmca and libica, without software" in_vm vm "$sign"
check "openssl verifies that in software" in_vm vm openssl dgst -sha256 -prverify key -signature signature message
same "icastats counts all of it in hardware" "$curves_counted,RSA 1 0" \
	"$(in_vm vm icastats | counted | awk '/^EC/ { print } /^RSA/ { hardware += $2; software += $3 }
		END { print "RSA", hardware, software }' | paste -sd ,)"

words='OP      KEYLN32 AESDATA         '
check "a key is made by KG" in_vm vm ": >k && cca 06.0004 request KG token=k part=$(printf %s "$words" | od -An -v -tx1 | tr -d ' \n')"
protect='cca 06.0004 request US part=00040001 token=k'
same "a protected key is made of it by US" 1 "$(in_vm vm "$protect" | grep -cE '^[0-9a-f]{292}$')"
for byte in 9 20; do
	same "with another byte $byte, its sum is wrong" 'return code 8, reason code 29' "$(in_vm vm "$protect damage=$byte")"
done

check "all queues are online still" all_online
has_key_client vm pkey-cca || the_end
clear=00112233445566778899aabbccddeeff0123456789abcdef0011223344556677
for bits in 128 192 256; do
	key=$(echo $clear | cut -c "1-$((bits / 4))")
	for type in cca-data cca-cipher; do
		what="$type, $bits bits"
		check "$what: made on 06.0004" in_vm vm pkey $type 06.0004 generate $bits k
		check "$what: known there" in_vm vm pkey $type 06.0004 verify k
		same "$what: not known to 06.0047" 'refused: No such device' \
			"$(in_vm vm pkey $type 06.0047 verify k)"
		same "$what: of no use to 06.0047" 'refused: Input/output error' \
			"$(in_vm vm pkey $type 06.0047 protect k)"
		check "$what: made of a clear key on 06.0047" in_vm vm pkey $type 06.0047 import "$key" a
		check "$what: made of it on 06.0004" in_vm vm pkey $type 06.0004 import "$key" b
		same "$what: the tokens differ" 1 "$(in_vm vm 'cmp -s a b; echo $?')"
		same "$what: the protected keys do not" "$(in_vm vm pkey $type 06.0047 protect a)" \
			"$(in_vm vm pkey $type 06.0004 protect b)"
	done
done

# A key that may be exported in more ways than to CPACF, but in none of those
# that the kernel permits otherwise. Its management field is at byte 50.
check "flags: a key is made" in_vm vm pkey cca-cipher 06.0004 generate 256 k e0c8
same "flags: it has them" e800 "$(in_vm vm 'dd if=k bs=1 skip=50 count=2 status=none | od -An -tx1' | tr -d ' ')"
check "flags: it serves" in_vm vm pkey cca-cipher 06.0004 protect k
check "all queues are online still" all_online
the_end
