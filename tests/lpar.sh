# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests of tests/lpar share. It runs in the LPAR, after tests/tap.sh.
# Programs are started only if necessary, as that takes a tenth of a second
# there.
# shellcheck shell=bash

matrix=/sys/devices/vfio_ap/matrix
type=$matrix/mdev_supported_types/vfio_ap-passthrough
queues=/sys/bus/ap/devices

# uuid N: prints that of the Nth mediated device; mdev N: prints its directory.
uuid() { echo "0000000$1-1111-4222-8333-444444444444"; }
mdev() { echo "$matrix/0000000$1-1111-4222-8333-444444444444"; }

# The driver, for modinfo and insmod.
module=/usr/lib/intree/vfio_ap.ko
[[ $DRIVER != ours ]] || module=vfio_ap

# put FILE TEXT: writes TEXT by a single write, and prints the text of errno if
# that fails.
put() { printf '%s\n' "$2" 2>&1 >"$1"; }

# The texts of errno.
EBUSY='Device or resource busy'
EEXIST='File exists'
EINVAL='Invalid argument'
ENODEV='No such device'
ERANGE='Numerical result out of range'
EADDRINUSE='Address already in use'
EADDRNOTAVAIL='Cannot assign requested address'

# intree_fails REASON COMMAND...: the points of COMMAND are known to fail with
# the in-tree driver.
intree_fails()
{
	[[ $DRIVER == ours ]] || expected "$1"
	"${@:2}"
	expected ''
}

# ours COMMAND...: runs COMMAND with this project's driver only.
ours() { [[ $DRIVER != ours ]] || "$@"; }

# survives NAME: checks that the kernel has reported no trouble so far. If it
# has, the script ends here, since later points would mean nothing. With the
# in-tree driver, that is known to happen in scripts that say "intree oopses:
# REASON".
survives()
{
	expected "$oopses"
	if said=$(dmesg | grep -E -m 5 "$trouble"); then
		not_ok "$1" "$said"
		finish
	fi
	ok "$1"
	expected ''
}

# hmc COMMAND...: sends COMMAND to swcexd, like a machine's console, and prints
# the answer; see swcexd(8).
hmc()
{
	local verdict answer
	exec 9<>/dev/tcp/10.0.2.100/9001
	echo "$*" >&9
	read -r verdict <&9
	answer=$(cat <&9)
	exec 9>&-
	[[ $verdict == ok ]] || answer=$verdict
	echo "$answer"
	[[ $verdict == ok ]]
}

# in_state QUEUE STATE: returns whether swcexd reports this state.
in_state() { [[ $(hmc status) =~ $1\ +CEX8A\ +$2\  ]]; }

# text_of FILE: sets $text to its lines, joined to one.
text_of()
{
	text=$(<"$1")
	text=${text//$'\n'/ }
}

# says NAME TEXT COMMAND...: checks that the command succeeds, and that its
# output has a line with this text.
says()
{
	local name=$1 text=$2
	shift 2
	if said=$("$@" 2>&1) && [[ $said == *"$text"* ]]; then
		ok "$name"
	else
		not_ok "$name" "\"$text\" is missing in what $* said:
$said"
	fi
}

not() { ! "$@"; }

# refused NAME TEXT COMMAND...: checks that the command fails with this message.
refused()
{
	local name=$1 text=$2
	shift 2
	says "$name" "$text" not "$@"
}

# takes FILE TEXT: checks that the write succeeds.
takes()
{
	if said=$(put "$1" "$2"); then
		ok "${1#"$matrix"/} takes '$2'"
	else
		not_ok "${1#"$matrix"/} takes '$2'" "$said
$(cat "${1%/*}/refusal" 2>&1)"
	fi
}

# refuses ERROR FILE TEXT [WORD...]: checks that the write fails with this
# errno, that the matrix stays, and that the attribute refusal, which the
# in-tree driver does not have, contains every WORD.
refuses()
{
	local error=$1 file=$2 value=$3 before='' refusal='' why=''
	shift 3
	[[ ! -e ${file%/*}/matrix ]] || before=$(<"${file%/*}/matrix")
	said=$(put "$file" "$value") && said="it was taken"
	[[ $said == *": $error" ]] || why="expected: $error, seen: $said; "
	[[ ! -e ${file%/*}/matrix || $before == "$(<"${file%/*}/matrix")" ]] || why+="the matrix has changed; "
	[[ ! -e ${file%/*}/refusal ]] || refusal=$(<"${file%/*}/refusal")
	[[ $DRIVER == ours ]] || set --
	for word; do
		[[ $refusal == *"$word"* ]] || why+="refusal lacks '$word'; "
	done
	if [[ -z $why ]]; then
		ok "${file#"$matrix"/} refuses '$value'"
	else
		not_ok "${file#"$matrix"/} refuses '$value'" "$why
$refusal"
	fi
}

# shows FILE TEXT: checks its lines, joined to one.
shows()
{
	text_of "$1"
	same "${1#"$matrix"/} shows '$2'" "$2" "$text"
}

# driven_by QUEUE DRIVER, all_driven_by DRIVER QUEUES: return whether they are
# bound to the driver.
driven_by() { [[ $queues/$1/driver -ef /sys/bus/ap/drivers/$2 ]]; }
all_driven_by() { for queue in $2; do driven_by "$queue" "$1" || return; done; }

# settles FILE TEXT: checks that FILE comes to show TEXT.
settled() { text_of "$1" && [[ $text == "$2" ]]; }
settles()
{
	wait_until 10 settled "$1" "$2"
	shows "$1" "$2"
}

load_driver()
{
	check "sie is loaded" modprobe sie
	modprobe -a mdev vfio_iommu_type1
	if [[ $DRIVER == ours ]]; then
		check "vfio_ap is loaded" modprobe vfio_ap
	else
		check "the in-tree vfio_ap is loaded" insmod "$module"
	fi
}

# load: loads the driver and gives it adapters 05 and 06.
passable='05.0004 05.0006 05.0047 05.00ab 05.00ff 06.0004 06.0006 06.0047 06.00ab 06.00ff'
load()
{
	load_driver
	takes /sys/bus/ap/apmask -5,-6
	check "vfio_ap gets adapters 05 and 06" wait_until 10 all_driven_by vfio_ap "$passable"
}

# probe_again QUEUES: probes queues that have no driver, as Linux 7 skips these
# when the host's masks grow: the driver's flags that it reads are then bytes of
# page 0, the facility bits of the lowcore.
probe_again()
{
	[[ $(</proc/sys/kernel/osrelease) == 7.* ]] || return
	for queue in $1; do put /sys/bus/ap/drivers_probe "$queue"; done
}

# unload: undoes load; checks that each queue works for the host again.
unload()
{
	check "vfio_ap is unloaded" rmmod vfio_ap
	takes /sys/bus/ap/apmask +5,+6
	probe_again "$passable"
	check "the host gets them back" wait_until 30 all_driven_by cex4queue "$passable"
	# shellcheck disable=SC2086 # words
	check "and computes with each of them" rsa --bits 1024 $passable
}

# scan: makes the host scan its adapters at once, which it does every 30
# seconds.
scan() { takes /sys/bus/ap/scans 1; }

# start_guest N [OPTION]...: starts a guest named guestN with device N, as an
# administrator does.
start_guest()
{
	qemu-system-s390x -M s390-ccw-virtio,accel=kvm -cpu host,ap=on -m 512 -nographic -name "guest$1" \
		-kernel /guest/vmlinuz -initrd /guest/initrd \
		-drive file=/guest/root.squashfs,format=raw,if=virtio,readonly=on \
		-device "vfio-ap,sysfsdev=$(mdev "$1")" "${@:2}" </dev/null >"/run/guest$1.console" 2>&1 &
	eval "guest_$1=$!"
}

# in_guest N COMMAND...: runs COMMAND there, for a minute of an idle machine at
# most.
in_guest() { in-guest -t $((60 * ${SLOWNESS:-1})) "guest$1" "${@:2}"; }

# boots N: checks that the guest answers.
boots() { check "guest$1 boots" wait_until 60 in_guest "$1" true; }

# queues_of N: prints what lszcrypt lists in the guest; sees N QUEUES and
# comes_to_see N QUEUES check that.
queues_of() { in_guest "$1" lszcrypt | sed -n 's/^\([0-9a-f]*\.[0-9a-f]*\) .*/\1/p' | paste -sd ' '; }
seen_by() { [[ $(queues_of "$1") == "$2" ]]; }
sees() { same "guest$1 sees $2" "$2" "$(queues_of "$1")"; }
comes_to_see()
{
	wait_until 30 seen_by "$1" "$2"
	sees "$1" "$2"
}

# guest_is_well N: checks that the guest's kernel has reported no trouble.
guest_is_well()
{
	same "guest$1: its kernel is well" '' \
		"$(in_guest "$1" dmesg | grep -E 'WARNING: |BUG: |Oops|Unable to handle|Call Trace')"
}

# create N: creates the mediated device.
create() { takes "$type/create" "$(uuid "$1")"; }

# give N ADAPTERS DOMAINS: assigns them. Both are separated by commas, and each
# number is written separately.
give()
{
	local id
	for id in ${2//,/ }; do takes "$(mdev "$1")/assign_adapter" "$id"; done
	for id in ${3//,/ }; do takes "$(mdev "$1")/assign_domain" "$id"; done
}

# open_device N: opens it as a guest's QEMU does, in a process that holds it
# until it reads "quit" or is killed. ask N COMMAND sends that process a
# command, answer N prints its answer, and tell N COMMAND does both. Process IDs
# are in $holder_N.
open_device()
{
	rm -f "/run/hold$1" "/run/hold$1.out"
	mkfifo "/run/hold$1"
	hold "$(mdev "$1")" <>"/run/hold$1" >"/run/hold$1.out" 2>&1 &
	eval "holder_$1=$!"
	wait_until 10 test -s "/run/hold$1.out"
}
answered() { [ "$(wc -l <"/run/hold$1.out")" -gt "$2" ]; }
ask()
{
	lines=$(wc -l <"/run/hold$1.out")
	echo "$2" >"/run/hold$1"
}
answer() { wait_until 20 answered "$1" "$lines" && tail -n 1 "/run/hold$1.out"; }
tell()
{
	ask "$1" "$2"
	answer "$1"
}
# ends NAME PROCESS: checks that the child ends with exit status 0.
ends()
{
	if wait "$2"; then
		ok "$1"
	else
		not_ok "$1" "exit status $?"
	fi
}

opens()
{
	open_device "$1"
	shows "/run/hold$1.out" open
}
quits()
{
	holder=holder_$1
	echo quit >"/run/hold$1"
	ends "device $1 is closed" "${!holder}"
}
