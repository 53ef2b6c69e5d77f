# SPDX-License-Identifier: GPL-2.0-only
#
# Attributes that list more queues than a page of text can, assigned and in a guest.
#
# machine: tests/large.machine
# parameters: slub_debug=FZP,kmalloc-*
# intree oopses: writes the text of a matrix beyond its page
# timeout: 400
# shellcheck shell=bash

export LC_ALL=C
zeros=0000000000000000000000000000000000000000000000000000000000000000
ones=${zeros//0/f}
# lists FILE N: checks that FILE lists N queues, in order and each once.
lists()
{
	same "${1##*/} lists $2 queues" "$2" "$(grep -c '^..\.....$' "$1")"
	check "in order" sort -cu "$1"
}

same "ap_interrupts" 0 "$(</sys/bus/ap/ap_interrupts)"
check "the host computes without" rsa --bits 2048 10.0000 20.001f
load_driver
takes /sys/bus/ap/apmask 0x$zeros
check "vfio_ap has all queues" wait_until 120 \
	eval '[[ $(ls /sys/bus/ap/drivers/vfio_ap | grep -c "\.") == 544 ]]'
create 1
one=$(mdev 1)

takes "$one/ap_config" "0x0000ffff,0xfffffff8,0x0"
lists "$one/matrix" 464
takes "$one/ap_config" "0x0000ffff,0xffffffff,0x0"
lists "$one/matrix" 512
survives "a matrix of 512 queues is read"
takes "$one/ap_config" "0x0000ffff80,0xffffffff,0x0"
lists "$one/matrix" 544
wait_until 60 eval '[[ $(wc -l <"$one/guest_matrix") == 544 ]]'
lists "$one/guest_matrix" 544
opens 1
lists "$one/guest_matrix" 544
quits 1
takes "$one/ap_config" "0x$ones,0x$ones,0x$ones"
lists "$one/matrix" 65536
same "control_domains" 256 "$(wc -l <"$one/control_domains")"
takes "$one/remove" 1
check "vfio_ap is unloaded" rmmod vfio_ap
