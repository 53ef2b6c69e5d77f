# SPDX-License-Identifier: GPL-2.0-only
#
# Queues that are unbound from the driver while they are assigned: what the
# guest keeps, and what is left of a removed device.
#
# intree oopses: a queue outside of the guest keeps a pointer to a device that it was taken from
# parameters: slub_debug=FZP,kmalloc-*
# timeout: 400
# shellcheck shell=bash

unbind() { takes /sys/bus/ap/drivers/vfio_ap/unbind "$1"; }
bind() { takes /sys/bus/ap/drivers/vfio_ap/bind "$1"; }

load
create 1
one=$(mdev 1)
give 1 5,6 4,6
opens 1
shows "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
unbind 05.0006
settles "$one/guest_matrix" '06.0004 06.0006'
shows "$one/matrix" '05.0004 05.0006 06.0004 06.0006'
bind 05.0006
settles "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'

# One queue is missing from each of its adapters: a domain costs less than two
# adapters
unbind 05.0006
unbind 06.0006
intree_fails "drops every adapter that lacks a queue" settles "$one/guest_matrix" '05.0004 06.0004'
quits 1

# A device that had the queue is removed
takes "$one/unassign_adapter" 5
takes "$one/remove" 1
(put /sys/bus/ap/drivers/vfio_ap/unbind 05.0004)	# who writes may die of it
survives "a queue is unbound whose device is gone"
unbind 06.0004
for queue in 05.0004 05.0006 06.0004 06.0006; do bind $queue; done
create 2
give 2 5,6 4,6
settles "$(mdev 2)/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
takes "$(mdev 2)/remove" 1
unload
