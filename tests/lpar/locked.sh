# SPDX-License-Identifier: GPL-2.0-only
#
# A VM whose user space holds its lock for as long as it likes, as KVM does
# while it waits for vCPUs: the host's scan of its adapters continues, and so do
# other VMs. Changes for that VM are made when the lock is free.
#
# timeout: 120
# driver: ours
# shellcheck shell=bash

# within SECONDS NAME COMMAND: checks that COMMAND succeeds while there is patience.
within() { check "$2, in time" timeout "$(patience "$1")" bash -c "$3"; }

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
within 15 "the host scans" 'echo 1 >/sys/bus/ap/scans'
settles "$(mdev 2)/guest_matrix" '05.0047'
within 10 "VM 2 is given a queue" "echo 6 >$(mdev 2)/assign_domain"
settles "$(mdev 2)/guest_matrix" '05.0006 05.0047'
within 10 "VM 2 gives one back" "echo 0x47 >$(mdev 2)/unassign_domain"
settles "$(mdev 2)/guest_matrix" '05.0006'

same "the lock is free" unlocked "$(tell 1 unlock)"
settles "$(mdev 1)/guest_matrix" '05.0004'
hmc add adapter 06
scan
settles "$(mdev 1)/guest_matrix" '05.0004 06.0004'
settles "$(mdev 2)/guest_matrix" '05.0006 06.0006'

# A process that unbinds a queue is killed while the guest keeps it: then nobody
# gets the queue
same "the lock is held again" locked "$(tell 1 lock)"
put /sys/bus/ap/drivers/vfio_ap/unbind 05.0004 &
unbinder=$!
check "the process waits" wait_until 20 grep -q vfio_ap "/proc/$unbinder/stack"
kill -KILL $unbinder
check "it can be killed" wait_until 20 test ! -e /sys/bus/ap/drivers/vfio_ap/05.0004
same "no driver gets the queue" "No such device" \
	"$(put /sys/bus/ap/drivers/cex4queue/bind 05.0004 | sed 's/.*: //')"
check "nor does the bus find one" test ! -e $queues/05.0004/driver
same "the lock is free again" unlocked "$(tell 1 unlock)"
settles "$(mdev 1)/guest_matrix" '06.0004'

# An adapter leaves while a process waits that unbinds a queue of it: the scan
# needs the lock of the device that this process holds
same "the lock is held once more" locked "$(tell 1 lock)"
put /sys/bus/ap/drivers/vfio_ap/unbind 06.0004 &
unbinder=$!
check "another process waits" wait_until 20 grep -q vfio_ap "/proc/$unbinder/stack"
hmc remove adapter 06
within 15 "the host scans" 'echo 1 >/sys/bus/ap/scans'
check "the process has ended" wait_until 20 test ! -e "/proc/$unbinder"
wait $unbinder
check "the queue has gone" wait_until 20 test ! -e $queues/06.0004
settles "$(mdev 2)/guest_matrix" '05.0006'
same "the lock is free once more" unlocked "$(tell 1 unlock)"
settles "$(mdev 1)/guest_matrix" .0004
quits 1
quits 2
hmc remove adapter 05
scan
hmc add adapter 05
hmc add adapter 06
scan
check "configured anew, it has a driver" wait_until 20 driven_by 05.0004 vfio_ap
unload
