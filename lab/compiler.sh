# SPDX-License-Identifier: GPL-2.0-only
#
# The compiler of another suite, which this machine's C library may be too old for: unpacked
# below the kit, its programs started with the libraries that came along. Sourced by
# lab/fetch, whose variables and functions these functions use.
# shellcheck shell=sh disable=SC2154

index_compiler()
{
	apt_state "$tmp/apt-compiler" "$host"
	apt_suite "$tmp/apt-compiler" "$mirror" "$distribution"
	apt_in "$tmp/apt-compiler" apt-get update --error-on=any
}

# The kernel's own programs, such as modpost, are of the same suite and need its libraries.
fetch_compiler()
{
	kbuild=$(basename "$kit"/kernel/usr/lib/linux-kbuild-*)
	apt_in "$tmp/apt-compiler" apt-get install --download-only gcc-s390x-linux-gnu "$kbuild"
	rm "$tmp/apt-compiler/archives/$kbuild"_*.deb
	mkdir -p "$kit/compiler/usr/bin" "$kit/compiler/usr/lib"
	ln -s usr/lib "$kit/compiler/lib"
	unpack "$kit/compiler" "$tmp"/apt-compiler/archives/*.deb
	rm -rf "$kit"/compiler/usr/share
	library=$(cd "$kit" && dirname compiler/usr/lib/*-linux-gnu/libc.so.6)
	wrap_programs "$kit" "$folder" "$library" compiler/usr "kernel/usr/lib/$kbuild"
	sed -i '/CROSS_COMPILE =/d' "$kit/kernel/headers/.kernelvariables"
	note "gcc $(basename "$kit"/compiler/usr/lib/gcc-cross/s390x-linux-gnu/*), $(size_of "$kit/compiler")"
}
