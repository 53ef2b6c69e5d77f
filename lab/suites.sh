# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The releases of Debian that packages come from, each with its suites in
# lab/parts. Sourced by lab/fetch.

# os_release KEY: prints the value of KEY in this machine's os-release(5).
os_release() { (. /etc/os-release && eval "echo \"\${$1-}\""); }

codename() { os_release VERSION_CODENAME; }

host_architecture() { dpkg --print-architecture; }

# releases: prints all releases of lab/parts, this machine's own first.
releases()
{
	codename
	part suite | cut -d ' ' -f 1 | grep -vxF "$(codename)"
}

# suites_of RELEASE
suites_of() { part suite | grep -E "^$1( |\$)" | tr ' ' '\n'; }

# state_of WORK ARCHIVES RELEASE ARCH...: makes an apt state with the suites of
# RELEASE, unless it exists, and prints its path. Returns 1 if no index can be
# fetched.
state_of()
{
	local work=$1 release=$3 state
	state=$work/apt-$release-$(shift 3; echo "$*" | tr ' ' '-')
	if [ ! -e "$state" ]; then
		apt_state "$state" "$2" "${@:4}"
		# shellcheck disable=SC2046 # words
		apt_suites "$state" $(suites_of "$release")
		apt_update "$state" >&2 || { rm -f "$state/suites"; lose "packages of $release" "no index"; }
	fi
	echo "$state"
	[ -e "$state/suites" ]
}

# system_state WORK ARCHIVES RELEASE: does state_of for s390x and for this
# machine's architecture.
system_state() { state_of "$1" "$2" "$3" s390x "$(host_architecture)"; }
