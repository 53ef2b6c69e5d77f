#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the machine takes from a running guest, and gives back: an adapter that
# is deconfigured or checkstopped, an adapter or a domain that leaves the LPAR's
# profile, a queue whose reset fails. The guest loses exactly that, continues to
# compute, and gets it back.
#
# timeout: 500
. tests/vms.sh

does() { check "$*" machine_says "$run" "$@"; }

# The vocabulary of scripts in the LPAR, in addition to tests/lpar.sh.
cat >"$run/words" <<'END'
# lpar_scans: makes the host scan its adapters, which it otherwise does every 30
# seconds.
lpar_scans() { echo 1 >/sys/bus/ap/scans; }
guest_scans() { in_guest 1 'echo 1 >/sys/bus/ap/scans'; }

# computes QUEUE..., comes_to_compute QUEUE...: check that the guest computes on
# each of them.
computes() { check "guest1 computes on $*" in_guest 1 rsa --bits 1024 "$@"; }
computed() { guest_scans && in_guest 1 rsa --bits 1024 "$@"; }
comes_to_compute() { check "guest1 computes on $* again" wait_until 40 computed "$@"; }

# finds QUEUE ATTRIBUTE VALUE: checks that the guest finds this when it scans
# its adapters.
found() { guest_scans && [[ $(in_guest 1 cat "$queues/$1/$2") == "$3" ]]; }
finds() { check "guest1 finds $1 with $2 $3" wait_until 30 found "$@"; }

# on VM COMMAND: runs COMMAND in the LPAR, or in guest 1.
on() { case $1 in lpar) eval "$2" ;; *) in_guest 1 "$2" ;; esac; }

# listen VM: starts to record the uevents of the AP bus, and forgets earlier
# ones. The earlier file is removed, or it would pass for the next one until the
# background truncates it.
listen()
{
	on "$1" 'pkill -x udevadm
		rm -f /run/uevents
		udevadm monitor --kernel --property --subsystem-match=ap </dev/null >/run/uevents 2>&1 &'
	check "$1 listens to uevents" wait_until 20 on "$1" 'grep -qs "^KERNEL" /run/uevents'
}
# told VM: prints the devices that came or went, and what changed with them.
told()
{
	on "$1" 'cat /run/uevents' | gawk '
		/^KERNEL\[/ { n = split($3, path, "/"); if ($2 ~ /^(add|remove)$/) print path[n], $2 }
		/^(CONFIG|ONLINE)=/ { print path[n], $0 }' | sort -u | paste -sd ,
}
is_told() { [[ $(told "$1") == "$2" ]]; }
# hears VM EVENT DEVICE...: checks that this was reported of each device, and
# nothing else.
hears()
{
	local expected
	expected=$(printf "%s $2\n" "${@:3}" | paste -sd ,)
	wait_until 30 is_told "$1" "$expected"
	same "$1: uevents $2" "$expected" "$(told "$1")"
}
lpar_05='05.0004 05.0006 05.0047 05.00ab 05.00ff card05'
guest_05='05.0004 05.0006 card05'

guest=$(mdev 1)
all='05.0004 05.0006 06.0004 06.0006'
END
in_lpar()
{
	cat "$run/words" - >"$run/script"
	play lpar "$run/script"
}

machine tests/lpar.machine
boot_lpar
in_lpar <<'END'
load
create 1
give 1 5,6 4,6
start_guest 1
boots 1
comes_to_see 1 "$all"
computes $all
listen lpar
listen guest1
END

# Deconfigured and checkstopped adapters: the guest's own kernel sees that, as
# on any machine.
does deconfigure 05
in_lpar <<'END'
lpar_scans
finds 05.0004 config 0
hears lpar CONFIG=0 $lpar_05
hears guest1 CONFIG=0 $guest_05
finds 06.0004 config 1
computes 06.0004 06.0006
shows "$guest/matrix" "$all"
listen lpar
listen guest1
END
does configure 05
in_lpar <<'END'
lpar_scans
finds 05.0004 config 1
hears lpar CONFIG=1 $lpar_05
hears guest1 CONFIG=1 $guest_05
comes_to_compute $all
listen lpar
listen guest1
check "chzcrypt takes card 05 offline in the guest" in_guest 1 chzcrypt -d 05
hears guest1 ONLINE=0 $guest_05
check "and a queue of card 04 in the LPAR" chzcrypt -d 04.0004
hears lpar ONLINE=0 04.0004
listen lpar
listen guest1
check "chzcrypt takes card 05 online in the guest" in_guest 1 chzcrypt -e 05
hears guest1 ONLINE=1 $guest_05
check "and the queue in the LPAR" chzcrypt -e 04.0004
hears lpar ONLINE=1 04.0004
END
does checkstop 06
in_lpar <<'END'
lpar_scans
finds 06.0006 chkstop 1
computes 05.0004 05.0006
END
does configure 06
in_lpar <<'END'
lpar_scans
finds 06.0006 chkstop 0
comes_to_compute $all
END

# By the administrator of the LPAR
in_lpar <<'END'
check "chzcrypt takes adapter 06 out of operation" chzcrypt --config-off 06
finds 06.0004 config 0
computes 05.0004 05.0006
check "a guest cannot put it into operation" eval '! in_guest 1 chzcrypt --config-on 06'
finds 06.0004 config 0
check "chzcrypt puts it into operation" chzcrypt --config-on 06
lpar_scans
finds 06.0004 config 1
comes_to_compute $all
END

# What leaves the profile leaves the guest's APCB, but stays assigned.
in_lpar <<'END'
listen lpar
listen guest1
END
does remove domain 0006
in_lpar <<'END'
lpar_scans
comes_to_see 1 '05.0004 06.0004'
hears lpar remove 04.0006 05.0006 06.0006
hears guest1 remove 05.0006 06.0006
listen guest1
shows "$guest/guest_matrix" '05.0004 06.0004'
shows "$guest/matrix" "$all"
computes 05.0004 06.0004
END
does add domain 0006
in_lpar <<'END'
lpar_scans
comes_to_see 1 "$all"
hears guest1 add 05.0006 06.0006
on guest1 'pkill -x udevadm'
pkill -x udevadm
computes $all
END
does remove adapter 05
in_lpar <<'END'
lpar_scans
comes_to_see 1 '06.0004 06.0006'
computes 06.0004 06.0006
END
# One comes and another goes, between two scans
does add adapter 05
does remove adapter 06
in_lpar <<'END'
lpar_scans
comes_to_see 1 '05.0004 05.0006'
computes 05.0004 05.0006
END
does add adapter 06
in_lpar <<'END'
lpar_scans
comes_to_see 1 "$all"
computes $all
END

# A reset that fails: nobody gets the queue until a reset succeeds.
does fault 05.0006 reset-error
in_lpar <<'END'
takes "$guest/unassign_domain" 6
settles $queues/05.0006/status unassigned
settles $queues/05.0006/condition quarantined
settles $queues/06.0006/status unassigned
takes "$guest/assign_domain" 6
settles $queues/05.0006/status assigned
settles $queues/05.0006/condition quarantined
comes_to_see 1 '05.0004 06.0004'
computes 05.0004 06.0004
END
does fault 05.0006 off
in_lpar <<'END'
settles $queues/05.0006/status 'in use'
comes_to_see 1 "$all"
computes $all
END

# A queue that is gone cannot be reset. It is reset when it comes back, before
# anyone gets it.
does remove domain 0006
in_lpar <<'END'
lpar_scans
comes_to_see 1 '05.0004 06.0004'
takes "$guest/unassign_domain" 6
create 2
give 2 5 6
opens 2
shows "$(mdev 2)/guest_matrix" 05.
END
same "the absent queue still has its user" guest1 \
	"$(machine_says "$run" status | awk '$1 == "05.0006" { print $5 }')"
does add domain 0006
in_lpar <<'END'
lpar_scans
settles $queues/05.0006/status 'in use'
settles $queues/06.0006/status unassigned
shows "$(mdev 2)/guest_matrix" 05.0006
computes 05.0004 06.0004
guest_is_well 1
END
same "it was cleaned in between" - \
	"$(machine_says "$run" status | awk '$1 == "05.0006" { print $5 }')"
the_end
