# SPDX-License-Identifier: GPL-2.0-only
#
# The call-out of apctl: mdevctl tells what a device has, and why the kernel has
# refused to start one.
#
# driver: ours
# timeout: 120
# shellcheck shell=bash

# mdevctl before 1.3 looks for call-outs here only.
mkdir -p /etc/mdevctl.d/scripts.d/callouts
ln -s /usr/lib/mdevctl/scripts.d/callouts/apctl /etc/mdevctl.d/scripts.d/callouts/

# definition ADAPTER DOMAIN: prints one.
definition()
{
	echo "{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"manual\",
		\"attrs\":[{\"assign_adapter\":\"$1\"},{\"assign_domain\":\"$2\"}]}"
}

load
create 1
give 1 5 4,6
says "mdevctl tells the adapter" '"assign_adapter": "0x05"' mdevctl list -u "$(uuid 1)" --dumpjson
says "mdevctl tells a domain" '"assign_domain": "0x06"' mdevctl list -u "$(uuid 1)" --dumpjson

# mdevctl removes the device that it could not start, and the reason is told.
definition 5 6 >/run/refused
refused "mdevctl tells why it cannot start a device" "05.0006" \
	mdevctl start -u "$(uuid 2)" -p matrix --jsonfile /run/refused
check "the device is gone" test ! -e "$(mdev 2)"

# What mdevctl from 1.3 on asks for a live change
live() { /usr/lib/mdevctl/scripts.d/callouts/apctl -t vfio_ap-passthrough -e live -a modify -s none -u "$(uuid 1)" -p matrix; }
check "an active device is changed" eval 'definition 6 0x47 | live'
shows "$(mdev 1)/matrix" 06.0047
refused "what cannot be changed is told" "04.0004" eval 'definition 4 4 | live'
shows "$(mdev 1)/matrix" 06.0047
takes "$(mdev 1)/remove" 1
unload
