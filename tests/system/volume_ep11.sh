#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Data at rest, as in volume.sh, with secure keys of an EP11 domain, which re-encrypts them before
# its wrapping key changes.
#
# timeout: 200
. tests/vms.sh
. tests/clients.sh

cat >"$run/machine" <<END
adapter 05 CEX8P
domain 0004
END
machine "$run/machine"
key_type=ep11-aes
. tests/volumes.sh

cat >>"$run/vocabulary" <<'END'
# reencrypt FROM TO: re-encrypts the blob of each half for the pending wrapping key. 16 bytes are
# before each blob.
reencrypt() {
	half=$(($(wc -c <"$1") / 2)) && : >"$2" &&
	for at in 0 $half; do
		tail -c +$((at + 1)) "$1" | head -c 16 >>"$2" &&
		blob=$(tail -c +$((at + 17)) "$1" | head -c $((half - 16)) | basenc --base16 -w 0) &&
		answer=$(ep11 05.0004 reencrypt "$blob") &&
		echo "${answer#ok }" | tr a-f A-F | basenc -d --base16 >>"$2" || return
	done
}
END

console() { machine_says "$run" master-key "$@"; }

boot_with_volume first -a "$run/swcexd.socket" lpar
agreement
makes_volume
reads_volume first
check "the next wrapping key is loaded" console load 05.0004 wk "$(printf '01%.0s' $(seq 32))"
check "the volume key is re-encrypted for it" with_volume first reencrypt key new
check "it is another one" with_volume first '! cmp -s key new'
check "the wrapping key changes" console set 05.0004 wk
refuses "not re-encrypted" first
check "the header gets the key" with_volume first format new
reads_volume first
shuts_down first

boot_with_volume other guest -plugin "$BUILD/swcex.so,card=5:CEX8P,domain=4"
refuses "a VM with another wrapping key" other
the_end
