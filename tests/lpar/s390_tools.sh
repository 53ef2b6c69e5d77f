# SPDX-License-Identifier: GPL-2.0-only
#
# How s390-tools read mediated devices, with Debian 13's chzdev. ap-check(8),
# which Debian does not have, reads the attribute matrix and definitions of
# mdevctl by the same library (libap).
#
# driver: ours
# timeout: 120
# shellcheck shell=bash

chzdev() { /usr/lib/later/ld64.so.1 --library-path /usr/lib/later /usr/lib/later/chzdev "$@"; }

# conflicts NAME TEXT COMMAND...: checks that the command fails with this
# message.
conflicts()
{
	if said=$("${@:3}" 2>&1); then
		not_ok "$1" "it succeeded: $said"
	elif [[ $said == *"$2"* ]]; then
		ok "$1"
	else
		not_ok "$1" "$said"
	fi
}

# define ADAPTERS: defines device 9, which starts at boot, with domain 4.
define()
{
	mkdir -p /etc/mdevctl.d/matrix
	cat >"/etc/mdevctl.d/matrix/$(uuid 9)" <<-END
		{ "mdev_type": "vfio_ap-passthrough", "start": "auto",
		  "attrs": [ { "assign_adapter": "$1" }, { "assign_domain": "4" } ] }
	END
}

load
create 1
one=$(mdev 1)
give 1 5 4,6
conflicts "chzdev sees what a device claims" "apmask conflicts with mdev $(uuid 1) APQN 5.4" \
	chzdev -a -t ap apmask=+5
driven_by 05.0004 vfio_ap && bound=yes
same "and leaves it" yes "${bound:-no}"

# A staged device claims nothing.
takes "$one/activate" 0
check "chzdev gives the host what is merely staged" chzdev -a -t ap apmask=+5
check "the host has it" wait_until 30 driven_by 05.0004 cex4queue
refuses "$EADDRNOTAVAIL" "$one/activate" 1 05.0004
check "chzdev takes it back" chzdev -a -t ap apmask=-5
check "vfio_ap has it" wait_until 30 driven_by 05.0004 vfio_ap
takes "$one/activate" 1
conflicts "chzdev sees it again" "APQN 5.6" chzdev -a -t ap apmask=+5
takes "$one/remove" 1

# In definitions, lists are read whose items are separated by commas, but only
# the first number of a range. Therefore apctl writes single numbers, and
# docs/administration.md advises against ranges.
check "the next boot keeps adapters 5 and 6 from the host" chzdev -p -t ap apmask=-5,-6
define 5
conflicts "chzdev reads a definition" "autostart mdev $(uuid 9) APQN 5.4" chzdev -p -t ap apmask=+5
define 4,5,6
conflicts "and lists in it" "APQN 6.4" chzdev -p -t ap apmask=+6
define 5-6
check "but no ranges" chzdev -p -t ap apmask=+6
rm "/etc/mdevctl.d/matrix/$(uuid 9)" /etc/udev/rules.d/41-ap.rules
check "apctl defines a device" apctl create db1 --adapters 5-6 --domains 4,6
check "by single numbers" eval '! grep -Er "assign.*[-,][0-9]" /etc/mdevctl.d/matrix'
check "and takes it back" apctl remove db1
unload
