# SPDX-License-Identifier: GPL-2.0-only
#
# A device is plugged into a guest, cold and hot, and out of it; and a device without queues gets some while
# a guest has it.
# shellcheck shell=bash disable=SC2154

# Cold: before the guest is started
define_device 1 5 4
domain_xml >domain.xml
hostdev 1 >hostdev.xml
does define domain.xml
does attach-device $domain hostdev.xml --config
does start $domain
boots 1
comes_to_see 1 05.0004

# Hot: out of the guest, and into it again
does detach-device $domain hostdev.xml --live
settles $queues/05.0004/status assigned
looks_again ''
check "libvirt knows that it is gone" eval "! command virsh dumpxml $domain | grep -q vfio-ap"
does attach-device $domain hostdev.xml --live
settles $queues/05.0004/status 'in use'
looks_again 05.0004
check "$domain computes" in_guest 1 rsa --bits 1024 05.0004
refuses_to 'is in use' attach-device $domain hostdev.xml --live
end_domain
undefine_device 1

# A device without queues: the guest sees what is assigned as it is assigned
define_device 1 '' ''
start_domain "$(hostdev 1)"
comes_to_see 1 ''
takes "$(mdev 1)/assign_adapter" 5
takes "$(mdev 1)/assign_domain" 4
takes "$(mdev 1)/assign_control_domain" 4
shows "$(mdev 1)/guest_matrix" 05.0004
comes_to_see 1 05.0004
takes "$(mdev 1)/unassign_adapter" 5
takes "$(mdev 1)/unassign_domain" 4
takes "$(mdev 1)/unassign_control_domain" 4
shows "$(mdev 1)/guest_matrix" ''
comes_to_see 1 ''
end_domain
undefine_device 1
