# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Packages of any architecture, unpacked to be used in place. Sourced by
# lab/fetch.

size_of() { du -sh "$1" | cut -f1; }

# unpack ROOT LIST [PATTERN]: unpacks the packages whose paths are in LIST, or
# those of them that match PATTERN, into ROOT without running maintainer
# scripts. Links to directories are kept.
unpack()
{
	local root=$1 deb
	mkdir -p "$root"
	while read -r deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --keep-directory-symlink --no-same-owner -C "$root" || return
	done < <(grep -E -- "${3-}" "$2")
}

# wrap_programs ROOT PLACE LIBRARY DIRECTORY...: replaces every program in these
# directories of ROOT, which will be moved to PLACE, by a script that starts it.
# Thus it finds the files beside it under its own path, and its libraries and
# their loader in LIBRARY.
wrap_programs()
{
	local root=$1 place=$2 library=$3 loader program
	shift 3
	loader=$(cd "$root" && echo "$library"/ld*.so.?)
	(cd "$root" && find "$@" -type f -perm -u+x ! -name '*.so*' ! -name '*.elf') | while read -r program; do
		readelf -lW "$root/$program" 2>/dev/null | grep -q 'Requesting program interpreter' || continue
		mv "$root/$program" "$root/$program.elf"
		cat >"$root/$program" <<-EOF
		#!/bin/sh
		exec "$place/$loader" --library-path "$place/$library" --argv0 "\$0" "$place/$program.elf" "\$@"
		EOF
		chmod +x "$root/$program"
	done
}
