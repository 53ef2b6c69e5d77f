#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A VM with adapters of its own: Linux finds exactly its queues, and uses each
# of them, with one CPU and with two.
#
# timeout: 120
. tests/vms.sh

expected='05.0004 05.0047 09.0004 09.0047'

# queues_of VM: prints its queues as lszcrypt lists them, on one line.
queues_of() { in_vm "$1" lszcrypt | awk '/^[0-9a-f][0-9a-f]\./ { printf "%s%s", between, $1; between = " " }'; }

# all_online VM: returns whether every queue is bound and online.
all_online() { [ "$(in_vm "$1" lszcrypt -V | grep -c 'online.*cex4queue')" = 4 ]; }

for cpus in 1 2; do
	vm=vm$cpus
	boot $vm -s $cpus guest -plugin "$BUILD/swcex.so,card=5+9:CEX8A,domain=4+0x47,wake=$run/$vm/wake"
	check "$vm: its queues come online" wait_until 30 all_online $vm
	same "$vm: it has adapter interruptions" 1 "$(in_vm $vm cat /sys/bus/ap/ap_interrupts)"
	same "$vm: it lists these queues" "$expected" "$(queues_of $vm)"
	cards=$(in_vm $vm lszcrypt -V | awk '$1 !~ /\./ && $2 ~ /CEX/ { print $1, $2, $3 }' | paste -sd ,)
	same "$vm: its cards are accelerators" "05 CEX8A Accelerator,09 CEX8A Accelerator" "$cards"
	same "$vm: control domains are the usage domains" "$(in_vm $vm cat /sys/bus/ap/ap_usage_domain_mask)" \
		"$(in_vm $vm cat /sys/bus/ap/ap_control_domain_mask)"
	for bits in 1024 2048 4096; do
		for queue in $expected; do
			check "$vm: RSA-$bits on $queue" in_vm $vm rsa --bits $bits $queue
		done
	done
	counts=$(in_vm $vm 'cat /sys/bus/ap/devices/*.*/request_count' | awk '$1 < 3 * 3' | wc -l)
	same "$vm: each queue worked" 0 "$counts"
done
the_end
