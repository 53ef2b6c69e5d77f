# SPDX-License-Identifier: GPL-2.0-only
#
# apctl doctor on a real AP bus, with either driver: what commonly goes wrong is made to happen, is
# found, and is gone when what the finding advises was done.
#
# machine: tests/coprocessors.machine
# timeout: 240
# shellcheck shell=bash

passable='05.0004 05.0047 06.0004 06.0047'

# finds NAME TEXT: doctor does, and ends with 1. finds_nothing ABOUT: with 0 and these words.
finds()
{
	local verdict
	said=$(apctl doctor 2>&1)
	verdict=$?
	if [[ $verdict == 1 && $'\n'$said == *$'\n'"$1: $2"* ]]; then
		ok "$1 is found: $2"
	else
		not_ok "$1 is found: $2" "apctl doctor ended with $verdict:
$said"
	fi
}
finds_nothing() { same "nothing is found $1" 'nothing found' "$(apctl doctor 2>&1)"; }

# advice NAME: the command that the finding of that name in $said has between backquotes.
advice() { sed -n "/^$1: /{n;s/^[^\`]*\`\([^\`]*\)\`.*/\1/p;q}" <<<"$said"; }
# advised NAME: it is carried out. What it leaves open is as $2 says.
advised()
{
	local command
	command=$(advice "$1")
	check "what is advised can be done: ${command/ADAPTERS/$2}" eval "${command/ADAPTERS/$2}"
}

# key QUEUE BYTE: a new AES master key that consists of this byte, set at the key console.
key()
{
	check "a part of a master key is loaded" hmc master-key load "$1" aes "$(printf "$2%.0s" {1..32})"
	check "the master key of $1 is changed" hmc master-key set "$1" aes
}

check "the coprocessors are the host's" wait_until 60 all_driven_by cex4queue "04.0004 07.0004 $passable"
finds_nothing "on a machine that lends nothing"

# The module
takes /sys/bus/ap/apmask -5
finds module 'vfio_ap is not loaded, and 2 queues wait for it'
finds not-persistent 'the masks are set for this boot only'
takes /sys/bus/ap/apmask +5
probe_again '05.0004 05.0047'
load_driver
check "the host has its queues" wait_until 30 all_driven_by cex4queue "$passable"
finds nothing-reserved 'vfio_ap is loaded and has no queue'
advised nothing-reserved '5-6 --persist'
check "vfio_ap has them" wait_until 30 all_driven_by vfio_ap "$passable"
finds_nothing "when queues are reserved"

# A queue without a driver
put $queues/05.0047/driver/unbind 05.0047
finds unbound '05.0047 has no driver'
advised unbound
finds_nothing "when the queue is bound"

# A guest that runs without its queue
check "a device is started" apctl create db1 --adapters 5,6 --domains 4 --uuid "$(uuid 1)" --start
same "that it controls nothing is a remark" \
	"control-domain: db1 uses domains 4 without controlling them: its guest cannot change their master keys" \
	"$(apctl doctor | head -n 1)"
check "which is no fault" apctl doctor
said=$(apctl doctor)
advised control-domain
finds_nothing "when it controls its domain"
shows "$(mdev 1)/control_domains" 0004
opens 1
finds_nothing "while its guest runs"
put $queues/06.0004/driver/unbind 06.0004
finds lacking '06.0004: db1 runs without it (db1 not bound)'
advised unbound
finds_nothing "when the guest has it again"

# A queue that cannot be zeroized
quarantine()
{
	takes /sys/module/vfio_ap/parameters/reset_timeout_ms 500
	check "resets of 05.0047 do not end" hmc reset-time 05.0047 never
	put $queues/05.0047/driver/unbind 05.0047
	put /sys/bus/ap/drivers_probe 05.0047
	settles $queues/05.0047/condition quarantined
	finds quarantined '05.0047 could not be zeroized in time'
	check "now they do" hmc reset-time 05.0047 2
	settles $queues/05.0047/condition ready
	finds_nothing "when it was zeroized"
}
ours quarantine

# Master keys
before=$(sed -n 's/^AES CUR: valid 0x//p' $queues/04.0004/mkvps)
key 04.0004 01
finds master-key "04.0004: the master keys have changed since they were seen last; they were AES $before"
finds_nothing "when that was seen"
check "the wrapping key of 07.0004 is cleared" ep11 07.0004 clear
finds master-key '07.0004: the master keys have changed since they were seen last'
finds master-key '07.0004: no master key is set'
wrapping=$(printf '02%.0s' {1..32})
check "a part of another one is loaded" hmc master-key load 07.0004 wk "$wrapping"
check "it is set" hmc master-key set 07.0004 wk
said=$(apctl doctor)
finds_nothing "when it was seen"

# Boots
mkdir -p /etc/modules-load.d
echo vfio_ap >/etc/modules-load.d/vfio_ap.conf
finds boot-order '/etc/modules-load.d/vfio_ap.conf loads vfio_ap before the masks are set'
rm /etc/modules-load.d/vfio_ap.conf
rm /etc/udev/rules.d/41-ap.rules
finds not-persistent 'the masks are set for this boot only'
check "apctl keeps them" apctl reserve 5-6 --persist
finds_nothing "when the next boot has the masks"
check "a device of the host's queues is defined" apctl create web --adapters 4 --domains 4 --auto
finds boot-conflict '04.0004: web is started at boot, and the host keeps it then'
check "it gets queues of vfio_ap" apctl set web --adapters 6 --domains 0x47
check "so does another one" apctl create other --adapters 6 --domains 0x47 --auto
finds boot-conflict '06.0047: other and web are started at boot, and both claim it'
check "which is removed" apctl remove other
finds_nothing "when boots can end well"

# The fence
quits 1
check "db1 is stopped" apctl stop db1
create 2
give 2 5 4
finds fence 'domains went from one device to another with their master keys'
same "with the queue, and who had it" \
	'apctl: 05.0004: 00000002 gets the domain that db1 had, and nobody has looked at its master keys since' \
	"$(grep -m 1 '^apctl: ' <<<"$said")"
finish
