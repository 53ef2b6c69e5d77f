# SPDX-License-Identifier: GPL-2.0-only
#
# apctl on a real AP bus, with either driver: what it shows, and what it changes.
#
# timeout: 240
# shellcheck shell=bash

# Debian 12's chzdev does not support masks.
chzdev() { /usr/lib/later/ld64.so.1 --library-path /usr/lib/later /usr/lib/later/chzdev "$@"; }

says "all queues are the host's" '0004     host   host   host' apctl
refused "masks cannot do everything" '05.0006' apctl reserve 4 --domains 6
load
says "what vfio_ap has is free" '0004     host   free   free' apctl
create 1
give 1 5 4,6
mkdir -p /etc/apctl
echo "$(uuid 1) db1" >/etc/apctl/names
says "a device is shown by its name" '0004     host   db1    free' apctl
opens 1
says "a guest has it" '0004     host   db1*   free' apctl
says "apctl list" 'db1   running  -     2/2     5         4,6' apctl list
says "JSON" '"apqn":"05.0004","owner":"guest"' apctl show --json
# Between the host and vfio_ap
refused "a guest's queue stays" '05.0004: db1 has it in its running guest' apctl release 5
says "what is no guest's goes" '06.0004: vfio_ap -> host' apctl release 6
driven_by 06.0004 cex4queue && bound=yes
same "and works for the host" yes "${bound:-no}"
says "and comes back" '06.0004: host -> vfio_ap' apctl reserve 6 --persist
says "vfio_ap has it" '0004     host   db1*   free' apctl
quits 1
refused "the device is still its owner" '05.0004: db1 has it assigned' apctl release 5
takes "$(mdev 1)/remove" 1
says "a free adapter goes" '05.0004: vfio_ap -> host' apctl release 5

# Devices
says "a device is defined and started" '' apctl create web --adapters 6 --domains 4,0x47 --start
says "it is there" 'web   active  manual  2/2     6         4,0x47   none' apctl list
says "mdevctl reads its definition" 'vfio_ap-passthrough manual' mdevctl list --defined
says "its queues change" '' apctl set web --domains +6,-4
says "at once and in the definition" 'web   active  manual  2/2     6         6,0x47   none' apctl list
refused "a claim is refused with the owner" '06.0006: web has it' apctl create db2 --adapters 6 --domains 6 --start
check "it is removed again" apctl remove db2
refused "an active device is not removed" '`apctl stop web` first' apctl remove web
check "it is stopped" apctl stop web
says "mdevctl starts what apctl defined" '' mdevctl start --uuid "$(apctl list --json | jq -r '.[0].uuid')"
says "and apctl sees it" 'web   active' apctl list
check "it is stopped again" apctl stop web
check "it is removed" apctl remove web

# A whole machine
cat >/tmp/plan.toml <<'EOT'
[reserve]
adapters = "5-6"
[guest.db1]
adapters = 5
domains = "4,0xab"
[guest.web]
adapters = [6]
domains = [0x47]
EOT
apctl plan /tmp/plan.toml
same "plan tells that something is to be done" 3 $?
says "apply does it" '+ web: adapters 6, domains 0x47' apctl apply /tmp/plan.toml
says "so it is" '0047     host   free   web' apctl
says "it has nothing more to do" 'all is as the file has it' apctl apply /tmp/plan.toml
apctl export >/tmp/export.toml
says "export tells the same" 'all is as the file has it' apctl plan /tmp/export.toml
sed -i 's/0x47/0x47, 4/; s/adapters = 5$/adapters = "5-6"/' /tmp/plan.toml
refused "a conflict has its line" 'plan.toml:7: 06.0004: web claims it, and so does db1' apctl apply /tmp/plan.toml
says "and nothing has changed" 'all is as the file has it' apctl plan /tmp/export.toml
echo '[reserve]' >/tmp/nothing.toml
check "all goes back" apctl apply /tmp/nothing.toml
says "to the host" '0047     host   host   host' apctl
says "as ever" '05.0004: host -> vfio_ap' apctl reserve 5-6 --persist

# chzdev reads what apctl has written, and vice versa.
rule=/etc/udev/rules.d/41-ap.rules
mask() { sed -n "s/^ATTR.*$1}=\"0x\(...\).*/\1/p" $rule; }
same "the next boot keeps adapters 5 and 6 from the host" f9f "$(mask apmask)"
check "chzdev adds to it" chzdev -t ap -p apmask=-4
same "and keeps what was there" f1f "$(mask apmask)"
says "apctl adds to that" 'no queue changes hands' apctl reserve 6 --persist
same "and keeps it, too" f1f "$(mask apmask)"
check "and chzdev understands it again" chzdev -t ap -p apmask=+4
same "and writes the same form" f9f "$(mask apmask)"
finish
