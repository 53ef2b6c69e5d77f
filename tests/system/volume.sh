#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Data at rest: a LUKS2 volume whose volume key is a secure key of a CCA domain. It outlives the
# VM; it opens with that domain's master key and with no other; when the master key changes, its
# key is re-enciphered; without the master key it is lost.
#
# timeout: 300
. tests/vms.sh
. tests/clients.sh

cat >"$run/machine" <<END
adapter 05 CEX8C
domain 0004
END
machine "$run/machine"
key_type=cca-cipher
. tests/volumes.sh

cat >>"$run/vocabulary" <<'END'
token=136	# bytes of a token of a CCA cipher key
# reencipher FROM TO: re-enciphers each of the two tokens for the current master key.
reencipher() {
	head -c $token "$1" >a && tail -c $token "$1" >b &&
	for half in a b; do cca 05.0004 request KT RTCMK token=$half || return; done &&
	cat a b >"$2"
}
END

# console ACTION ...: prints what the key console answers.
console() { machine_says "$run" master-key "$@"; }
# change BYTE: sets a master key that consists of this byte.
change() { printf "$1%.0s" $(seq 32) | console load 05.0004 aes - && console set 05.0004 aes; }

boot_with_volume first -a "$run/swcexd.socket" lpar
agreement
makes_volume
shuts_down first

boot_with_volume second -a "$run/swcexd.socket" lpar
reads_volume second
check "the master key changes" change 01
check "under the old one, the volume opens" with_volume second 'open_volume && cryptsetup close volume'
check "its key is taken out of the header" with_volume second \
	'cryptsetup luksDump --batch-mode --dump-volume-key --volume-key-file old --key-file pass $disk'
check "and re-enciphered" with_volume second reencipher old new
check "it is another token" with_volume second '! cmp -s old new'
check "the old master key is cleared" console clear 05.0004 aes old
refuses "not re-enciphered" second
check "the header gets the key" with_volume second format new
reads_volume second
shuts_down second

boot_with_volume other guest -plugin "$BUILD/swcex.so,card=5:CEX8C,domain=4"
refuses "a VM with another master key" other
shuts_down other

boot_with_volume third -a "$run/swcexd.socket" lpar
check "the volume opens, before the key console wipes the domain" with_volume third 'open_volume && cryptsetup close volume'
check "the master key is overwritten" change 02
check "and so is the old one" console clear 05.0004 aes old
refuses "a wiped domain" third
the_end
