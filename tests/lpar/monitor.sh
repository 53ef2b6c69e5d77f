# SPDX-License-Identifier: GPL-2.0-only
#
# The monitors of a guest: its vfio-ap device is plugged and unplugged manually,
# and it is paused, reset and powered down; and what a program reads there.
#
# timeout: 240
# driver: ours
# shellcheck shell=bash

# run_guest OPTION...: starts a guest without a device, with FIFOs as its
# standard input and output.
run_guest()
{
	before=0
	rm -f /run/typed /run/shown
	mkfifo /run/typed
	qemu-system-s390x -m 512 -display none -name guest1 -kernel /guest/vmlinuz -initrd /guest/initrd \
		-drive file=/guest/root.squashfs,format=raw,if=virtio,readonly=on "$@" \
		<>/run/typed >/run/shown 2>&1 &
	guest=$!
}
# types LINE TEXT: checks that the monitor then shows TEXT.
showed() { [[ -e /run/shown ]] && tail -c +$((before + 1)) /run/shown | grep -qF -- "$1"; }
types()
{
	before=$(stat -c %s /run/shown)
	echo "$1" >/run/typed
	if wait_until 30 showed "$2"; then
		ok "'$1' shows '$2'"
	else
		not_ok "'$1' shows '$2'" "$(tail -c +$((before + 1)) /run/shown)"
	fi
}
rescans() { in_guest 1 'echo 1 >/sys/bus/ap/scans'; }

load
create 1
give 1 5 4
one=vfio-ap,sysfsdev=$(mdev 1)

# Manually
run_guest -monitor stdio
boots 1
types help device_add
types 'info status' 'VM status: running'
types "device_add $one,id=ap0" '(qemu)'
settles $queues/05.0004/status 'in use'
rescans
comes_to_see 1 05.0004
check "guest1 computes" in_guest 1 rsa --bits 1024 05.0004
types "device_add $one,id=ap1" 'Error: a guest has at most one vfio-ap device'
types 'device_del ap1' "Error: Device 'ap1' not found"
types 'device_add virtio-blk-ccw,drive=x' 'vfio-ap is the device for a guest'
types 'migrate exec:true' 'no such command here'
types 'device_del ap0' '(qemu)'
settles $queues/05.0004/status assigned
rescans
comes_to_see 1 ''
types "device_add $one,id=ap0" '(qemu)'
settles $queues/05.0004/status 'in use'

# The host removes the device and creates it again, and it is plugged again
check "mdevctl stops the device" timeout "$(patience 10)" mdevctl stop -u "$(uuid 1)"
create 1
give 1 5 4
types "device_add $one,id=ap0" '(qemu)'
settles $queues/05.0004/status 'in use'
rescans
comes_to_see 1 05.0004

# A guest that is paused, and one that is reset: its device stays, its queue is clean
types stop '(qemu)'
types 'info status' 'VM status: paused'
types cont '(qemu)'
types 'info status' 'VM status: running'
in_guest 1 'touch /run/before'
types system_reset '(qemu)'
check "guest1 boots again" wait_until 60 in_guest 1 'test ! -e /run/before'
shows $queues/05.0004/status 'in use'
comes_to_see 1 05.0004
check "guest1 computes" in_guest 1 rsa --bits 1024 05.0004
guest_is_well 1
types system_powerdown '(qemu)'
ends "guest1 powers down" $guest
settles $queues/05.0004/status assigned

# By a program
run_guest -no-reboot -qmp stdio -device "$one,id=ap0"
boots 1
check "QMP greets" wait_until 10 showed '{"QMP":'
types '{"execute":"query-status"}' CommandNotFound
types '{"execute":"qmp_capabilities"}' '{"return":{}}'
types '{"execute":"query-status","id":"x"}' '"id":"x"'
types '{"execute":"stop"}' '"event":"STOP"'
types '{"execute":"cont"}' '"event":"RESUME"'
types '{"execute":"device_del","arguments":{"id":"ap0"}}' '"event":"DEVICE_DELETED"'
settles $queues/05.0004/status assigned
types '{"execute":"human-monitor-command","arguments":{"command-line":"info mtree"}}' CommandNotFound
types "{\"execute\":\"device_add\",\"arguments\":{\"driver\":\"vfio-ap\",\"id\":\"ap2\",\"sysfsdev\":\"$(mdev 1)\"}}" \
	'{"return":{}}'
settles $queues/05.0004/status 'in use'
before=$(stat -c %s /run/shown)
check "mdevctl stops the device" timeout "$(patience 10)" mdevctl stop -u "$(uuid 1)"
check "QMP tells of it" wait_until 10 showed '"device":"ap2"'
types '{"execute":"quit"}' SHUTDOWN
ends "guest1 ends" $guest

# As libvirt queries capabilities: without a guest, and without the kernel
# module
before=0
rm -f /run/shown
qemu-system-s390x -S -no-user-config -nodefaults -nographic -machine none,accel=kvm:tcg -qmp stdio \
	<>/run/typed >/run/shown 2>&1 &
probe=$!
check "QMP greets" wait_until 30 showed '{"QMP":'
types '{"execute":"qmp_capabilities"}' '{"return":{}}'
types '{"execute":"query-kvm"}' '{"return":{"enabled":true,"present":true}}'
types '{"execute":"qom-list-types","arguments":{"implements":"device"}}' '"name":"vfio-ap"'
types '{"execute":"device-list-properties","arguments":{"typename":"vfio-ap"}}' '"name":"sysfsdev"'
types '{"execute":"query-machines"}' '"alias":"s390-ccw-virtio"'
types '{"execute":"query-cpu-model-expansion","arguments":{"type":"static","model":{"name":"host"}}}' \
	'"return":{"model":'
types '{"execute":"query-command-line-options"}' '"option":"device"'
types '{"execute":"blockdev-add","arguments":{}}' CommandNotFound
types '{"execute":"quit"}' '{"return":{}}'
ends "it ends" $probe
check "in the background it is ready when the one that was started ends" \
	qemu-system-s390x -machine none -daemonize -pidfile /run/pid -qmp unix:/run/qmp,server=on,wait=off
check "its socket is there" test -S /run/qmp
check "and its process" kill "$(</run/pid)"
unload
