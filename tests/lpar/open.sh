# SPDX-License-Identifier: GPL-2.0-only
#
# A mediated device that is open, as a guest's QEMU opens it: what the guest
# has, what may change during that and what may not, and what happens to its
# queues in the end.
#
# timeout: 240
# shellcheck shell=bash

load
create 1
create 2
one=$(mdev 1) two=$(mdev 2)
give 1 5,6 4,0xab
give 2 5 0x47

# Opening
opens 1
shows $queues/05.0004/status 'in use'
shows "$one/guest_matrix" '05.0004 05.00ab 06.0004 06.00ab'
same "a second QEMU is told why not" busy "$(hold "$one" </dev/null 2>&1 | grep -o busy)"
quiet='it has no interrupt for a changed configuration'
intree_fails "$quiet" same "device information" 'flags 0x21 regions 0 irqs 2' "$(tell 1 info)"
same "reset" 0 "$(tell 1 reset)"
shows $queues/05.0004/status 'in use'
opens 2
shows "$two/guest_matrix" '05.0047'

# Hot plug and unplug
ours tell 1 changed >/dev/null
takes "$one/assign_domain" 6
settles "$one/guest_matrix" '05.0004 05.0006 05.00ab 06.0004 06.0006 06.00ab'
intree_fails "$quiet" same "the guest is told" yes "$(tell 1 changed)"
ours same "once" yes "$(tell 1 unchanged)"
takes "$one/unassign_domain" 6
settles "$one/guest_matrix" '05.0004 05.00ab 06.0004 06.00ab'
intree_fails "$quiet" same "the guest is told again" yes "$(tell 1 changed)"
shows $queues/05.0006/status unassigned
takes "$one/unassign_adapter" 6
settles "$one/guest_matrix" '05.0004 05.00ab'
takes "$one/assign_adapter" 6
settles "$one/guest_matrix" '05.0004 05.00ab 06.0004 06.00ab'
takes "$one/assign_control_domain" 0xff
ours settles "$one/guest_control_domains" 00ff
ours takes "$one/control_usage_domains" 1
ours settles "$one/guest_control_domains" '0004 00ab 00ff'
ours takes "$one/control_usage_domains" 0
ours settles "$one/guest_control_domains" 00ff
takes "$one/ap_config" 0x04,0x0a,0x00
settles "$one/guest_matrix" '05.0004 05.0006'
refuses "$EADDRINUSE" "$two/assign_domain" 4 05.0004 "$(uuid 1)"
settles "$two/guest_matrix" '05.0047'
takes "$one/unassign_domain" 6
takes "$two/assign_domain" 6
settles "$two/guest_matrix" '05.0006 05.0047'

# All that one request changes is one change for the guest
mount -t tracefs tracefs /sys/kernel/tracing
echo 'p:masks sie:kvm_arch_crypto_set_masks' >/sys/kernel/tracing/kprobe_events
echo 1 >/sys/kernel/tracing/events/kprobes/enable
takes "$one/ap_config" 0x02,0x02,0x01
settles "$one/guest_matrix" '06.0006'
intree_fails "changes adapters, domains and the rest one after the other" \
	same "the guest's masks are set once" 1 "$(grep -c masks: /sys/kernel/tracing/trace)"
echo 0 >/sys/kernel/tracing/events/kprobes/enable
takes "$one/ap_config" 0x04,0x08,0x00

# What does not exist yet
takes "$one/assign_domain" 7
settles "$one/guest_matrix" '05.0004'

# What may not happen to an open device
ours refuses "$EBUSY" "$one/activate" 0
refuses "$EBUSY" /sys/bus/ap/apmask +5
check "the driver cannot be unloaded" eval '! rmmod vfio_ap'
shows "$one/guest_matrix" '05.0004'

# Its end: the device is closed first
same "the device is closed" closed "$(tell 1 close)"
settles $queues/05.0004/status assigned
quits 1
opens 1
same "the VM is closed first" forgotten "$(tell 1 forget)"
quits 1
settles $queues/05.0004/status assigned

# Its end: its process is killed
opens 1
shows $queues/05.0004/status 'in use'
# shellcheck disable=SC2154 # by opens
kill -KILL "$holder_1"
settles $queues/05.0004/status assigned
opens 1
quits 1

# What one guest has returned another can have
takes "$one/remove" 1
takes "$two/assign_domain" 4
settles "$two/guest_matrix" '05.0004 05.0006 05.0047'

# Removing an open device asks for it, and waits
put "$two/remove" 1 >/run/removed 2>&1 &
remover=$!
same "its holder is asked for it" yes "$(tell 2 requested)"
check "it is still there" test -e "$two"
quits 2
ends "then it is removed" $remover
check "and gone" test ! -e "$two"

# Only the present user of a device is asked for it, not an earlier one
create 1
give 1 5 4
opens 1
same "opened anew, by somebody who cannot be asked" open "$(tell 1 reopen)"
put "$one/remove" 1 >/run/removed 2>&1 &
remover=$!
intree_fails "keeps the eventfds of a device that is closed" \
	same "who had it before is not asked" no "$(tell 1 requested)"
quits 1
ends "then it is removed" $remover
unload
