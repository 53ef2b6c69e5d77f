# SPDX-License-Identifier: GPL-2.0-only
#
# A guest's AQIC, as the driver handles it: the answer to it, and that each page
# of an indicator is pinned exactly as long as a queue may use it. sie reports
# interruption subclasses that are still registered when a VM ends.
#
# intree oopses: when AQIC is answered with busy, it keeps the page and the subclass for ever
# timeout: 300
# shellcheck shell=bash

# keeps COUNT: checks that so many pages of guest1 are pinned.
pinned()
{
	local name kilobytes rest
	while read -r name kilobytes rest; do
		[[ $name != VmLck: ]] || pages=$((kilobytes / 4))
	done </proc/"$guest_1"/status
	[[ $pages == "$1" ]]
}
keeps()
{
	wait_until 10 pinned "$1"
	same "pages that are pinned" "$1" "$pages"
}

# aqic QUEUE GR1 GR2 RC: checks the answer when the guest executes it.
on=800000000006 off=0
aqic() { same "AQIC $*" "AQIC $1 rc $4 cc $([[ $4 == 00 ]] && echo 0 || echo 3)" "$(in_guest 1 ap-probe "'$1 aqic $2 $3'")"; }

load
create 1
create 2
one=$(mdev 1)
give 1 5 4,0x47
give 2 6 4
start_guest 1
boots 1
comes_to_see 1 '05.0004 05.0047'

# The guest's kernel has enabled them, with one byte for all queues.
keeps 1
aqic 05.0004 $off 0 00
keeps 1
aqic 05.0047 $off 0 00
keeps 0
aqic 05.0047 $off 0 07
keeps 0

# Addresses
aqic 05.0004 $on 0 06
aqic 05.0004 $on 7fff0000 06
aqic 05.0004 $on ffffffffffffffff 06
keeps 0
aqic 06.0004 $on 2000 01
aqic 05.0004 $on 2001 00
keeps 1
aqic 05.0047 $on 3fff 00
keeps 2
aqic 05.0047 $on 5000 07
keeps 2

# The adapter is busy.
aqic 05.0004 $off 0 00
keeps 1
check "05.0004 is busy" hmc fault 05.0004 busy 1
aqic 05.0004 $on 4000 05
intree_fails "what AQIC took is kept when it is answered with busy" keeps 1
aqic 05.0004 $on 4000 00
keeps 2
aqic 05.0004 $off 0 00
intree_fails "the same" keeps 1

# A device that is refused the guest's VM leaves the guest's AQIC alone.
same "guest1's VM is not for a second device" 1 "$(hold "$(mdev 2)" "$guest_1" </dev/null >&2; echo $?)"
intree_fails "a refused device leaves its hook in the VM" aqic 05.0047 $off 0 00
intree_fails "the same" keeps 0
takes "$(mdev 2)/remove" 1

# A queue that is taken from the guest, and a guest that is killed. With a stale
# hook, AQIC fails from then on.
if [[ $DRIVER == ours ]]; then
	aqic 05.0004 $on 2000 00
	aqic 05.0047 $on 3fff 00
	keeps 2
fi
takes "$one/unassign_domain" 0x47
comes_to_see 1 05.0004
ours keeps 1
kill -KILL "$guest_1"
settles $queues/05.0004/status assigned
takes "$one/remove" 1
survives "a VM that ends has nothing registered"
unload
