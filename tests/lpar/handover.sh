# SPDX-License-Identifier: GPL-2.0-only
#
# An adapter that disappears during the reset of a queue, and comes back with
# what the guest has left in it.
#
# intree leaks: takes a queue whose reset was cut short for clean
# timeout: 400
# shellcheck shell=bash

load
create 1
one=$(mdev 1)
give 1 5 4
start_guest 1
boots 1
comes_to_see 1 05.0004
check "guest1 computes" in_guest 1 rsa --bits 1024 05.0004
check "a reset takes long" hmc reset-time 05.0004 never
# shellcheck disable=SC2154 # by start_guest
kill -KILL "$guest_1"
check "it has begun" wait_until 20 in_state 05.0004 reset
check "the adapter goes" hmc deconfigure 05
check "the guest is gone" wait_until 20 eval '[[ $(<$queues/05.0004/status) == assigned* ]]'
ours settles $queues/05.0004/condition unavailable
check "the adapter is back" hmc configure 05
scan
check "a reset takes no time" hmc reset-time 05.0004 2
settles "$one/guest_matrix" 05.0004
opens 1
shows $queues/05.0004/status 'in use'
quits 1
settles $queues/05.0004/status assigned
takes "$one/remove" 1
unload
