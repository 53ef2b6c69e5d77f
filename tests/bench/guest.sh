# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts of tests/bench share that compute in guests of the LPAR that lab/run has up.
# shellcheck shell=sh

# shellcheck source=lab/scenario/stage.sh
. lab/scenario/stage.sh

seconds=${SECONDS_EACH:-5}
devices=/sys/devices/vfio_ap/matrix

ended() {
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
	echo "bench: starting a guest with domains $2 of adapter 04 ${3:+and $3}"
	at lpar "echo $uuid >$devices/mdev_supported_types/vfio_ap-passthrough/create
echo 4 >$devices/$uuid/assign_adapter
echo $2 >$devices/$uuid/assign_domain"
	at lpar "qemu-system-s390x -nographic -m 512 -name guest$1 -kernel /guest/vmlinuz -initrd /guest/initrd \
-append 'console=ttysclp0 quiet vm=guest$1 ${3:-}' \
-drive file=/guest/root.squashfs,format=raw,if=virtio,readonly=on -device vfio-ap,sysfsdev=$devices/$uuid \
</dev/null >/tmp/guest$1.console 2>&1 &"
	wait_for 120 "the guest to boot" answers "guest$1"
}

# rsa_in GUEST BITS CALLERS: private operations by CRT per second.
rsa_in() {
	at "$1" "rsa --bits $2 --operation crt --seconds $seconds --threads $3"
	printf '%s\n' "$out" | sed -n 's/.* \([0-9.]*\) operations per second.*/\1/p'
}
