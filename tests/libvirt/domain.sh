# SPDX-License-Identifier: GPL-2.0-only
#
# A domain that has a device: what an administrator does with it.
# shellcheck shell=bash disable=SC2154

define_device 1 5 4
start_domain "$(hostdev 1)"
does list
settles $queues/05.0004/status 'in use'
comes_to_see 1 05.0004
check "$domain computes" in_guest 1 rsa --bits 1024 05.0004
# QEMU's log, from this start on: those before have ended with a message.
tac /var/log/libvirt/qemu/$domain.log | sed '/starting up libvirt/q' | tac >&4
does dominfo $domain
refuses_to 'cpu affinity is not supported' vcpuinfo $domain
does domblklist $domain
does domblkinfo $domain vda
does domstats $domain
does dommemstat $domain
refuses_to 'in use' nodedev-destroy "$name"

# Its console
rm -f typed && mkfifo typed && exec 5<>typed
script -qfc "virsh console $domain" shown <&5 >script.said 2>&1 &
viewer=$!
check "virsh console begins" wait_until 20 grep -q 'Escape character' shown
echo 'echo $((6*7))x' >&5
# shellcheck disable=SC2016 # expanded by the inner shell
check "the console answers" wait_until 20 eval "grep -q ^42x shown || { echo >&5; false; }"
printf '\035' >&5
ends "virsh console ends" $viewer
exec 5>&-

# Paused, resumed
does suspend $domain
comes_to paused
does resume $domain
comes_to running
check "$domain computes" in_guest 1 rsa --bits 1024 05.0004

# libvirtd starts anew beside the guest, and its device is still there
stop_libvirtd
start_libvirtd
comes_to running
check "the guest has its device" eval "command virsh dumpxml $domain | grep -q vfio-ap"

# Ended: by asking, and by force
does shutdown $domain
comes_to 'shut off'
settles $queues/05.0004/status assigned
does start $domain
boots 1
does destroy $domain
comes_to 'shut off'
settles $queues/05.0004/status assigned
does undefine $domain

# What a guest may not have
domain_xml "$(hostdev 1)<interface type='user'/>" >wrong.xml
does define wrong.xml
refuses_to 'netdev' start $domain
domain_xml "$(hostdev 1)" | sed 's,/guest/root.squashfs,/etc/passwd,; s,<readonly/>,,' >wrong.xml
does define wrong.xml
refuses_to 'only files in /guest/' start $domain
settles $queues/05.0004/status assigned
does undefine $domain
undefine_device 1
