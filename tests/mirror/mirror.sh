# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A mirror of small packages, for tests of lab/fetch: those of a kit, with nothing in them but what
# lab/fetch looks for. Sourced. Suites lie at MIRROR/SITE, and each has packages of its own.

mirror_host=$(dpkg --print-architecture)
mirror_triplet=$(gcc -dumpmachine)

# mirror_package SUITE_DIRECTORY NAME VERSION ARCH [FILE=TEXT]...: adds a package; a FILE whose text
# begins with #! is executable.
mirror_package()
{
	local pool=$1 name=$2 version=$3 arch=$4 tree file
	shift 4
	tree=$(mktemp -d)
	mkdir -p "$tree/DEBIAN" "$pool"
	printf '%s\n' "Package: $name" "Version: $version" "Architecture: $arch" \
		"Maintainer: tests <tests@localhost>" "Description: $name" >"$tree/DEBIAN/control"
	for file; do
		mkdir -p "$(dirname "$tree/${file%%=*}")"
		printf '%s\n' "${file#*=}" >"$tree/${file%%=*}"
		case ${file#*=} in '#!'*) chmod +x "$tree/${file%%=*}" ;; esac
	done
	dpkg-deb --root-owner-group -Znone -b "$tree" "$pool/" >/dev/null
	rm -r "$tree"
}

# mirror_kernel SUITE_DIRECTORY ABI VERSION
mirror_kernel()
{
	local pool=$1 abi=$2 version=$3 series tree
	series=$(echo "$abi" | cut -d . -f 1-2)
	tree=$(mktemp -d)
	mkdir -p "$tree/linux-source-$series/drivers/s390"
	echo "$version" >"$tree/linux-source-$series/drivers/s390/version"
	mkdir -p "$tree/source/usr/src" "$tree/source/DEBIAN"
	tar -cJf "$tree/source/usr/src/linux-source-$series.tar.xz" -C "$tree" "linux-source-$series"
	# Of a size that an interruption finds half of.
	head -c 400000 /dev/urandom >"$tree/source/usr/src/ballast"
	printf '%s\n' "Package: linux-source-$series" "Version: $version" "Architecture: all" \
		"Maintainer: tests <tests@localhost>" "Description: source" >"$tree/source/DEBIAN/control"
	mkdir -p "$pool"
	dpkg-deb --root-owner-group -Znone -b "$tree/source" "$pool/" >/dev/null
	rm -r "$tree"
	mirror_package "$pool" "linux-image-$abi-s390x" "$version" s390x \
		"boot/vmlinuz-$abi-s390x=image" "usr/lib/modules/$abi-s390x/modules.order="
	mirror_package "$pool" "linux-headers-$abi-s390x" "$version" s390x \
		"usr/src/linux-headers-$abi-s390x/Makefile=include /usr/src/linux-headers-$abi-common/Makefile" \
		"usr/src/linux-headers-$abi-s390x/.kernelvariables=CROSS_COMPILE = s390x-linux-gnu-" \
		"usr/src/linux-headers-$abi-s390x/Module.symvers="
	mirror_package "$pool" "linux-headers-$abi-common" "$version" all "usr/src/linux-headers-$abi-common/Makefile="
	mirror_package "$pool" "linux-kbuild-$series" "$version" "$mirror_host" "usr/lib/linux-kbuild-$series/modpost="
}

# mirror_qemu SUITE_DIRECTORY VERSION: its loader, which its wrapper starts, says the version.
mirror_qemu()
{
	mirror_package "$1" qemu-system-s390x "1:$2+ds-1" "$mirror_host" usr/bin/qemu-system-s390x= \
		"usr/lib/$mirror_triplet/libc.so.6=" \
		"usr/lib/$mirror_triplet/ld-linux.so.2=#!/bin/sh
echo QEMU emulator version $2"
}

# mirror_root SUITE_DIRECTORY VERSION: two packages of the root file system, and those of the later
# programs and of the sysroot.
mirror_root()
{
	mirror_package "$1" base-files "$2" s390x "usr/share/suite=$2"
	mirror_package "$1" busybox-static "$2" s390x "usr/bin/busybox=#!$2"
	mirror_package "$1" s390-tools "$2" s390x usr/sbin/lszcrypt= usr/sbin/chzcrypt= usr/sbin/chzdev=
	mirror_package "$1" libglib2.0-dev "$2" s390x "usr/include/glib.h=$2"
	mirror_package "$1" libjson-c5 "$2" s390x usr/lib/s390x-linux-gnu/libjson-c.so.5=
	mirror_package "$1" libc6-s390x-cross "$2" all usr/s390x-linux-gnu/lib/libc.so.6= usr/s390x-linux-gnu/lib/ld64.so.1=
}

# mirror_compiler SUITE_DIRECTORY VERSION
mirror_compiler()
{
	mirror_package "$1" gcc-s390x-linux-gnu "$2" "$mirror_host" "usr/lib/$mirror_triplet/libc.so.6=" \
		"usr/lib/$mirror_triplet/ld-linux.so.2=" "usr/lib/gcc-cross/s390x-linux-gnu/$2/cc1="
}

# mirror_source SUITE_DIRECTORY NAME VERSION: adds a source package of that version of upstream; Debian's
# part of it is debian/.
mirror_source()
{
	local pool=$1 name=$2 version=$3 tree
	tree=$(mktemp -d)
	mkdir -p "$tree/$name-$version/debian/source" "$pool"
	echo "$version" >"$tree/$name-$version/version"
	tar -cJf "$tree/${name}_$version.orig.tar.xz" -C "$tree" "$name-$version/version"
	printf '%s\n' '3.0 (quilt)' >"$tree/$name-$version/debian/source/format"
	printf '%s\n' "Source: $name" 'Maintainer: tests <tests@localhost>' '' "Package: $name" 'Architecture: all' \
		"Description: $name" >"$tree/$name-$version/debian/control"
	printf '%s\n' "$name ($version-1) unstable; urgency=low" '' '  * Made.' '' \
		' -- tests <tests@localhost>  Sat, 01 Jan 2000 00:00:00 +0000' >"$tree/$name-$version/debian/changelog"
	(cd "$tree" && dpkg-source -b "$name-$version")
	cp "$tree/${name}_$version"* "$pool/"
	rm -r "$tree"
}

# mirror_index SITE SUITE: indexes SITE/pool/SUITE.
mirror_index()
{
	(
		cd "$1" || return
		mkdir -p "pool/$2"
		for arch in s390x "$mirror_host"; do
			mkdir -p "dists/$2/main/binary-$arch"
			apt-ftparchive --arch "$arch" packages "pool/$2" >"dists/$2/main/binary-$arch/Packages"
		done
		mkdir -p "dists/$2/main/source"
		apt-ftparchive sources "pool/$2" >"dists/$2/main/source/Sources"
		rm -f "dists/$2/Release"
		apt-ftparchive -o APT::FTPArchive::Release::Suite="$2" -o APT::FTPArchive::Release::Codename="$2" \
			-o APT::FTPArchive::Release::Components=main \
			-o APT::FTPArchive::Release::Architectures="s390x $mirror_host" release "dists/$2" >Release.part
		mv Release.part "dists/$2/Release"
	)
}
