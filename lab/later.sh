# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# lszcrypt(8) and chzcrypt(8) of a later suite, which show more than those of
# this machine's suite may. In the VMs they are in /usr/lib/later/bin, with the
# C library that they need, which Debian has for every machine that builds for
# s390x. Sourced by lab/fetch.

# unpack_later TREE WORK ARCHIVES KEY: unpacks the packages that lab/parts lists
# for KEY into TREE, from the first of the later releases that has them.
unpack_later()
{
	local release state
	for release in $(part later-release); do
		state=$(state_of "$2" "$3" "$release" s390x) || continue
		# shellcheck disable=SC2046 # words
		if apt_download_newest "$state" $(part "$4"); then
			unpack "$1" "$state/files"
			note "$(sed -n 's,.*/\(s390-tools\)_\([^_]*\)_.*,\1 \2,p' "$state/files")"
			return
		fi
	done
	return 1
}

# add_later ROOT WORK: copies what unpack_later has unpacked in WORK/later into
# ROOT.
add_later()
{
	local later=$1/usr/lib/later from=$2/later/usr
	mkdir -p "$later/bin"
	cp "$from"/sbin/??zcrypt "$later/bin/"
	cp "$from/s390x-linux-gnu/lib/libc.so.6" "$from/s390x-linux-gnu/lib/ld64.so.1" "$later/"
	wrap_programs "$1" '' usr/lib/later usr/lib/later/bin
}
