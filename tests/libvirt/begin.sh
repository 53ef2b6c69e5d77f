# SPDX-License-Identifier: GPL-2.0-only
#
# What systemd would start is started, and libvirt knows what there is.
# shellcheck shell=bash disable=SC2154

# A device reaches mdevctl by /dev/stdin. udev gives /dev/kvm to its group.
mkdir -p /run/dbus
ln -sf /proc/self/fd/0 /dev/stdin
/lib/systemd/systemd-udevd --daemon 3>&-
load
udevadm trigger -c add --subsystem-match=misc
udevadm settle -t 30
daemon dbus-daemon --system --fork
daemon virtlogd -d
start_libvirtd
does version
check "it knows the machine" eval "command virsh domcapabilities --virttype kvm | grep -q s390-ccw-virtio"
same "its guests are under KVM" kvm "$(command virsh capabilities | grep -o "domain type='kvm'" | head -n 1 | cut -d "'" -f 2)"
