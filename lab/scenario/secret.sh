# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# What guest1 keeps under a secure key of 05.0004: a volume, by the ciphers of paes_s390
# (lab/build.mk). With a kernel that has no framework for ciphers, it has the key alone. Sourced
# behind stage.sh.
#
# $secret	what it is
# keeps_secret	guest1 makes it, and guest2 gets a copy
# secret_opens	guest2 opens it by 05.0004
# secret_is_refused	guest2 cannot, by any queue that it has

pieces=pkey
[ ! -e "$BUILD/modules/pkey-cca.ko" ] || pieces=pkey-cca
generate='pkey cca-cipher 05.0004 generate 256'

if [ -e "$BUILD/modules/paes_s390.ko" ]; then
	secret='a volume under a secure key'
	pieces="$pieces paes_s390 dm-crypt ext4 loop"
	open='cryptsetup open --type plain --cipher paes-xts-plain64 --key-file key --key-size 2176 volume disk'

	keeps_secret() {
		guest guest1 "modprobe -a $pieces
$generate half
$generate other-half
cat half other-half >key"
		guest guest1 "truncate -s 256K volume && mkdir at-rest
$open &&
mkfs.ext2 -q /dev/mapper/disk && mount /dev/mapper/disk at-rest
echo these words are at rest >at-rest/words
umount at-rest && cryptsetup close disk"
		guest guest2 "modprobe -a $pieces"
		carry guest1 guest2 volume key
		say "guest2 gets a copy of the volume, and of its key"
	}

	secret_is_refused() {
		refuses guest2 "$open"
	}

	secret_opens() {
		guest guest2 "$open &&
mkdir at-rest && mount /dev/mapper/disk at-rest && cat at-rest/words
umount at-rest && cryptsetup close disk"
		expect "these words are at rest"
	}
else
	secret='a secure key'

	keeps_secret() {
		guest guest1 "modprobe $pieces && $generate key"
		guest guest1 "pkey cca-cipher 05.0004 verify key"
		guest guest2 "modprobe $pieces"
		carry guest1 guest2 key
		say "guest2 gets a copy of the key"
	}

	secret_is_refused() {
		refuses guest2 "pkey cca-cipher 05.0047 protect key"
		refuses guest2 "pkey cca-cipher 05.0004 protect key"
	}

	secret_opens() {
		guest guest2 "pkey cca-cipher 05.0004 protect key"
	}
fi
