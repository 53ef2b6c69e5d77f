# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Packages of any architecture, unpacked to be used where they lie. Sourced by lab/fetch.

size_of() { du -sh "$1" | cut -f1; }

# unpack ROOT LIST [PATTERN]: unpacks the packages whose paths LIST has, or those of them that match
# PATTERN, below ROOT without running maintainer scripts; links to directories stay.
unpack()
{
	local root=$1 deb
	mkdir -p "$root"
	while read -r deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --keep-directory-symlink --no-same-owner -C "$root" || return
	done < <(grep -E -- "${3-}" "$2")
}

# wrap_programs ROOT PLACE LIBRARY DIRECTORY...: every program below these directories of ROOT, which
# will lie at PLACE, becomes a script that starts it, so that it finds its companions where it
# believes itself to be, and its libraries and their loader in LIBRARY.
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
