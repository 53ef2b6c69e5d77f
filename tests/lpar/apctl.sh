# SPDX-License-Identifier: GPL-2.0-only
#
# apctl on a real AP bus, with either driver: what it shows, and what it changes.
#
# timeout: 240
# shellcheck shell=bash

# says NAME TEXT COMMAND...: the output of a command that succeeds has a line with this text.
says()
{
	local name=$1 text=$2
	shift 2
	if said=$("$@" 2>&1) && [[ $said == *"$text"* ]]; then
		ok "$name"
	else
		not_ok "$name" "\"$text\" is missing in what $* said:
$said"
	fi
}

says "all queues are the host's" '0004     host   host   host' apctl
load
says "what vfio_ap has is free" '0004     host   free   free' apctl
create 1
give 1 5 4,6
mkdir -p /etc/apctl
echo "$(uuid 1) db1" >/etc/apctl/names
says "a device is shown by its name" '0004     host   db1    free' apctl
opens 1
says "a guest has it" '0004     host   db1*   free' apctl
says "apctl list" 'db1   running  2/2     5         4,6' apctl list
says "JSON" '"apqn":"05.0004","owner":"guest"' apctl show --json
quits 1
finish
