# SPDX-License-Identifier: GPL-2.0-only
#
# The compiler of another suite, which this machine's C library may be too old for: unpacked
# below the kit, its programs started with the libraries that came along. Sourced by
# lab/fetch, whose variables these functions use.
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
	wrap_programs "$kit/compiler/usr" "$kit/kernel/usr/lib/$kbuild"
	sed -i '/CROSS_COMPILE =/d' "$kit/kernel/headers/.kernelvariables"
	note "gcc $(basename "$kit"/compiler/usr/lib/gcc-cross/s390x-linux-gnu/*), $(size_of "$kit/compiler")"
}

# wrap_programs FOLDER...: every program there becomes a script that starts it, so that it
# finds its companions where it believes itself to be, and its libraries.
wrap_programs()
{
	library=$(cd "$kit/compiler" && dirname usr/lib/*-linux-gnu/libc.so.6)
	loader=$(cd "$kit/compiler" && echo "$library"/ld-linux*.so.?)
	find "$@" -type f -perm -u+x ! -name '*.so*' | while read -r program; do
		readelf -lW "$program" 2>/dev/null | grep -q 'Requesting program interpreter' || continue
		mv "$program" "$program.elf"
		cat >"$program" <<-EOF
		#!/bin/sh
		libraries=$folder/compiler/$library
		exec "$folder/compiler/$loader" --library-path "\$libraries" --argv0 "\$0" "$folder${program#"$kit"}.elf" "\$@"
		EOF
		chmod +x "$program"
	done
}
