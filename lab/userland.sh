# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The root file system of all VMs. Sourced by lab/fetch.

# fetch_root WORK ARCHIVES: downloads its packages, all from the first release
# that has them. WORK/root.files lists their paths.
fetch_root()
{
	local release state
	for release in $(releases); do
		state=$(system_state "$1" "$2" "$release") || continue
		# shellcheck disable=SC2046 # words
		if apt_install "$state" $(part root); then
			cp "$state/files" "$1/root.files"
			note "$release, $(xargs du -ch <"$state/files" | tail -n 1 | cut -f 1)"
			return
		fi
		lose "a root file system of $release" "apt cannot resolve its dependencies"
	done
	return 1
}

# unpack_root KIT WORK: makes KIT/root.squashfs and KIT/busybox from what
# fetch_root, unpack_later and unpack_kernel have left.
unpack_root()
{
	local kit=$1 root=$2/root
	mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/etc"
	ln -s usr/bin usr/sbin usr/lib "$root"
	unpack "$root" "$2/root.files"
	rm -rf "$root"/usr/share/doc "$root"/usr/share/locale "$root"/usr/share/man
	echo 'root:x:0:0:root:/root:/bin/bash' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	cp -a "$kit/kernel/usr/lib/modules" "$root/usr/lib/"
	add_later "$root" "$2"
	cp "$root/usr/bin/busybox" "$kit/"
	squash_root "$root" "$kit"
}

# squash_root ROOT KIT
squash_root()
{
	mksquashfs "$1" "$2/root.squashfs" -all-root -no-xattrs -comp lz4 -no-progress
	note "$(size_of "$2/root.squashfs")"
}

# rebase_root KIT WORK BASE: makes the root file system of the kit BASE with
# this kernel's modules, and copies everything else of BASE.
rebase_root()
{
	local kit=$1 root=$2/root base=$3
	ln -s "../${base##*/}/qemu" "$kit/qemu"
	cp "$base/qemu-system-s390x" "$base/busybox" "$kit/"
	unsquashfs -q -n -no-xattrs -d "$root" "$base/root.squashfs"
	rm -rf "$root/usr/lib/modules"
	cp -a "$kit/kernel/usr/lib/modules" "$root/usr/lib/"
	squash_root "$root" "$kit"
}
