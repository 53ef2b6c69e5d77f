#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# swcex run boots any root: a directory, a tarball, images of file systems and
# of disks. None of them changes unless --write is given. tests/debian-root does
# the same with Debian's.
#
# timeout: 300
exec 3>&1 1>&2
. tests/tap.sh
. "$BUILD/lab/config"

run=$(mktemp -d)
kits=${XDG_CACHE_HOME:-$HOME/.cache}/swcex
trap 'rm -rf "$run"' EXIT
export TMPDIR="$run/tmp" XDG_CACHE_HOME="$run/cache"
tree=$run/tree
mkdir -p "$TMPDIR" "$run/here" "$XDG_CACHE_HOME/swcex" "$tree/bin" "$tree/etc"
for kit in "$kits"/*-*/; do
	ln -s "$kit" "$XDG_CACHE_HOME/swcex/"
done
cp "$KIT/busybox" "$tree/bin/"
for name in sh cat ls head; do
	ln -s busybox "$tree/bin/$name"
done
echo original >"$tree/etc/mark"
PATH=$PATH:/usr/sbin:/sbin

# swcex ARGUMENT...: prints its output, or the sentence with which it ends.
swcex() { (cd "$run/here" && "$BUILD/swcex" run -q --cpus 1 "$@" </dev/null 2>&1); }

# change ARGUMENT...: prints the root's mark after the command has changed it,
# and a file of the AP bus.
change() { swcex "$@" -- sh -c 'echo changed >/etc/mark; cat /etc/mark; ls /sys/bus/ap/devices/card05/hwtype'; }
changed="changed
/sys/bus/ap/devices/card05/hwtype"

# boots NAME ROOT: checks that the command can change the root, but that the
# next one does not see that.
boots() { same "$1" "$changed" "$(change --root "$2")"; }

# little N: prints a number of 32 bits in the form of a partition table.
little() { printf '%b' "$(printf '\\0%o\\0%o\\0%o\\0%o' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)))"; }

# entry START SIZE: prints the entry of a Linux partition, in sectors.
entry() { printf '\0\0\0\0\203\0\0\0'; little "$1"; little "$2"; }

# partitioned FILE IMAGE: makes a disk with two partitions, the second of which
# contains the image.
partitioned()
{
	truncate -s 40M "$1"
	{ entry 64 1024; entry 2048 65536; } | dd of="$1" bs=1 seek=446 conv=notrunc status=none
	printf '\125\252' | dd of="$1" bs=1 seek=510 conv=notrunc status=none
	dd if="$2" of="$1" bs=512 seek=2048 conv=notrunc status=none
}

boots "a directory" "$tree"
same "... is as it was" original "$(cat "$tree/etc/mark")"
mke2fs -q -t ext4 -d "$tree" "$run/root.ext4" 32M
sum=$(sha256sum <"$run/root.ext4")
boots "an image of ext4" "$run/root.ext4"
same "... is as it was" "$sum" "$(sha256sum <"$run/root.ext4")"
tar -C "$tree" -czf "$run/root.tar.gz" .
boots "a tarball" "$run/root.tar.gz"
mksquashfs "$tree" "$run/root.squashfs" -quiet -no-progress
boots "an image of squashfs" "$run/root.squashfs"
partitioned "$run/disk" "$run/root.ext4"
boots "a disk's second partition" "$run/disk"

# Images as clouds have them.
cat >"$run/proto" <<END
/dev/null 0 0 d--755 0 0
bin d--755 0 0
busybox ---755 0 0 $tree/bin/busybox
sh l--777 0 0 busybox
cat l--777 0 0 busybox
ls l--777 0 0 busybox
\$
etc d--755 0 0
mark ---644 0 0 $tree/etc/mark
\$
\$
END
truncate -s 320M "$run/root.xfs" "$run/root.btrfs"
mkfs.xfs -q -p "$run/proto" "$run/root.xfs"
boots "an image of xfs" "$run/root.xfs"
mkfs.btrfs -q --rootdir "$tree" "$run/root.btrfs"
boots "an image of btrfs" "$run/root.btrfs"
truncate -s 360M "$run/gpt"
printf 'label: gpt\nstart=2048, size=32768\nstart=34816, size=655360\n' | sfdisk -q "$run/gpt"
mke2fs -q -t ext4 -E offset=$((2048 * 512)) "$run/gpt" 16M
dd if="$run/root.xfs" of="$run/gpt" bs=512 seek=34816 conv=notrunc,sparse status=none
qemu-img convert -O qcow2 "$run/gpt" "$run/root.qcow2"
sum=$(sha256sum <"$run/root.qcow2")
boots "qcow2: the root is behind the partition that boots" "$run/root.qcow2"
same "... is as it was" "$sum" "$(sha256sum <"$run/root.qcow2")"
same "--write changes qcow2" "$changed" "$(change --write --root "$run/root.qcow2")"
same "... for ever" changed "$(swcex --root "$run/root.qcow2" -- cat /etc/mark)"
qemu-img check -q "$run/root.qcow2"
same "... and leaves it whole" 0 $?
qemu-img create -q -f qcow2 -b "$run/root.qcow2" -F qcow2 "$run/backed.qcow2"
qemu-img create -q -f qcow2 -o "data_file=$run/data,data_file_raw=on" "$run/split.qcow2" 32M
alone="contents of this image are in another file that it names; \`qemu-img convert -O qcow2\` makes one that stands alone"
for name in backed split; do
	same "qcow2 that names other files is refused ($name)" "swcex run: --root $run/$name.qcow2: $alone" \
		"$(swcex --root "$run/$name.qcow2" -- true)"
done
cp "$run/root.ext4" "$run/lost.ext4"
swcex --write --console "$run/console" --root "$run/lost.ext4" -- sh -c 'echo lost >/etc/mark; /bin/busybox sync
	echo b >/proc/sysrq-trigger; read -r'
check "an image that was not unmounted" eval 'dumpe2fs -h "$run/lost.ext4" 2>/dev/null | grep needs_recovery'
sum=$(sha256sum <"$run/lost.ext4")
same "... has what was written" lost "$(swcex --root "$run/lost.ext4" -- cat /etc/mark)"
same "... and is as it was" "$sum" "$(sha256sum <"$run/lost.ext4")"

same "--write changes an image" "$changed" "$(change --write --root "$run/root.ext4")"
same "... for ever" changed "$(swcex --root "$run/root.ext4" -- cat /etc/mark)"
same "--write changes a directory" "$changed" "$(change --write --root "$tree")"
same "... for ever" changed "$(cat "$tree/etc/mark")"
for kernel in 6.1 7; do
	if [ -e "$("$PWD/lab/kit-name" $kernel)/kit.mk" ]; then
		same "ext4 on kernel $kernel" changed "$(swcex --kernel $kernel --root "$run/root.ext4" -- cat /etc/mark)"
	else
		skip "ext4 on kernel $kernel" "its kit has not been fetched"
	fi
done

# systemd as process 1, which tests/guest/init.c plays.
booted=$run/booted
cp -r "$tree" "$booted"
mkdir -p "$booted/usr/lib/systemd"
cp "$BUILD/tests/guest/init" "$booted/usr/lib/systemd/systemd"
for name in cut grep sleep; do
	ln -s busybox "$booted/bin/$name"
done
mke2fs -q -t ext4 -d "$booted" "$run/booted.ext4" 32M
same "--systemd: it is process 1, and the command another; streams and status pass" \
	"/usr/lib/systemd/systemd $run/here in 3" "$(echo in | (cd "$run/here" && "$BUILD/swcex" run -q --cpus 1 --systemd \
	--root "$booted" -- sh -c 'echo "$(cut -d "" -f 1 /proc/1/cmdline) $PWD $(cat)"; [ $$ != 1 ] || exit; exit 3'; echo $?) 2>&1 | paste -sd ' ')"
same "... the directory was not there to be cleaned up" "" "$(swcex --systemd --root "$booted" -- grep ^share /run/booted)"
same "... --write leaves an image as if it were unmounted" "changed 0" \
	"$(swcex --systemd --write --root "$run/booted.ext4" -- sh -c 'echo changed >/etc/mark'
	echo "$(debugfs -R 'cat /etc/mark' "$run/booted.ext4" 2>/dev/null) $(dumpe2fs -h "$run/booted.ext4" 2>&1 | grep -c needs_recovery)")"
same "... in a guest" guest1 "$(swcex --guest --memory 512 --systemd --root "$booted" -- cat /proc/sys/kernel/hostname)"

# said NAME WORDS ARGUMENT...: checks that the run fails, and that its sentence
# contains the words.
said()
{
	point=$1 words=$2
	shift 2
	output=$(swcex "$@") && output="no failure: $output" words=/
	case $output in
	*"$words"*) ok "$point" ;;
	*) not_ok "$point" "\"$words\" is not in: $output" ;;
	esac
}
# A program that takes its time stands in for the one that makes an image.
mkdir "$run/slow"
printf '#!/bin/sh\nsleep 987.%s\n' $$ >"$run/slow/sqfstar"
chmod 755 "$run/slow/sqfstar"
touch "$run/root.tar.gz"
working() { pgrep -f "^sleep 987[.]$$\$" >/dev/null; }
gone() { ! working && ! ls -d "$XDG_CACHE_HOME"/swcex/roots/part.* 2>/dev/null; }
for signal in INT TERM HUP KILL; do
	PATH=$run/slow:$PATH env --default-signal "$BUILD/swcex" run -q -C "$run/here" --root "$run/root.tar.gz" -- true &
	wait_until 20 working
	kill -$signal $!
	wait $!
	check "SIG$signal while an image is made leaves nothing" wait_until 10 gone
done

truncate -s 8M "$run/nothing"
partitioned "$run/empty" "$run/nothing"
head -c 1000 "$run/root.tar.gz" >"$run/damaged.gz"
flock --no-fork "$run/root.ext4" sleep 60 &
holder=$!
wait_until 10 eval '! flock -n "$run/root.ext4" true'
said "a root that another run uses" "another run writes to it" --root "$run/root.ext4" -- true
said "--write to it" "wait for its end" --write --root "$run/root.ext4" -- true
kill "$holder"
mkfifo "$run/fifo"
said "what is no file" "no directory, no tarball" --root "$run/fifo" -- true
said "no such root" "a root is debian:trixie" --root /none/such -- true
said "no such suite" "--root debian:none" --root debian:none -- true
said "no such kind of root" "qemu-img convert" --root "$tree/bin/busybox" -- true
said "a damaged tarball" "cannot be read" --root "$run/damaged.gz" -- true
said "a disk without a root" "no partition of ext4" --root "$run/empty" -- true
said "--systemd and a root without" "--root debian:trixie has one" --systemd --root "$tree" -- true
said "--write and a tarball" "unpack it" --write --root "$run/root.tar.gz" -- true
said "--write and squashfs" "squashfs" --write --root "$run/root.squashfs" -- true
said "--write and the kit's root" "in a cache" --write -- true
said "--write and Debian's root" "in a cache" --write --root debian:bookworm -- true
said "--packages and another root" "root of Debian" --root "$tree" --packages jq -- true
said "--install what is no package" "no Debian package" --root debian:bookworm --install "$tree/etc/mark" -- true
finish
