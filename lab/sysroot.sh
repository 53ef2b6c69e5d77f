# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Headers and static libraries for s390x, with which programs for a VM or an IBM
# Z are built, from this machine's release if it has them; and the chzdev(8)
# with which tests compare apctl, from a later release, the first whose chzdev
# supports masks. It runs with the libraries that lab/later.sh puts into the
# VMs. Sourced by lab/fetch.

# sysroot_packages STATE: prints those packages of lab/parts that the state has.
# Debian's releases split a library into different packages.
sysroot_packages()
{
	local package
	for package in $(part sysroot); do
		[ -z "$(versions_of "$1" "$package")" ] || echo "$package:s390x"
	done
}

# fetch_sysroot KIT WORK ARCHIVES: makes KIT/usr.
fetch_sysroot()
{
	local kit=$1 release state
	for release in $(releases); do
		state=$(system_state "$2" "$3" "$release") || continue
		# shellcheck disable=SC2046 # words
		if apt_download_newest "$state" $(sysroot_packages "$state"); then
			unpack "$kit" "$state/files"
			rm -rf "${kit:?}/usr/share" "${kit:?}/usr/bin"
			note "$release, $(size_of "$kit/usr")"
			return
		fi
		lose "headers and libraries of $release" "not all can be fetched"
	done
	return 1
}

# fetch_chzdev KIT WORK ARCHIVES: makes KIT/later.
fetch_chzdev()
{
	local kit=$1 tree=$2/chzdev
	unpack_later "$tree" "$2" "$3" sysroot-later
	mkdir "$kit/later"
	cp "$tree/usr/sbin/chzdev" "$tree"/usr/lib/s390x-linux-gnu/libjson-c.so.5 "$kit/later/"
}
