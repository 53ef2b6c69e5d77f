# SPDX-License-Identifier: GPL-2.0-only
#
# An adapter that disappears during the reset of a queue, or while a guest has
# it, and comes back with what the guest has left in it. Its next user may be
# another guest or the host.
#
# intree leaks: takes a queue whose reset was cut short for clean
# timeout: 400
# shellcheck shell=bash

load
# What is late is quarantined, and the adapter has to go before
ours takes /sys/module/vfio_ap/parameters/reset_timeout_ms 600000
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

# The adapter leaves the LPAR, and the host reserves it before it is back
start_guest 1
boots 1
comes_to_see 1 05.0004
check "guest1 computes again" in_guest 1 rsa --bits 1024 05.0004
used() { [[ $(hmc status) =~ 05.0004\ +CEX8A\ +[a-z]+\ +[a-z]+\ +guest ]]; }
check "the adapter leaves the LPAR" hmc remove adapter 05
scan
settles "$one/guest_matrix" .0004
check "with what the guest left" used
kill -KILL "$guest_1"
check "guest1 has ended" wait_until 20 eval '! kill -0 $guest_1'
takes "$one/remove" 1
takes /sys/bus/ap/apmask +5
check "the adapter comes back" hmc add adapter 05
scan
check "to the host" wait_until 30 driven_by 05.0004 cex4queue
check "which computes with it" rsa --bits 1024 05.0004
takes /sys/bus/ap/apmask -5
check "vfio_ap gets it again" wait_until 30 driven_by 05.0004 vfio_ap
unload
