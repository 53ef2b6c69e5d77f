# SPDX-License-Identifier: GPL-2.0-only
#
# What system tests share: the vocabulary, and VMs. A test runs on this machine
# and uses its VMs by lab/in-vm. What their kernels report on the console and in
# dmesg is judged at the end.
#
# tests/run sets BUILD, and LOG, which is the path of this test's logs without
# suffix.
# shellcheck shell=sh

exec 3>&1 1>&2
. tests/tap.sh
. lab/machine.sh

: "${DRIVER:=ours}"	# or intree
run=$(mktemp -d)
vms='' swcexd=''
oopses='' leaks=''	# why the in-tree driver does, where it does; see tests/in-lpar

# machine FILE [OPTION]...: starts swcexd for it; boot attaches VMs to it from
# then on.
machine()
{
	if machine_up "$run" "$@"; then
		ok "swcexd starts"
	else
		not_ok "swcexd starts" "$(cat "$run/swcexd.log")"
		the_end
	fi
}

# boot NAME [lab/vm OPTION]... ROLE [QEMU ARGUMENT]...: starts a VM; its console goes to $LOG.NAME.
boot()
{
	vm=$1
	shift
	rm -rf "${run:?}/$vm"
	lab/vm -n "$vm" -d "$run/$vm" "$@" </dev/null >>"$LOG.$vm" 2>&1 &
	vms="$vms $vm=$!"
	wait_until 10 test -p "$run/$vm/agent.out"
}

# boot_lpar [lab/vm OPTION]...: boots an LPAR of the machine, whose guests are
# started by guestd. Scripts in it use swcexd's control socket by hmc.
boot_lpar()
{
	boot lpar -a "$run/swcexd.socket" -c "$BUILD/guestd $run/guestd.conf" \
		-c "tests/hmc $run/swcexd.control" "$@" lpar
}

# in_vm NAME COMMAND...: runs COMMAND there; output and exit status are those of
# COMMAND.
in_vm()
{
	vm=$1
	shift
	lab/in-vm "$run/$vm" "$*"
}

# configure_ibmca VM: writes an ibmca.cnf there that makes openssl compute RSA
# by ibmca. If openssl cannot find ibmca, it computes by itself without a
# message.
configure_ibmca()
{
	in_vm "$1" "$(cat tests/clients/engine.sh)
		use_engine \"\$(own_engine)\" && grep -q '^dynamic_path = /' ibmca.cnf"
}

# play VM FILE: runs a script there, after tests/tap.sh and tests/lpar.sh. Its
# points are this test's. The script is told how slow this machine is, which its
# time-outs depend on.
play()
{
	said=$(lab/in-vm -t 900 "$run/$1" "DRIVER=$DRIVER SLOWNESS=$(lab/slowness) oopses='$oopses' trouble='$trouble' exec bash -s 3>&1 >/dev/console 2>&1 <<'END OF SCRIPT'
$(cat tests/tap.sh tests/lpar.sh "$2")
finish
END OF SCRIPT")
	status=$?
	while read -r line; do
		case $line in
		"ok "* | "not ok "*) repeat "$line" ;;
		1..* | '') ;;
		*) echo "$line" >&3 ;;
		esac
	done <<-END
	$said
	END
	if [ $status -gt 1 ]; then
		expected "$oopses"
		not_ok "$2 runs to its end" "exit status $status"
		expected ''
	fi
}

# script: runs what follows, up to END, in the LPAR.
script()
{
	cat >"$run/script"
	play lpar "$run/script"
}

# What a kernel prints when it is in trouble.
trouble='WARNING: |BUG: |Oops|Unable to handle|Kernel panic|Internal error|Call Trace:|circular locking|recursive locking|inconsistent lock|suspicious RCU|blocked for more than|[^n]stall|KASAN|KCSAN|UBSAN|list_(add|del) corruption|refcount_t:|use-after-free|unknown response type|online=0 rc=EAGAIN|terminating on signal|Bail out|[Rr]edzone overwritten|Poison overwritten|returned bad count'

# untroubled NAME: checks that there is nothing of that kind in the log of the
# VM.
untroubled()
{
	if found=$(grep -nE "$trouble" "$LOG.$1"); then
		not_ok "$1: its kernel is well" "$found
read $LOG.$1"
	else
		ok "$1: its kernel is well"
	fi
}

# healthy NAME: checks the kernel of a running VM. What a quiet console has not
# shown is added to the log.
healthy()
{
	in_vm "$1" dmesg >>"$LOG.$1" 2>&1
	untroubled "$1"
}

# Check the guests of an LPAR, whose consoles guestd keeps.
guests_untroubled()
{
	for home in "$run"/guests/*; do
		[ -e "$home/console.log" ] || continue
		guest=${home##*/}
		[ ! -e "$home/console.log.1" ] || cat "$home/console.log.1" >"$LOG.$guest"
		cat "$home/console.log" >>"$LOG.$guest"
		untroubled "$guest"
	done
}

# End all VMs and everything else that the test has started, and check that
# nothing is left.
end_all()
{
	trap - EXIT INT TERM
	for vm in $vms; do
		kill "${vm#*=}" 2>/dev/null
	done
	# VMs are ended first, as a VM that is ending would wait for a swcexd
	# that has ended.
	for vm in $vms; do
		wait "${vm#*=}"
	done
	[ -z "$swcexd" ] || kill "$swcexd" 2>/dev/null
	wait
	rm -rf "$run"
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Check that nobody has reached a queue with another VM's leftovers.
clean_handovers()
{
	expected "$leaks"
	same "dirty handovers" 0 "$(machine_says "$run" dirty-handovers)"
	expected ''
}

# the_end: judges all kernels and the machine, and ends the test.
the_end()
{
	[ -z "$swcexd" ] || clean_handovers
	expected "$oopses"
	for vm in $vms; do
		healthy "${vm%=*}"
	done
	expected ''
	guests_untroubled
	end_all
	finish
}
