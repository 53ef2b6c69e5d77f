# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A private QEMU with all libraries that it needs, as the host's QEMU may be too
# old. Sourced by lab/fetch.

# fetch_qemu KIT WORK ARCHIVES: makes KIT/qemu and KIT/qemu-system-s390x, from
# the first of the suites in lab/parts whose QEMU is recent enough.
fetch_qemu()
{
	local suite
	for suite in $(part qemu-suite); do
		! qemu_of "$suite" "$@" || return 0
		rm -rf "$1/qemu"
	done
	return 1
}

# qemu_of SUITE KIT WORK ARCHIVES: makes both from this suite.
qemu_of()
{
	local suite=$1 kit=$2 oldest state version
	oldest=$(part qemu-oldest)
	state=$(state_of "$3" "$4" "${suite%%-*}" "$(host_architecture)") || return
	# shellcheck disable=SC2046 # words
	if ! apt_install "$state" -t "$suite" $(part qemu); then
		lose "QEMU of $suite" "apt cannot resolve its dependencies"
		return 1
	fi
	unpack "$kit/qemu" "$state/files" || return
	rm -rf "$kit"/qemu/usr/share/doc "$kit"/qemu/usr/share/locale "$kit"/qemu/usr/share/man
	write_qemu_wrapper "$kit"
	version=$("$kit/qemu-system-s390x" --version | sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p')
	if ! [ "${version%%.*}" -ge $oldest ]; then
		lose "QEMU of $suite" "version $version, $oldest is needed"
		return 1
	fi
	note "version $version, $(size_of "$kit/qemu")"
}

# write_qemu_wrapper KIT: makes KIT/qemu-system-s390x, which starts KIT/qemu.
write_qemu_wrapper()
{
	local kit=$1 library loader
	library=$(cd "$kit/qemu" && dirname usr/lib/*/libc.so.6)
	loader=$(cd "$kit/qemu" && ls "$library"/ld-linux*.so.?)
	cat >"$kit/qemu-system-s390x" <<-EOF
	#!/bin/sh
	qemu=\${0%/*}/qemu
	export QEMU_MODULE_DIR="\$qemu/$library/qemu"
	exec "\$qemu/$loader" --library-path "\$qemu/$library" \\
		"\$qemu/usr/bin/qemu-system-s390x" -L "\$qemu/usr/share/qemu" "\$@"
	EOF
	chmod +x "$kit/qemu-system-s390x"
}
