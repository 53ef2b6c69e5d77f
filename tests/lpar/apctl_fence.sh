# SPDX-License-Identifier: GPL-2.0-only
#
# apctl --fence on a real AP bus, with either driver: a domain goes from one guest to another with
# its master keys, unless they were changed meanwhile. And apctl watch, which sees all of that.
#
# machine: tests/coprocessors.machine
# timeout: 240
# shellcheck shell=bash

passable='05.0004 05.0047 06.0004 06.0047'

check "the coprocessors are the host's" wait_until 60 all_driven_by cex4queue "04.0004 07.0004 $passable"
load_driver
apctl watch --interval 1 >/run/watch 2>/run/watch.said &
watch=$!
check "apctl watches" wait_until 10 grep -q 'watching 8 queues' /run/watch.said

# watched TEXT: apctl watch has written this line, or comes to do so.
watched()
{
	if wait_until 10 grep -qE "^[0-9:]{8} $1\$" /run/watch; then
		ok "apctl watch writes '$1'"
	else
		not_ok "apctl watch writes '$1'" "$(cat /run/watch)"
	fi
}

# The first owner
check "adapter 05 is reserved" apctl reserve 5
watched 'apmask: -5 \+none'
watched '05\.0004: .* -> free'
keys=$(sed -n 's/^\([A-Z]*\) CUR: valid 0x/\1 /p' $queues/04.0004/mkvps | cut -d ' ' -f 1 | paste -sd ' ')
same "a coprocessor has all keys" 'AES APKA ASYM' "$keys"
check "db1 gets 05.0004" apctl create db1 --adapters 5 --domains 4 --uuid "$(uuid 1)" --start --fence
watched "db1: device comes \\($(uuid 1)\\)"
watched '05\.0004: .* -> db1'
opens 1
watched '05\.0004: .* -> db1\*'
refused "a running guest keeps it" 'a guest uses db1; shut it down' apctl stop db1
quits 1
watched '05\.0004: db1\* -> db1.*'
check "db1 is stopped" apctl stop db1
watched "db1: device goes \\($(uuid 1)\\)"

# The next one
check "web is defined" apctl create web --adapters 5 --domains 4 --uuid "$(uuid 2)"
refused "web is fenced off" '05.0004: web gets the domain that db1 had, and nobody has looked at its master keys since' \
	apctl start web --fence
check "and is not there" test ! -e "$(mdev 2)"
cat >/tmp/web.toml <<END
[guest.web]
uuid = "$(uuid 2)"
adapters = 5
domains = 4
END
refused "the same in a plan" '05.0004: web gets the domain that db1 had' apctl plan --fence /tmp/web.toml
check "db1 itself is not fenced off" apctl start db1 --fence
check "db1 is stopped again" apctl stop db1

# The host looks at the keys, which are the same
check "adapter 05 is released" apctl release 5
watched '05\.0004: .* -> host'
seen=$(sed -n 's/^AES CUR: valid 0x//p' $queues/05.0004/mkvps)
check "and reserved again" apctl reserve 5
refused "the keys were seen unchanged" "and the host saw the same master keys since (AES $seen" \
	apctl start web --fence
said=$(apctl start web 2>&1)
same "without --fence it is a warning" \
	'apctl: 05.0004: web gets the domain that db1 had, and the host saw the same master keys since' \
	"${said%% (AES*}"
check "and web is there" test -e "$(mdev 2)"
check "web is stopped" apctl stop web

# They are changed while the host has the queue
check "adapter 05 is released again" apctl release 5
part=$(printf '01%.0s' {1..32})
check "a part of a master key is loaded" hmc master-key load 05.0004 aes "$part"
check "the master key is changed" hmc master-key set 05.0004 aes
check "adapter 05 is reserved at last" apctl reserve 5
check "db1 gets the domain with other keys" apctl start db1 --fence

# What watch sees of adapters
check "adapter 04 is deconfigured" hmc deconfigure 04
scan
watched 'adapter 04: operational -> off'
check "it is configured" hmc configure 04
scan
watched 'adapter 04: off -> operational'
kill "$watch"
finish
