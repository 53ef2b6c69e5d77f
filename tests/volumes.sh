# SPDX-License-Identifier: GPL-2.0-only
#
# What tests of volumes share: a file $run/volume is the disk of VMs, whose volume key is two secure
# keys of $key_type, which the test sets. It is sourced after vms.sh and clients.sh, when swcexd
# serves.
# shellcheck shell=sh disable=SC2154

truncate -s 40M "$run/volume"

# The vocabulary of a VM: $disk is the volume, and $type is the type of its keys.
cat >"$run/vocabulary" <<END
type=$key_type
END
cat >>"$run/vocabulary" <<'END'
mkdir -p /run/mnt
disk=$(grep -lx volume /sys/block/*/serial) disk=${disk%/serial} disk=/dev/${disk##*/}
echo secret >pass
# generate FILE: generates a volume key.
generate() { pkey $type 05.0004 generate 256 a && pkey $type 05.0004 generate 256 b && cat a b >"$1"; }
# format FILE: puts a LUKS header with that volume key before the data.
format() {
	cryptsetup luksFormat --batch-mode --type luks2 --cipher paes-xts-plain64 --sector-size 4096 \
		--volume-key-file "$1" --key-size $((8 * $(wc -c <"$1"))) \
		--pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file pass $disk
}
open_volume() { cryptsetup open --key-file pass $disk volume; }
mount_volume() { open_volume && mount /dev/mapper/volume /run/mnt; }
close_volume() { umount /run/mnt && cryptsetup close volume; }
# plain CIPHER KEY: opens the file image, which has no header.
plain() {
	cryptsetup open --type plain --cipher "$1" --key-file "$2" \
		--key-size $((8 * $(wc -c <"$2"))) image plain
}
# reads_as CIPHER KEY: returns whether the file image has the same data as the file text.
reads_as() { plain "$1" "$2" && cmp -n 65536 /dev/mapper/plain text; status=$?; cryptsetup close plain; return $status; }
# agrees MODE TOKEN CLEAR: returns whether software reads by the clear key what the protected key
# has written.
agrees() {
	head -c 65536 /dev/urandom >text && truncate -s 65536 image && plain "paes-$1" "$2" &&
	dd if=text of=/dev/mapper/plain bs=64k conv=fsync && cryptsetup close plain &&
	! cmp -s image text && reads_as "aes-$1" "$3" && reads_as "paes-$1" "$2"
}
END

is_online() { in_vm "$1" lszcrypt -V | grep -q 'online.*cex4queue'; }

# boot_with_volume VM [lab/vm OPTION]... ROLE [QEMU ARGUMENT]...: boots a VM that has the volume.
boot_with_volume()
{
	name=$1
	boot "$@" -blockdev driver=file,node-name=volume,filename="$run/volume" \
		-device virtio-blk-ccw,drive=volume,serial=volume
	check "$name: its domain comes online" wait_until 60 is_online "$name"
	has_key_client "$name" pkey-cca pkey-ep11 || the_end
	in_vm "$name" modinfo -n paes_s390 || {
		skip "$name: the kernel has its ciphers" "this kernel has no framework for ciphers"
		the_end
	}
	check "$name: the kernel has its ciphers" in_vm "$name" modprobe -a paes_s390 dm-crypt ext4 loop
	in_vm "$name" "cat >vocabulary <<'END OF VOCABULARY'
$(cat "$run/vocabulary")
END OF VOCABULARY"
}

# with_volume VM COMMAND...: runs COMMAND there, in words of the vocabulary.
with_volume()
{
	vm=$1
	shift
	in_vm "$vm" ". ./vocabulary && $*"
}

# refuses NAME VM: checks that the passphrase is right, but the volume does not open.
refuses()
{
	check "$1: the passphrase is right" with_volume "$2" 'cryptsetup open --test-passphrase --key-file pass $disk'
	same "$1: the volume does not open" refused "$(with_volume "$2" 'open_volume >/dev/console 2>&1 && echo opened || echo refused')"
}

# shuts_down VM: judges its kernel, and checks that it shuts down.
shuts_down()
{
	healthy "$1"
	process=$(echo "$vms" | tr ' ' '\n' | sed -n "s/^$1=//p")
	in_vm "$1" poweroff	# has no answer: the VM is off
	if wait "$process"; then
		ok "$1 shuts down"
	else
		not_ok "$1 shuts down" "exit status $?"
	fi
	vms=$(echo "$vms" | sed "s/ $1=[0-9]*//")
}

# self_tests: the kernel's own tests of its ciphers, in the VM "first". They use clear keys, which Linux 7
# takes only if paes_s390 was loaded so.
self_tests()
{
	in_vm first "clrkey=/sys/module/paes_s390/parameters/clrkey
		[ ! -e \$clrkey ] || { modprobe -r paes_s390 && modprobe paes_s390 clrkey=1; } &&
		modprobe paes_selftest && modprobe -r paes_selftest && modprobe -r paes_s390 && modprobe paes_s390"
}

# agreement: checks in the VM "first" that CPACF agrees with the kernel's vectors, and with software in
# XTS and CBC.
agreement()
{
	check "the kernel makes a protected key of a random one" in_vm first \
		'test "$(cat /sys/devices/virtual/misc/pkey/protkey/protkey_aes_256 | wc -c)" = 80'
	check "the kernel's self-tests of its ciphers pass" self_tests
	one=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
	two=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
	check "keys are imported" with_volume first "pkey \$type 05.0004 import $one a && pkey \$type 05.0004 import $two b &&
		cat a b >both && echo $one | tr a-f A-F | basenc -d --base16 >clear-a && echo $one$two | tr a-f A-F | basenc -d --base16 >clear-both"
	check "XTS: CPACF and software agree" with_volume first agrees xts-plain64 both clear-both
	check "CBC: CPACF and software agree" with_volume first agrees cbc-plain64 a clear-a
}

# makes_volume: checks that the VM "first" makes a volume with data, and leaves its key in the file
# key.
makes_volume()
{
	check "a volume key is generated" with_volume first generate key
	check "the volume gets its header" with_volume first format key
	check "it gets a file system" with_volume first 'open_volume && mkfs.ext4 -q /dev/mapper/volume && mount /dev/mapper/volume /run/mnt'
	check "data is written" with_volume first 'seq 100000 >/run/mnt/data && echo these words are at rest >/run/mnt/words && close_volume'
	same "none of it is in clear" 0 "$(grep -c 'these words are at rest' "$run/volume")"
}

# reads_volume VM: checks that the volume opens there, and has the data.
reads_volume()
{
	check "$1: the volume opens" with_volume "$1" mount_volume
	same "$1: its data is there" "$(seq 100000 | cksum)" "$(in_vm "$1" 'cksum </run/mnt/data')"
	check "$1: it closes" with_volume "$1" close_volume
}
