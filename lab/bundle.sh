# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A bundle holds kits in one file, for machines without a network and for the
# caches of CI. It is a tar.xz whose first member, bundle, says which kits
# follow, for which architecture, and where they were. Sourced by lab/fetch.

# write_bundle FILE KIT...: writes complete kits, which are in the same
# directory, to FILE.
write_bundle()
{
	local file=$1 kit cache work names=()
	shift
	for kit; do
		[ -e "$kit/kit.mk" ] || fail "$kit is not complete; make fetch completes it"
		names+=("${kit##*/}")
	done
	cache=$(dirname "$1")
	work=$(mktemp -d)
	printf '%s\n' "place $cache" "architecture $(host_architecture)" "${names[@]/#/kit }" >"$work/bundle"
	if ! XZ_OPT='-1 -T0' tar -cJf "$file.part" --owner=0 --group=0 \
		-C "$work" bundle -C "$cache" "${names[@]}"; then
		rm -rf "$work" "$file.part"
		fail "$file cannot be written"
	fi
	rm -r "$work"
	mv "$file.part" "$file"
	say "$file has ${names[*]}, $(size_of "$file")"
}

# bundle_index FILE: prints the first member, or fails if FILE is not a bundle.
bundle_index()
{
	[ -r "$1" ] || fail "the bundle $1 cannot be read; make kit-bundle writes one"
	tar -xJOf "$1" --occurrence=1 bundle 2>/dev/null || fail "$1 is not a bundle, or is damaged; make kit-bundle writes one"
}

# bundle_has FILE NAME: returns whether the bundle has the kit NAME for this
# machine, and says so if it does not.
bundle_has()
{
	local index wanted
	index=$(bundle_index "$1") || exit
	wanted="architecture $(host_architecture)"
	if grep -xF "$wanted" <<<"$index" >/dev/null && grep -xF "kit $2" <<<"$index" >/dev/null; then
		return
	fi
	say "the bundle $1 does not have the kit $2 for $(host_architecture), which this clone needs; it has $(grep -v '^place' <<<"$index" | lines -)"
	return 1
}

# unpack_bundle KIT WORK PLACE FILE NAME: fills KIT, which will be moved to
# PLACE, from the kit NAME in the bundle. Scripts and makefiles that contain the
# former place of the kit are changed.
unpack_bundle()
{
	local kit=$1 place=$3 old each texts=()
	old=$(bundle_index "$4" | sed -n 's/^place //p')/$5
	tar -xJf "$4" --no-same-owner --strip-components=1 -C "$kit" "$5"
	rm "$kit/kit.mk"
	for each in "$kit"/kernel/usr/src "$kit"/kernel/headers/ "$kit"/kernel/usr/lib/linux-kbuild* "$kit"/compiler; do
		[ ! -e "$each" ] || texts+=("$each")
	done
	if [ ${#texts[@]} != 0 ]; then
		grep -rlIZF "$old/" "${texts[@]}" >"$2/texts"
		xargs -0 sed -i "s,$old/,$place/,g" <"$2/texts"
	fi
	note "$(size_of "$kit")"
}
