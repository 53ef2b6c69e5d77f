# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The packages that the build needs on this machine. Sourced by lab/fetch.

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages()
{
	local package
	for package; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
			grep -x installed >/dev/null || echo "$package"
	done | paste -sd ' '
}

# is_debian: returns whether this machine runs a release of Debian that
# lab/parts knows.
is_debian() { part suite | cut -d ' ' -f 1 | grep -xF "$(codename)" >/dev/null; }

# demand_debian NEED: fails on any other machine, with the sentence NEED about
# what is needed.
demand_debian()
{
	is_debian || fail "$1, and this machine runs $(os_release PRETTY_NAME)." \
		"The way there is a container of Debian 13, which Containerfile describes:" \
		"podman build -t swcex . && podman run --rm -it --userns=keep-id:uid=1000,gid=1000 -v .:/src -v swcex:/cache swcex make run; see docs/ci.md"
}

# host_packages KEY...: returns when all packages of these keys of lab/parts and
# of lab/kernels are installed. Root installs what is missing; other users are
# told what to install.
host_packages()
{
	local key missing
	# shellcheck disable=SC2046 # words
	missing=$(missing_packages $(for key; do part "$key"; kernel_part "$key"; done))
	[ -n "$missing" ] || return 0
	demand_debian "packages are missing, by Debian's names $missing; the lab is built with them and with a QEMU $(part qemu-oldest), a kernel and s390x programs of Debian 12 or 13"
	[ "$(id -u)" = 0 ] || fail "packages are missing: sudo apt-get install --no-install-recommends $missing"
	say "installing $missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq || say "an index of this machine's apt cannot be fetched; continuing without it"
	# shellcheck disable=SC2086 # words
	apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 $missing </dev/null ||
		fail "apt-get could not install $missing; is there a network?"
}
