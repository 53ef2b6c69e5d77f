# SPDX-License-Identifier: GPL-2.0-only
#
# The host asks for a device that a guest uses: the guest loses its queues and
# nothing else. A user that has closed a device can open it again.
#
# timeout: 120
# shellcheck shell=bash

load
create 1
give 1 5 4

# One VM opens one device repeatedly.
opens 1
for again in 1 2; do
	same "the device is closed" closed "$(tell 1 close)"
	settles $queues/05.0004/status assigned
	same "the same VM opens it again" open "$(tell 1 open)"
	shows $queues/05.0004/status 'in use'
done
quits 1

# Under a guest
start_guest 1
boots 1
comes_to_see 1 05.0004
check "mdevctl stops the device" timeout "$(patience 10)" mdevctl stop -u "$(uuid 1)"
check "it is gone" test ! -e "$(mdev 1)"
settles $queues/05.0004/status unassigned
check "guest1 goes on" in_guest 1 'echo 1 >/sys/bus/ap/scans'
comes_to_see 1 ''
guest_is_well 1
in_guest 1 poweroff
# shellcheck disable=SC2154 # by start_guest
ends "guest1 shuts down" "$guest_1"
unload
