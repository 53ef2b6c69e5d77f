# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The source package of a client of adapters, with the libraries for s390x that
# it is linked with. Sourced by lab/fetch.

# source_state WORK ARCHIVES RELEASE: does system_state, and adds the index of
# source packages.
source_state()
{
	local state
	state=$(system_state "$@") || return
	if ! grep -q '^deb-src ' "$state/sources.list"; then
		sed 's/^deb /deb-src /' "$state/sources.list" >"$state/sources"
		cat "$state/sources" >>"$state/sources.list"
		apt_in "$state" apt-get update >&2 || echo "some indexes cannot be fetched" >&2
	fi
	echo "$state"
}

# download_source STATE PACKAGE [OPTION]: downloads a source package, or those
# parts of it that the option of `apt-get source` names.
download_source()
{
	(cd "$1/archives" && apt_in "$1" apt-get source --download-only "${@:3}" "$2") >"$1/source.log" 2>&1 && return
	cat "$1/source.log"
	lose "the source of $2${3:+, $3}" \
		"$(sed -n 's/  */ /g; s,^E: Failed to fetch [^ ]*/\([^ ]*\) \(.*\) \[IP.*,\1: \2,p; t; s/^E: //p' "$1/source.log" | head -n 1)"
	return 1
}

# file_of STATE PACKAGE PATTERN: prints the path of that file of the package,
# which has been downloaded.
file_of()
{
	(cd "$1/empty" && apt_in "$1" apt-get source --print-uris "$2") |
		sed -n "s,^'[^']*' \([^ ]*$3\) .*,$1/archives/\1,p"
}

# unpack_package STATE PACKAGE TREE, unpack_upstream STATE PACKAGE TREE: fill
# TREE with the source as Debian builds it, or with upstream's.
unpack_package()
{
	dpkg-source --no-check -x "$(file_of "$1" "$2" '[.]dsc')" "$3"
	note "$(basename "$(file_of "$1" "$2" '[.]dsc')" .dsc)"
}
unpack_upstream()
{
	local file
	file=$(file_of "$1" "$2" '[.]orig[.]tar[.][a-z0-9]*')
	mkdir "$3"
	tar -x --no-same-owner --strip-components=1 -C "$3" -f "$file"
	note "$(basename "$file"), without Debian's patches"
}

# fetch_source PACKAGE TREE WORK ARCHIVES: makes TREE, of the first release of
# which the package can be fetched, or at least what upstream has released.
fetch_source()
{
	local release state
	for release in $(releases); do
		state=$(source_state "$3" "$4" "$release") || continue
		if download_source "$state" "$1"; then
			unpack_package "$state" "$1" "$2"
		elif download_source "$state" "$1" --tar-only; then
			unpack_upstream "$state" "$1" "$2"
		else
			continue
		fi
		return
	done
	return 1
}

# fetch_libraries KIT WORK ARCHIVES PACKAGE...: unpacks these s390x packages of
# the first release that has all of them into KIT.
fetch_libraries()
{
	local kit=$1 release state
	for release in $(releases); do
		state=$(system_state "$2" "$3" "$release") || continue
		if apt_download_newest "$state" "${@:4}"; then
			unpack "$kit" "$state/files"
			rm -rf "${kit:?}/usr/share"
			note "$release, $(size_of "$kit/usr")"
			return
		fi
		lose "libraries of $release" "not all can be fetched"
	done
	return 1
}

# fill_client PACKAGE KIT WORK ARCHIVES PLACE: makes KIT/source and KIT/usr, as
# the line of lab/parts says.
fill_client()
{
	demand_mirror
	mkdir -p "$4"
	step "$3" "source of $1" fetch_source "$1" "$2/source" "$3" "$4"
	# shellcheck disable=SC2046 # words
	step "$3" "its libraries" fetch_libraries "$2" "$3" "$4" \
		$(part client | sed -n "s/^$1 //p" | tr ' ' '\n' | sed 's/$/:s390x/')
}
