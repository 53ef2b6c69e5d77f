# SPDX-License-Identifier: GPL-2.0-only
#
# A VM whose lock is held for as long as its user space likes, as KVM's is while it waits for
# vCPUs: the host's scan of its adapters goes on, and so do other VMs. What was to change for
# that VM does when the lock is free.
#
# timeout: 90
# driver: ours
# shellcheck shell=bash

# within SECONDS NAME COMMAND...
within() { check "$2, in time" timeout "$1" bash -c "$3"; }

load
create 1
create 2
give 1 5,6 4
give 2 5,6 0x47
opens 1
opens 2
shows "$(mdev 1)/guest_matrix" '05.0004 06.0004'
same "the lock of VM 1 is held" locked "$(tell 1 lock)"

hmc remove adapter 06
within 40 "the host scans" 'echo 1 >/sys/bus/ap/scans'
settles "$(mdev 2)/guest_matrix" '05.0047'
within 20 "VM 2 is given a queue" "echo 6 >$(mdev 2)/assign_domain"
settles "$(mdev 2)/guest_matrix" '05.0006 05.0047'
within 20 "VM 2 gives one back" "echo 0x47 >$(mdev 2)/unassign_domain"
settles "$(mdev 2)/guest_matrix" '05.0006'

same "the lock is free" unlocked "$(tell 1 unlock)"
settles "$(mdev 1)/guest_matrix" '05.0004'
hmc add adapter 06
scan
settles "$(mdev 1)/guest_matrix" '05.0004 06.0004'
settles "$(mdev 2)/guest_matrix" '05.0006 06.0006'
quits 1
quits 2
unload
