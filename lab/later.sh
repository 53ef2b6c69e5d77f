# SPDX-License-Identifier: GPL-2.0-only
#
# lszcrypt(8) and chzcrypt(8) of a later suite than this machine's may be, which show more: in
# the VMs they are in /usr/lib/later/bin, with the C library that they need. Debian has that for
# every machine that builds for s390x. Sourced by lab/fetch, whose variables and functions these
# functions use.
# shellcheck shell=sh disable=SC2154

index_later()
{
	apt_state "$tmp/apt-later" s390x
	apt_suite "$tmp/apt-later" "$mirror" trixie
	apt_in "$tmp/apt-later" apt-get update --error-on=any
}

fetch_later()
{
	mkdir "$tmp/later"
	cd "$tmp/later" || return
	# shellcheck disable=SC2046 # words
	apt_in "$tmp/apt-later" apt-get download $(part later)
	unpack "$tmp/later" "$tmp"/later/*.deb
	note "$(basename "$tmp"/later/s390-tools_*.deb _s390x.deb | tr _ ' ')"
}

# add_later ROOT
add_later()
{
	later=$1/usr/lib/later
	mkdir -p "$later/bin"
	cp "$tmp"/later/usr/sbin/??zcrypt "$later/bin/"
	cp "$tmp"/later/usr/s390x-linux-gnu/lib/libc.so.6 "$tmp"/later/usr/s390x-linux-gnu/lib/ld64.so.1 "$later/"
	wrap_programs "$1" '' usr/lib/later usr/lib/later/bin
}
