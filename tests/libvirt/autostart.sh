# SPDX-License-Identifier: GPL-2.0-only
#
# A device that is started when the driver comes, and a guest that is started with libvirtd.
# shellcheck shell=bash disable=SC2154

define_device 1 5 4
does nodedev-autostart "$name"
check "mdevctl knows that, too" eval "mdevctl list -d | grep -q auto"
does nodedev-destroy "$name"
check "it is stopped" wait_until 10 test ! -e "$(mdev 1)"

# As udev's rule does when the driver has made its parent
check "vfio_ap is unloaded" rmmod vfio_ap
check "vfio_ap is loaded" modprobe vfio_ap
check "vfio_ap gets adapters 05 and 06" wait_until 10 all_driven_by vfio_ap "$passable"
check "mdevctl starts what it is to start" mdevctl start-parent-mdevs matrix
check "the device is there" wait_until 10 test -e "$(mdev 1)"
shows "$(mdev 1)/matrix" 05.0004
check "libvirt lists it" wait_until 10 eval "command virsh nodedev-list --cap mdev | grep -qxF '$name'"

domain_xml "$(hostdev 1)" >domain.xml
does define domain.xml
does autostart $domain
stop_libvirtd
rm -f /run/libvirt/qemu/autostarted
start_libvirtd
comes_to running
boots 1
comes_to_see 1 05.0004
end_domain
undefine_device 1
