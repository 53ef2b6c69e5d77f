# SPDX-License-Identifier: GPL-2.0-only
#
# Each thing that an administrator does, and how long it takes. Played in an LPAR behind
# tests/lpar.sh.
# shellcheck shell=bash

everything=0x$(printf 'f%.0s' {1..64})
file=$(modinfo -n "$module" 2>/dev/null) || file=$module

# timed NAME COMMAND...
timed()
{
	local begin=${EPOCHREALTIME/./}
	"${@:2}"
	row $((${EPOCHREALTIME/./} - begin)) "$1"
}
write() { echo "$2" >"$1"; }
each() { for id in $3; do echo "$id" >"$1/$2"; done; }
read_file() { read -r -d '' text <"$1"; }
read_often() { for ((i = 0; i < 20; i++)); do read_file "$1"; done; }
bound() { [[ $(ls "/sys/bus/ap/drivers/$1" | grep -c '\.') == 544 ]]; }

modprobe sie
modprobe -a mdev vfio_iommu_type1
timed 'loading the module' insmod "$file"
timed '544 queues leave the host' write /sys/bus/ap/apmask 0x0
check "vfio_ap has all queues" wait_until 60 bound vfio_ap
timed 'creating a device' write "$type/create" "$(uuid 1)"
one=$(mdev 1)
timed '17 adapters' each "$one" assign_adapter "${adapters:=$(echo {0..16})}"
timed '30 domains' each "$one" assign_domain "${domains:=$(echo {0..29})}"
timed 'reading matrix of 510 queues, 20 times' read_often "$one/matrix"
timed '30 domains unassigned' each "$one" unassign_domain "$domains"
each "$one" assign_domain "$domains"
opens 1
timed '16 domains leave an open device' each "$one" unassign_domain "$(echo {0..15})"
timed '16 domains join an open device' each "$one" assign_domain "$(echo {0..15})"
timed 'a scan of the bus' write /sys/bus/ap/scans 1
holder=$holder_1
timed 'closing a device of 510 queues' eval 'echo quit >/run/hold1; wait "$holder"'
timed 'removing the device' write "$one/remove" 1
timed '544 queues come back' write /sys/bus/ap/apmask "$everything"
check "the host has all queues" wait_until 60 bound cex4queue
timed 'unloading the module' rmmod vfio_ap
