# SPDX-License-Identifier: GPL-2.0-only
#
# What system tests share: the vocabulary, and VMs. A test runs on this machine and talks to
# its VMs by lab/in-vm; what their kernels say on the console and in dmesg is judged at the end.
#
# Given by tests/run: BUILD, and LOG, the path without suffix of this test's logs.
# shellcheck shell=sh

exec 3>&1 1>&2
cd "$(dirname "$0")/../.." || exit
. tests/tap.sh

run=$(mktemp -d)
vms=

# boot NAME ROLE [lab/vm OPTION]... [-- QEMU ARGUMENT...]: starts a VM; its console goes to $LOG.NAME.
boot()
{
	vm=$1 role=$2
	shift 2
	options=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options="$options $1"
		shift
	done
	[ $# -eq 0 ] || shift
	# shellcheck disable=SC2086 # words
	lab/vm -n "$vm" -d "$run/$vm" $options "$role" "$@" </dev/null >"$LOG.$vm" 2>&1 &
	vms="$vms $vm=$!"
}

# in_vm NAME COMMAND...: what COMMAND prints there, and its exit status.
in_vm()
{
	vm=$1
	shift
	lab/in-vm "$run/$vm" "$*"
}

# wait_until SECONDS COMMAND...: polls until COMMAND succeeds; fails when time is up.
wait_until()
{
	deadline=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || return 1
		sleep 0.05
	done
}

# What a kernel says when it is in trouble.
trouble='WARNING: |BUG: |Oops|Unable to handle|Kernel panic|Internal error|Call Trace:|circular locking|recursive locking|inconsistent lock|suspicious RCU|blocked for more than|stall|KASAN|KCSAN|UBSAN|list_(add|del) corruption|refcount_t:|use-after-free|unexpected response type|terminating on signal|Bail out'

# healthy NAME: no kernel trouble in the VM, nor a complaint of its QEMU.
healthy()
{
	in_vm "$1" dmesg >>"$LOG.$1" 2>&1
	if found=$(grep -nE "$trouble" "$LOG.$1"); then
		not_ok "$1: its kernel is well" "$found
read $LOG.$1"
	else
		ok "$1: its kernel is well"
	fi
}

# Ends all VMs and what else the test started; nothing is left.
end_all()
{
	trap - EXIT INT TERM
	for vm in $vms; do
		kill "${vm#*=}" 2>/dev/null
	done
	wait
	rm -rf "$run"
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# the_end: judges all kernels, and ends the test.
the_end()
{
	for vm in $vms; do
		healthy "${vm%=*}"
	done
	end_all
	finish
}
