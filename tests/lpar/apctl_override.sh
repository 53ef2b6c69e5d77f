# SPDX-License-Identifier: GPL-2.0-only
#
# apctl where the kernel has driver_override: single queues are reserved and released, masks and
# overrides exclude each other, and a queue that is overridden away from a guest is missed.
#
# kernel: 7
# timeout: 240
# shellcheck shell=bash

load_driver

# A single queue, which masks cannot reserve
refused "masks take more along" 'overrides are of single queues, see --by override' apctl reserve 5 --domains 4
says "a queue is reserved by an override" '05.0004: host -> vfio_ap' apctl reserve 5 --domains 4 --by override
check "vfio_ap has it" driven_by 05.0004 vfio_ap
check "and no other one" driven_by 05.0006 cex4queue
shows $queues/05.0004/driver_override vfio_ap
says "it is free" '0004     host   free   host' apctl
says "overrides are the way from then on" '06.0004: host -> vfio_ap' apctl reserve 6 --domains 4
shows $queues/06.0004/driver_override vfio_ap
refused "masks are none beside them" 'queues have overrides, and the kernel allows no masks beside them' \
	apctl reserve 4 --by masks
refused "they do not outlive the boot" 'overrides do not outlive the boot' apctl reserve 6 --domains 6 --persist
check "what was reserved with that goes back" apctl release 6 --domains 6

# A file for the machine
cat >/tmp/plan.toml <<'EOT'
[reserve]
queues = ["05.0004", "05.0047"]
[guest.db1]
adapters = 5
domains = "4,0x47"
EOT
says "apply reserves single queues" '05.0047: host -> vfio_ap' apctl apply /tmp/plan.toml
check "and releases others" driven_by 06.0004 cex4queue
says "the device has both" 'db1   active  auto  2/2     5         4,0x47   none' apctl list
apctl export >/tmp/export.toml
says "export tells the same" 'all is as the file has it' apctl plan /tmp/export.toml

# A guest's queue
device=$(apctl list --json | jq -r '.[0].uuid')
check "the device is created anew" apctl stop db1
check "under a number of its own" apctl remove db1
check "for a guest" apctl create db1 --adapters 5 --domains 4,0x47 --uuid "$(uuid 1)" --start
check "the other one is gone" test ! -e "$matrix/$device"
opens 1
refused "it is not released" '05.0004: db1 has it in its running guest' apctl release 5 --domains 4
apctl watch --interval 1 >/run/watch 2>/run/watch.said &
watch=$!
check "apctl watches" wait_until 10 grep -q watching /run/watch.said
put $queues/05.0047/driver_override '' && put $queues/05.0047/driver/unbind 05.0047
put /sys/bus/ap/drivers_probe 05.0047
check "the kernel asks nobody" wait_until 10 driven_by 05.0047 cex4queue
check "apctl watch sees it" wait_until 10 grep -q '05.0047: db1\* -> ' /run/watch
said=$(apctl doctor 2>&1)
check "apctl doctor, too" grep -q '^lacking: 05.0047: db1 runs without it (db1 not bound)$' <<<"$said"
says "the override is set again" '05.0047: host -> vfio_ap' apctl reserve 5 --domains 0x47
same "the guest has it again" '' "$(apctl doctor | grep '^lacking')"
kill "$watch"
quits 1

# Masks for the next boot beside the overrides of this one
check "apctl stops it" apctl stop db1
mkdir -p /etc/udev/rules.d
cat >/etc/udev/rules.d/41-ap.rules <<'EOT'
ATTR{../../bus/ap/apmask}="0xfbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
EOT
said=$(apctl doctor 2>&1)
check "doctor finds that they exclude each other" \
	grep -q '^mixed: queues have overrides now, and the next boot sets masks, which exclude each other$' <<<"$said"
check "what it advises can be done" apctl release 5
said=$(apctl doctor 2>&1)
same "it is found no more" '' "$(grep '^mixed' <<<"$said")"
check "masks can be set again" apctl reserve 5 --whole adapters
finish
