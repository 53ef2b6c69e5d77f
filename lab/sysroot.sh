# SPDX-License-Identifier: GPL-2.0-only
#
# Headers and static libraries of s390x that programs for a VM or an IBM Z are built with, from
# this machine's suite, and the chzdev(8) of a later suite that tests compare apctl with: the first
# that knows masks. It runs with the libraries that lab/later.sh has in the VMs. Sourced by lab/fetch, whose variables and functions these functions use.
# shellcheck shell=sh disable=SC2154

# Debian cuts a library's files into packages differently from suite to suite.
sysroot_packages()
{
	for package in $(part sysroot); do
		[ -z "$(versions_of "$package")" ] || echo "$package:s390x"
	done
}

fetch_sysroot()
{
	mkdir "$tmp/sysroot"
	cd "$tmp/sysroot" || return
	# shellcheck disable=SC2046 # words
	apt_in "$tmp/apt" apt-get download $(sysroot_packages)
	unpack "$kit" "$tmp"/sysroot/*.deb
	rm -rf "${kit:?}/usr/share" "${kit:?}/usr/bin"
	note "$(size_of "$kit/usr")"
}

fetch_chzdev()
{
	mkdir "$tmp/chzdev" "$kit/later"
	cd "$tmp/chzdev" || return
	# shellcheck disable=SC2046 # words
	apt_in "$tmp/apt-later" apt-get download $(part sysroot-later)
	unpack "$tmp/chzdev" "$tmp"/chzdev/*.deb
	cp "$tmp/chzdev/usr/sbin/chzdev" "$tmp"/chzdev/usr/lib/s390x-linux-gnu/libjson-c.so.5 "$kit/later/"
	note "$(basename "$tmp"/chzdev/s390-tools_*.deb _s390x.deb | tr _ ' ')"
}

fill_sysroot()
{
	# shellcheck disable=SC2034 # lab/fetch writes it down
	distribution=$codename contents=sysroot
	step "index of $distribution for s390x" index_system
	step "headers and libraries for s390x" fetch_sysroot
	step "index of trixie for s390x" index_later
	step "chzdev" fetch_chzdev
}
