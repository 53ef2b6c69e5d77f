# SPDX-License-Identifier: GPL-2.0-only
#
# Adapters and domains that leave the LPAR's profile while they are assigned, and come back.
#
# timeout: 400
# shellcheck shell=bash

changes() { check "the profile changes: $*" hmc "$@"; scan; }

load
create 1
create 2
one=$(mdev 1) two=$(mdev 2)
give 1 5,6 4,6
give 2 6 0x47
takes "$one/assign_control_domain" 0x47
opens 1
ours shows "$one/guest_control_domains" 0047
shows "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
changes remove adapter 05
settles "$one/guest_matrix" '06.0004 06.0006'
shows "$one/matrix" '05.0004 05.0006 06.0004 06.0006'
changes remove domain 0006
settles "$one/guest_matrix" 06.0004
changes remove domain 0047
ours settles "$one/guest_control_domains" ''
settles "$two/guest_matrix" 06.
changes add adapter 05
settles "$one/guest_matrix" '05.0004 06.0004'
changes add domain 0006
changes add domain 0047
settles "$one/guest_matrix" '05.0004 05.0006 06.0004 06.0006'
settles "$two/guest_matrix" 06.0047

# The only adapter of a guest
opens 2
check "swcexd says that the guest has it" eval '[[ $(hmc status) =~ 06.0047\ +CEX8A\ +operating\ +guest ]]'
changes remove adapter 06
settles "$two/guest_matrix" .0047
check "swcexd says that the guest lost it" eval '[[ $(hmc status) =~ 06.0047\ +CEX8A\ +removed\ +lpar ]]'
changes add adapter 06
settles "$two/guest_matrix" 06.0047
quits 1
quits 2
takes "$one/remove" 1
takes "$two/remove" 1
unload
