#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's clients, unmodified, in the LPAR and in a guest that mdevctl made and that has
# queues of all three kinds of adapters: what they show, what they do, how they fail when an
# adapter is checkstopped, and that they recover. Types are CEX7, the newest of which the
# lszcrypt of Debian 12 knows the capabilities.
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

# In each VM, HERE stands for its name, FIRST and SECOND for its domains.
cat >"$run/words" <<'END'
card() { cat "/sys/bus/ap/devices/$1/request_count"; }
scan() { echo 1 >/sys/bus/ap/scans; }

# rows: what lszcrypt lists, without the queues that are lent to guests.
rows() { lszcrypt -V | gawk '$NF ~ /^cex4/'; }
# statuses CARD: of the card and its queues. Later versions tell why a card is offline.
statuses() { rows | gawk -v card="$1" '$1 ~ "^" card { sub("chkstop", "offline"); print $4 }' | paste -sd ' '; }
has_statuses() { scan && [[ $(statuses "$1") == "$2" ]]; }
becomes()
{
	wait_until 60 has_statuses "$1" "$2 $2 $2"
	same "$HERE: card $1 and its queues are $2" "$2 $2 $2" "$(statuses "$1")"
}

# sign BITS: by openssl, ibmca and libica, which has no software to fall back to.
sign() { OPENSSL_CONF=ibmca.cnf LIBICA_FALLBACK_MODE=0 openssl dgst -sha256 -sign "key$1" -out signature message; }
# The same openssl without ibmca.
verify() { openssl dgst -sha256 -prverify "key$1" -signature signature message; }
# rsa_counts: of icastats, in hardware and in software.
rsa_counts()
{
	icastats | sed -nE 's/^ *RSA-(ME|CRT) *[|] *([0-9]+) *[|] *([0-9]+) *$/\2 \3/p' |
		gawk '{ hardware += $1; software += $2 } END { print hardware, software }'
}
# signs HOW BITS...: which icastats counts.
signs()
{
	icastats -r >/dev/null
	for bits in "${@:2}"; do
		check "$HERE: openssl signs by $1, RSA-$bits" sign $bits
		check "$HERE: openssl without ibmca finds that good" verify $bits
	done
	same "$HERE: icastats counts them in hardware" "$(($# - 1)) 0" "$(rsa_counts)"
}
# icainfo_says RSA CURVES: whether they are there in hardware.
icainfo_says()
{
	same "$HERE: icainfo, RSA in hardware" "$1 $1" \
		"$(icainfo | sed -nE 's/^ *RSA (ME|CRT) *[|] *(yes|no) .*/\2/p' | paste -sd ' ')"
	same "$HERE: icainfo, elliptic curves in hardware" "$2 $2 $2 $2" \
		"$(icainfo | sed -nE 's/^ *(ECDH|ECDSA Sign|ECDSA Verify|EC Keygen) *[|] *(yes|no) .*/\2/p' | paste -sd ' ')"
}
END

cat >"$run/shown" <<'END'
same "$HERE: lszcrypt -V lists cards and queues" \
	"$(for row in '04 CEX7A Accelerator' '05 CEX7C CCA-Coproc' '06 CEX7P EP11-Coproc'; do
		for domain in '' ".$FIRST" ".$SECOND"; do echo "${row/ /$domain } online"; done
	done)" "$(rows | gawk '{ print $1, $2, $3, $4 }')"
same "$HERE: no dash where a machine shows a value" '' \
	"$(rows | gawk '{ for (i = 1; i <= NF; i++) if ($i == "-") print }')"
same "$HERE: lszcrypt -b is complete" \
	'ap_domain ap_max_domain_id ap_interrupts config_time poll_thread poll_timeout' \
	"$(lszcrypt -b | sed -nE 's/^([a-z_]+)(=0x[0-9a-f]+|=[0-9]+ \([a-z]+\)| (is|are) (dis|en)abled)$/\1/p' | paste -sd ' ')"
same "$HERE: lszcrypt -d shows its domains" "$SEEN" "$(lszcrypt -d |
	gawk '/^ *[0-9a-f]0 / { for (i = 2; i <= NF; i++) if ($i == "B") printf "%s%x ", substr($1, 1, 1), i - 2 }')"
for row in '04 RSA 4K Clear Key' '05 CCA Secure Key' '05 RSA 4K Clear Key' '06 EP11 Secure Key'; do
	check "$HERE: lszcrypt -c ${row%% *} shows: ${row#* }" eval "lszcrypt -c ${row%% *} | grep -q '${row#* }'"
done

# Serial numbers and master keys are shown by later versions than Debian 12's.
if lszcrypt --help | grep -q -- ' -s,'; then
	serials=$(lszcrypt -s | gawk '$1 ~ /^0[56]$/' | grep -o '930000[0-9]*' | paste -sd ' ')
	keys() { lszcrypt -c "$1"; }
else
	serials=$(cut -c 1-8 /sys/bus/ap/devices/card0[56]/serialnr | paste -sd ' ')
	keys() { cat "/sys/bus/ap/devices/$1/mkvps"; }
fi
same "$HERE: serial numbers" '93000005 93000006' "$serials"
same "$HERE: master keys of CCA" 'AES APKA ASYM' \
	"$(keys "05.$FIRST" | sed -nE 's/^(MK )?(AES|APKA|ASYM) CUR: valid .*/\2/p' | paste -sd ' ')"
check "$HERE: wrapping key of EP11" eval "keys 06.$FIRST | grep -q 'WK CUR: valid 0x'"
END

cat >"$run/works" <<'END'
icainfo_says yes yes
before=$(card card04)
signs accelerator 1024 2048 4096
check "$HERE: the accelerator did it" test $(($(card card04) - before)) -ge 3
before=$(card card05)
check "$HERE: /dev/hwrng passes rngtest" hwrng-test 10
check "$HERE: the CCA coprocessor fed it" test "$(card card05)" -gt "$before"
END

cat >"$run/taken" <<'END'
check "$HERE: chzcrypt takes the accelerator offline" chzcrypt -d 04
same "$HERE: lszcrypt shows it" 'offline offline offline' "$(statuses 04)"
before="$(card card04) $(card card05)"
signs 'CCA coprocessor' 1024 2048 4096
same "$HERE: the accelerator had no part in it" "${before% *}" "$(card card04)"
check "$HERE: the CCA coprocessor did it" test $(($(card card05) - ${before#* })) -ge 3
check "$HERE: chzcrypt takes the accelerator online" chzcrypt -e 04
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
becomes 05 offline
icainfo_says yes no
export LIBICA_CRYPT_DEVICE=/dev/ours
check "$HERE: openssl cannot sign by the node" eval '! sign 2048'
unset LIBICA_CRYPT_DEVICE
signs accelerator 2048
check "$HERE: chzcrypt cannot take the card online" eval '! chzcrypt -e 05'
check "$HERE: /dev/hwrng has nothing for rngtest" eval '! hwrng-test 10'
END

cat >"$run/gone" <<'END'
becomes 04 offline
icainfo_says no no
icastats -r >/dev/null
sign 2048
same "$HERE: no RSA in hardware, none by libica" '0 0' "$(rsa_counts)"
END

cat >"$run/mended" <<'END'
becomes 04 online
becomes 05 online
icainfo_says yes yes
signs accelerator 2048
export LIBICA_CRYPT_DEVICE=/dev/ours
signs 'the node' 2048
unset LIBICA_CRYPT_DEVICE
check "$HERE: /dev/hwrng passes rngtest again" hwrng-test 10
check "$HERE: zcryptctl destroys the node" zcryptctl destroy ours
check "$HERE: it is gone" wait_until 20 test ! -e /dev/ours
END

# in_each SCRIPT...: played in the LPAR, and in the guest.
in_each()
{
	for vm in lpar guest1.agent; do
		case $vm in
		lpar) here='HERE=lpar FIRST=0004 SECOND=0047 SEEN="04 06 47 ab "' ;;
		*) here='HERE=guest1 FIRST=0006 SECOND=00ab SEEN="06 ab "' ;;
		esac
		{
			echo "$here"
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

for vm in lpar guest1.agent; do
	for bits in 1024 2048 4096; do
		[ -e "$run/key$bits" ] || openssl genrsa -traditional -out "$run/key$bits" $bits 2>/dev/null
		in_vm $vm "echo '$(cat "$run/key$bits")' >key$bits"
	done
	in_vm $vm 'echo message >message'
	configure_ibmca $vm
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
