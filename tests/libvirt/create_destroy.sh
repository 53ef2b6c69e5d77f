# SPDX-License-Identifier: GPL-2.0-only
#
# A mediated device is created and destroyed, defined, started, stopped and undefined.
# shellcheck shell=bash disable=SC2154

# One that is created lives until it is destroyed; there are two of that kind at a time
node_device 1 5 4 >device.xml
does nodedev-create device.xml
shows "$(mdev 1)/matrix" 05.0004
node_device 2 5,6 6,0x47 >second.xml
does nodedev-create second.xml
shows "$(mdev 2)/matrix" '05.0006 05.0047 06.0006 06.0047'
does nodedev-dumpxml "$(name_of 1)"

# No queue is given twice
node_device 3 5 4 >third.xml
refuses_to 'Address already in use' nodedev-create third.xml
check "there is no third" test ! -e "$(mdev 3)"
does nodedev-destroy "$(name_of 2)"
does nodedev-destroy "$(name_of 1)"
check "the first is gone" wait_until 10 test ! -e "$(mdev 1)"
check "the second is gone" wait_until 10 test ! -e "$(mdev 2)"

# One that is defined is started and stopped, as often as one likes
define_device 1 5 4
shows "$(mdev 1)/matrix" 05.0004
for _ in 1 2; do
	does nodedev-destroy "$name"
	check "it is stopped" wait_until 10 test ! -e "$(mdev 1)"
	does nodedev-start "$name"
	shows "$(mdev 1)/matrix" 05.0004
done
undefine_device 1
