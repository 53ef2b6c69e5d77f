#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's unmodified clients, in the LPAR and in a guest that mdevctl has
# started and that has queues of all three kinds of adapters: what they show and
# do, how they fail when an adapter is checkstopped, and that they recover. The
# types are CEX7, the newest whose capabilities the lszcrypt of Debian 12 knows.
# A later lszcrypt shows the same and more.
#
# timeout: 900
. tests/vms.sh

cat >"$run/machine" <<-END
	adapter 04 CEX7A
	adapter 05 CEX7C
	adapter 06 CEX7P
	domain 0004 0006 0047 00ab
END
machine "$run/machine"
boot_lpar

# registers QUEUE: prints its master keys as the key console shows them, in the
# form in which the kernel should show them. The kernel shows no old wrapping
# key.
registers()
{
	machine_says "$run" master-key show "$1" | awk '
		$1 == "wk" && $2 == "old" { next }
		{ none = $1 == "wk" ? "-" : $1 == "asym" ? sprintf("0x%032d", 0) : sprintf("0x%016d", 0) }
		{ print toupper($1), toupper(substr($2, 1, 3)) ":", $3, $4 == "-" ? none : "0x" $4 }' | LC_ALL=C sort
}
# load QUEUE BYTE: loads a new AES master key that consists of this byte.
load() { printf "$2%.0s" $(seq 32) | machine_says "$run" master-key load "$1" aes -; }
for queue in 05.0004 05.0006; do
	check "$queue gets a master key" load $queue 01
	check "which becomes current" machine_says "$run" master-key set $queue aes
	check "and another one, which does not" load $queue 02
	same "all three are there" 'AES CUR: valid,AES NEW: full,AES OLD: valid' \
		"$(registers $queue | sed -n '/^AES/s/ 0x.*//p' | paste -sd ,)"
done

# In each VM, HERE stands for its name, FIRST and SECOND for its domains, CCA_KEYS and EP11_KEYS
# for the registers of the first one.
cat tests/clients.sh - >"$run/words" <<'END'
card() { cat "/sys/bus/ap/devices/$1/request_count"; }
scan() { echo 1 >/sys/bus/ap/scans; }

# rows: prints what lszcrypt lists, without the queues that are given to guests.
rows() { lszcrypt -V | gawk '$NF ~ /^cex4/'; }
# statuses CARD: prints those of the card and its queues. Earlier versions do
# not show why a card is offline.
statuses() { rows | gawk -v card="$1" '$1 ~ "^" card { print $4 }' | paste -sd ' '; }
knows_serials() { lszcrypt --help | grep -q -- ' -s,'; }
shown_as() { if knows_serials; then echo "$1"; else echo "${1//chkstop/offline}"; fi; }
has_statuses() { scan && [[ $(later statuses "$1") == "$2" ]]; }
becomes()
{
	wait_until 60 has_statuses "$1" "$2 $2 $2"
	same "$HERE: card $1 and its queues are $2" "$2 $2 $2" "$(later statuses "$1")"
	same "$HERE: as this suite's lszcrypt shows it" "$(shown_as "$2 $2 $2")" "$(statuses "$1")"
	same "$HERE: as the kernel shows it" "${3-0 0 0}" \
		"$(cd /sys/bus/ap/devices && cat card$1/chkstop $1.$FIRST/chkstop $1.$SECOND/chkstop | paste -sd ' ')"
}

# has_serials STATUS SERIAL: checks those of the CCA coprocessor; the other
# coprocessor is online.
has_serials()
{
	same "$HERE: lszcrypt -s, CCA coprocessor $1" "CARD.DOM TYPE MODE STATUS SERIALNR
05 CEX7C CCA-Coproc $1 $2
06 CEX7P EP11-Coproc online 93000006" "$(later lszcrypt -s | sed '2d;s/  */ /g;s/ $//')"
}
# has_keys QUEUE REGISTERS
has_keys()
{
	same "$HERE: master keys of $1" "$2" "$(LC_ALL=C sort /sys/bus/ap/devices/$1/mkvps)"
	same "$HERE: lszcrypt -c $1" "queue $1 capabilities:
$(sed -n '/CUR/s/^/MK /p' <<<"$2")" "$(later lszcrypt -c $1)"
}

# sign BITS: signs by openssl, ibmca and libica without its software fallback.
sign() { OPENSSL_CONF=ibmca.cnf LIBICA_FALLBACK_MODE=0 openssl dgst -sha256 -sign "key$1" -out signature message; }
# Verify by the same openssl without ibmca.
verify() { openssl dgst -sha256 -prverify "key$1" -signature signature message; }
# rsa_counts: prints those of icastats, in hardware and in software.
rsa_counts()
{
	icastats | counted | gawk '/^RSA/ { hardware += $2; software += $3 } END { print hardware, software }'
}
# signs HOW BITS...: checks signatures, and that icastats counts them.
signs()
{
	icastats -r >/dev/null
	for bits in "${@:2}"; do
		check "$HERE: openssl signs by $1, RSA-$bits" sign $bits
		check "$HERE: openssl without ibmca finds that good" verify $bits
	done
	same "$HERE: icastats counts them in hardware" "$(($# - 1)) 0" "$(rsa_counts)"
}
# computes_rsa: checks 12 messages by libica itself, in both forms, as Debian's
# ibmca never uses CRT.
computes_rsa()
{
	icastats -r >/dev/null
	same "$HERE: RSA by libica is as OpenSSL's, with exponents and by CRT" ok "$(rsa_ica)"
	same "$HERE: icastats counts it in hardware" 'RSA-ME 12 0,RSA-CRT 12 0' \
		"$(icastats | counted | grep ^RSA | paste -sd ,)"
}
# computes_curves: checks that icastats counts them. ec requests twelve more
# signatures, which are wrong.
computes_curves()
{
	icastats -r >/dev/null
	before=$(card card05)
	check "$HERE: elliptic curves by libica are as OpenSSL's" ec
	same "$HERE: icastats counts them in hardware" "$curves_counted" "$(icastats | counted | grep ^EC | paste -sd ,)"
	check "$HERE: the CCA coprocessor did it" test $(($(card card05) - before)) -ge 72
}
# feeds_hwrng: checks that each request brings a page of random numbers, of
# which one may be left from before.
feeds_hwrng()
{
	same "$HERE: /dev/hwrng is the kernel's CCA client" zcrypt "$(</sys/class/misc/hw_random/rng_current)"
	before=$(card card05)
	check "$HERE: /dev/hwrng passes rngtest" hwrng-test 10
	check "$HERE: the CCA coprocessor fed it" test $(($(card card05) - before)) -ge 6
}
# icainfo_says RSA CURVES: checks whether they are available in hardware.
icainfo_says()
{
	same "$HERE: icainfo, RSA in hardware" "$1 $1" \
		"$(icainfo | sed -nE 's/^ *RSA (ME|CRT) *[|] *(yes|no) .*/\2/p' | paste -sd ' ')"
	same "$HERE: icainfo, elliptic curves in hardware" "$2 $2 $2 $2" \
		"$(icainfo | sed -nE 's/^ *(ECDH|ECDSA Sign|ECDSA Verify|EC Keygen) *[|] *(yes|no) .*/\2/p' | paste -sd ' ')"
}
END

cat >"$run/shown" <<'END'
# shown NAME: checks what every lszcrypt shows; this one is called NAME.
shown()
{
	same "$HERE: $1 -V lists cards and queues" \
		"$(for row in '04 CEX7A Accelerator' '05 CEX7C CCA-Coproc' '06 CEX7P EP11-Coproc'; do
			for domain in '' ".$FIRST" ".$SECOND"; do echo "${row/ /$domain } online"; done
		done)" "$(rows | gawk '{ print $1, $2, $3, $4 }')"
	same "$HERE: $1 -V has no dash where a machine shows a value" '' \
		"$(rows | gawk '{ for (i = 1; i <= NF; i++) if ($i == "-") print }')"
	same "$HERE: $1 -b is complete" \
		'ap_domain ap_max_domain_id ap_interrupts config_time poll_thread poll_timeout' \
		"$(lszcrypt -b | sed -nE 's/^([a-z_]+)(=0x[0-9a-f]+|=[0-9]+ \([a-z]+\)| (is|are) (dis|en)abled)$/\1/p' | paste -sd ' ')"
	same "$HERE: $1 -d shows its domains" "$SEEN" "$(lszcrypt -d |
		gawk '/^ *[0-9a-f]0 / { for (i = 2; i <= NF; i++) if ($i == "B") printf "%s%x ", substr($1, 1, 1), i - 2 }')"
	for card in '04 A' '05 C' '06 P'; do
		same "$HERE: $1 -c ${card% *}" "card${card% *} provides capability for:
$(capabilities "${card#* }")" "$(lszcrypt -c "${card% *}" | grep -vFx "$limit")"
	done
}
shown lszcrypt
later shown 'later lszcrypt'
for card in 04 05 06; do
	same "$HERE: later lszcrypt -c $card tells the longest message" "$limit" "$(later lszcrypt -c $card | tail -n 1)"
done
has_serials online 93000005
has_keys "05.$FIRST" "$CCA_KEYS"
has_keys "06.$FIRST" "$EP11_KEYS"
END

cat >"$run/works" <<'END'
icainfo_says yes yes
before=$(card card04)
signs accelerator 1024 2048 4096
check "$HERE: the accelerator did it" test $(($(card card04) - before)) -ge 3
before=$(card card04)
computes_rsa
check "$HERE: the accelerator did it, too" test $(($(card card04) - before)) -ge 24
computes_curves
feeds_hwrng
END

cat >"$run/taken" <<'END'
check "$HERE: chzcrypt takes the accelerator offline" chzcrypt -d 04
same "$HERE: lszcrypt shows it" 'offline offline offline' "$(later statuses 04)"
before="$(card card04) $(card card05)"
signs 'CCA coprocessor' 1024 2048 4096
same "$HERE: the accelerator had no part in it" "${before% *}" "$(card card04)"
check "$HERE: the CCA coprocessor did it" test $(($(card card05) - ${before#* })) -ge 3
before=$(card card05)
computes_rsa
check "$HERE: the CCA coprocessor did it, too" test $(($(card card05) - before)) -ge 24
check "$HERE: the later chzcrypt takes the accelerator online" later chzcrypt -e 04
same "$HERE: lszcrypt shows that, too" 'online online online' "$(statuses 04)"

check "$HERE: zcryptctl makes a device node" zcryptctl create ours
for word in 'addap ours 5' "adddom ours $((16#$FIRST))" 'addioctl ours ALL'; do
	check "$HERE: zcryptctl ${word% *}" eval "zcryptctl $word"
done
before="$(card card04) $(card "05.$FIRST")"
export LIBICA_CRYPT_DEVICE=/dev/ours
signs 'the node' 2048
unset LIBICA_CRYPT_DEVICE
same "$HERE: on no other adapter" "${before% *}" "$(card card04)"
check "$HERE: on the queue of the node" test "$(card "05.$FIRST")" -gt "${before#* }"
END

cat >"$run/broken" <<'END'
becomes 05 chkstop '1 1 1'
has_serials chkstop -
has_keys "05.$FIRST" "$(sed 's/:.*/: - -/' <<<"$CCA_KEYS")"
icainfo_says yes no
export LIBICA_CRYPT_DEVICE=/dev/ours
same "$HERE: openssl cannot sign by the node" 'Error signing data' "$(sign 2048 2>&1 | head -n 1)"
unset LIBICA_CRYPT_DEVICE
signs accelerator 2048
same "$HERE: no elliptic curve is computed" '12 generate: failed: Operation not permitted' \
	"$(ec | sed 's/^[^ ]* //' | sort | uniq -c | sed 's/^ *//')"
for tool in chzcrypt 'later chzcrypt'; do
	same "$HERE: $tool cannot take the card online" \
		'chzcrypt: Error - unable to set cryptographic device card05 online.' "$($tool -e 05 2>&1)"
done
said=$(put /sys/bus/ap/devices/card05/online 1)
same "$HERE: for a reason" "$ENODEV" "${said##*: }"
same "$HERE: /dev/hwrng has nothing for rngtest" "head: error reading '/dev/hwrng': Input/output error" \
	"$(hwrng-test 10 2>&1 | grep ^head)"
END

cat >"$run/gone" <<'END'
becomes 04 chkstop '1 1 1'
icainfo_says no no
icastats -r >/dev/null
check "$HERE: openssl signs by itself" sign 2048
check "$HERE: openssl without ibmca finds that good" verify 2048
same "$HERE: no RSA in hardware, none by libica" '0 0' "$(rsa_counts)"
END

cat >"$run/mended" <<'END'
becomes 04 online
becomes 05 online
has_serials online 93000005
has_keys "05.$FIRST" "$CCA_KEYS"
icainfo_says yes yes
signs accelerator 2048
export LIBICA_CRYPT_DEVICE=/dev/ours
signs 'the node' 2048
unset LIBICA_CRYPT_DEVICE
computes_curves
feeds_hwrng
check "$HERE: zcryptctl destroys the node" zcryptctl destroy ours
check "$HERE: it is gone" wait_until 20 test ! -e /dev/ours
END

# in_each SCRIPT...: runs it in the LPAR, and in the guest.
in_each()
{
	for vm in lpar guests/guest1; do
		case $vm in
		lpar) first=0004 here='HERE=lpar SECOND=0047 SEEN="04 06 47 ab "' ;;
		*) first=0006 here='HERE=guest1 SECOND=00ab SEEN="06 ab "' ;;
		esac
		{
			echo "$here FIRST=$first"
			echo "CCA_KEYS='$(registers 05.$first)' EP11_KEYS='$(registers 06.$first)'"
			cat "$run/words"
			for part; do cat "$run/$part"; done
		} >"$run/script"
		play $vm "$run/script"
	done
}

script <<'END'
modprobe sie
modprobe -a mdev vfio_iommu_type1
check "vfio_ap is loaded" modprobe vfio_ap
takes /sys/bus/ap/aqmask -6,-0xab
lent='04.0006 04.00ab 05.0006 05.00ab 06.0006 06.00ab'
check "vfio_ap gets two domains" wait_until 20 all_driven_by vfio_ap "$lent"
check "mdevctl knows the type" eval 'mdevctl types | grep -qx "  *vfio_ap-passthrough"'
device="-u $(uuid 1)"
check "mdevctl defines a device" mdevctl define $device -p matrix -t vfio_ap-passthrough
for number in 4 5 6; do
	check "to have adapter $number" mdevctl modify $device --addattr assign_adapter --value $number
done
for number in 6 0xab; do
	check "to have domain $number" mdevctl modify $device --addattr assign_domain --value $number
	check "and control domain $number" \
		mdevctl modify $device --addattr assign_control_domain --value $number
done
check "to be started by itself" mdevctl modify $device --auto
same "mdevctl has it in a file" auto "$(jq -r .start "/etc/mdevctl.d/matrix/$(uuid 1)")"
check "mdevctl starts it" mdevctl start $device
shows "$(mdev 1)/matrix" "$lent"
same "mdevctl lists it" "$(uuid 1) matrix vfio_ap-passthrough" \
	"$(mdevctl list | gawk 'NF { print $1, $2, $3 }')"
check "mdevctl stops it" mdevctl stop $device
check "it is gone" test ! -e "$(mdev 1)"
check "what udev's rule calls starts it" mdevctl start-parent-mdevs matrix
shows "$(mdev 1)/matrix" "$lent"
start_guest 1
boots 1
comes_to_see 1 "$lent"
END

for vm in lpar guests/guest1; do
	for bits in 1024 2048 4096; do
		[ -e "$run/key$bits" ] || openssl genrsa -traditional -out "$run/key$bits" $bits 2>/dev/null
		in_vm $vm "echo '$(cat "$run/key$bits")' >key$bits"
	done
	in_vm $vm 'echo message >message'
	check "ibmca is configured in $vm" configure_ibmca $vm
done

in_each shown works taken
check "the CCA coprocessor is checkstopped" machine_says "$run" checkstop 05
in_each broken
check "the accelerator is checkstopped, too" machine_says "$run" checkstop 04
in_each gone
check "both are configured" eval 'machine_says "$run" configure 04 && machine_says "$run" configure 05'
in_each mended
script <<'END'
guest_is_well 1
in_guest 1 poweroff
check "guest1 shuts down" wait_until 60 eval '! pgrep qemu-system'
END
the_end
