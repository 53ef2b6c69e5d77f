# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The compiler of another release, for which this machine's C library may be too
# old. It is unpacked into the kit, and its programs are started with the
# libraries that come with it. Sourced by lab/fetch.

# fetch_compiler KIT WORK ARCHIVES PLACE RELEASE: fills KIT/compiler, which will
# be moved to PLACE/compiler. The kernel's own programs, such as modpost, are of
# the same release and need its libraries.
fetch_compiler()
{
	local kit=$1 place=$4 state kbuild library
	state=$(state_of "$2" "$3" "$5" "$(host_architecture)")
	kbuild=$(basename "$kit"/kernel/usr/lib/linux-kbuild-*)
	apt_install "$state" gcc-s390x-linux-gnu "$kbuild"
	grep -v "/${kbuild}_[^/]*\$" "$state/files" >"$2/compiler.files"
	mkdir -p "$kit/compiler/usr/bin" "$kit/compiler/usr/lib"
	ln -s usr/lib "$kit/compiler/lib"
	unpack "$kit/compiler" "$2/compiler.files"
	rm -rf "$kit"/compiler/usr/share
	library=$(cd "$kit" && dirname compiler/usr/lib/*-linux-gnu/libc.so.6)
	wrap_programs "$kit" "$place" "$library" compiler/usr "kernel/usr/lib/$kbuild"
	sed -i '/CROSS_COMPILE =/d' "$kit/kernel/headers/.kernelvariables"
	note "gcc $(basename "$kit"/compiler/usr/lib/gcc-cross/s390x-linux-gnu/*), $(size_of "$kit/compiler")"
}
