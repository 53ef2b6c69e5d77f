#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Sudden deaths in the middle of work: a guest's QEMU, the LPAR with its guest,
# swcexd. The others live on, and no queue is passed on as it was.
#
# timeout: 600
. tests/vms.sh

# guest_with_load: starts a guest that computes on both its queues, in the
# background.
guest_with_load()
{
	script <<-'END'
	load
	create 1
	give 1 5 4,6
	start_guest 1
	boots 1
	comes_to_see 1 '05.0004 05.0006'
	in_guest 1 'rsa --bits 4096 --seconds 86400 --threads 4 05.0004 >/dev/null 2>&1 & rsa --bits 2048 --seconds 86400 05.0006 >/dev/null 2>&1 &'
	check "guest1 computes" wait_until 20 in_guest 1 '[ "$(cat /sys/bus/ap/devices/05.0004/request_count)" -gt 20 ]'
	END
}

# qemu_of_guest: prints the process of the guest's QEMU, which is attached to
# this test's swcexd.
qemu_of_guest()
{
	grep -lazE "[l]ink=$run/swcexd.guests,guest" /proc/[0-9]*/cmdline 2>/dev/null | cut -d / -f 3 | head -n 1
}

gone() { ! kill -0 "$1" 2>/dev/null; }

machine tests/lpar.machine
boot_lpar
guest_with_load

# The guest's QEMU
victim=$(qemu_of_guest)
check "guest1's QEMU is killed" kill -KILL "$victim"
script <<'END'
settles $queues/05.0004/status assigned
settles $queues/05.0006/status assigned
create 2
takes "$(mdev 1)/unassign_domain" 6
give 2 5 6
start_guest 1
start_guest 2
boots 1
boots 2
comes_to_see 1 05.0004
comes_to_see 2 05.0006
check "guest1 computes on its old queue" in_guest 1 rsa --bits 2048 05.0004
check "guest2 computes on guest1's old queue" in_guest 2 rsa --bits 2048 05.0006
END
clean_handovers

# The LPAR
guests=$(qemu_of_guest)
lpar=${vms#*=}
healthy lpar
check "the LPAR is killed" kill -KILL "$lpar"
check "its guest dies with it" wait_until 20 gone "$guests"
vms=
boot_lpar
script <<'END'
check "the next LPAR has the queues" wait_until 30 all_driven_by cex4queue "$passable"
check "and computes with them" rsa --bits 2048 05.0004 05.0006 06.0004
END
clean_handovers
guest_with_load

# swcexd
check "swcexd is killed" kill -KILL "$swcexd"
wait "$swcexd"
swcexd=
script <<'END'
check "the LPAR lives on" true
check "its queues are not available any more" wait_until 120 eval '! rsa --bits 1024 04.0004'
check "the front end is killed" pkill -KILL qemu-system
check "the device can be closed" wait_until 60 eval '! pgrep qemu-system'
END
the_end
