# SPDX-License-Identifier: GPL-2.0-only
#
# What the sections of the bench share that compute in guests of the LPAR that lab/run has up.
# shellcheck shell=sh

# shellcheck source=lab/scenario/stage.sh
. lab/scenario/stage.sh
. lab/machine.sh
. tests/bench/figures.sh
. tests/bench/threads.sh

seconds=${SECONDS_EACH:-2}
devices=/sys/devices/vfio_ap/matrix
guests=

ended() {
	thaw lpar "$guests"
	[ "$1" -eq 0 ] || printf 'bench: %s; read %s\n' "${step_trouble:-interrupted}" "$RUN/*.log" >&2
}
trap 'ended $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# at WHERE COMMAND: its output in $out; the bench ends if it fails.
at() {
	asked "$1" "$2" || fail "this command failed in $1: $2: $out"
}

answers() {
	asked "$1" true
}

# take_adapter: all queues of adapter 04, from the LPAR's kernel.
take_adapter() {
	at lpar "modprobe sie && modprobe vfio_ap
echo -4 >/sys/bus/ap/apmask"
}

# start_guest N DOMAINS [PARAMETER]: with one CPU, these domains of adapter 04, and a parameter
# for its kernel.
start_guest() {
	uuid=6f1ec5a2-0d5a-4b4f-9d0e-0c5c1a1f000$1
	guests="$guests guest$1"
	at lpar "echo $uuid >$devices/mdev_supported_types/vfio_ap-passthrough/create
echo 4 >$devices/$uuid/assign_adapter
for domain in $2; do echo \$domain >$devices/$uuid/assign_domain; done"
	at lpar "qemu-system-s390x -nographic -m 512 -name guest$1 -kernel /guest/vmlinuz -initrd /guest/initrd \
-append 'console=ttysclp0 quiet vm=guest$1 ${3:-}' \
-drive file=/guest/root.squashfs,format=raw,if=virtio,readonly=on -device vfio-ap,sysfsdev=$devices/$uuid \
</dev/null >/tmp/guest$1.console 2>&1 &"
	wait_for 120 "the guest to boot" answers "guest$1"
}

# process_of VM: that of its QEMU.
process_of() {
	case $1 in
	lpar) pgrep -f -- "-plugin $BUILD/swcex.so,link=$RUN/swcexd.socket," ;;
	*) pgrep -f -- "-name $1 .*link=$RUN/swcexd.guests," ;;
	esac
}

# freeze VM..., thaw VM...: a guest that has nothing to do takes a fifth of a processor by its timers, so
# those that are not measured are stopped meanwhile.
signal_all() {
	sent=$1
	shift
	# shellcheck disable=SC2068 # words
	for vm in $@; do
		process=$(process_of "$vm") && kill "-$sent" "$process"
	done
}
freeze() { signal_all STOP "$@"; }
thaw() { signal_all CONT "$@"; }

# compute GUEST BITS CALLERS: private operations by CRT, for longer than a window.
compute() {
	at "$1" "rsa --bits $2 --operation crt --seconds $((seconds + 1)) --threads $3"
}

# served [QUEUE...]: how many requests these queues, all by default, have answered.
served() {
	machine_says "$RUN" status json | jq --arg queues "$*" '
		($queues | split(" ")) as $wanted
		| [.queues[] | select($wanted == [] or (.queue | IN($wanted[]))).served] | add // 0'
}

# more_than N QUEUE...
more_than() {
	least=$1
	shift
	[ "$(served "$@")" -gt "$least" ]
}

now() { date +%s%N; }
