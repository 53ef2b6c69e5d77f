#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own driver in an LPAR with four CPUs: it keeps all queues busy at
# the same time, reacts to every fault as drivers/s390/crypto says, and computes
# again afterwards.
#
# timeout: 400
# shellcheck disable=SC2016,SC2317 # expanded in the VM; called by name
. tests/vms.sh

# One of the faults is a reply of a type that no adapter sends, which the kernel
# reports.
trouble=$(echo "$trouble" | sed 's/unknown response type|online=0 rc=EAGAIN|//')

cat >"$run/machine" <<END
adapter 05 CEX8A
adapter 06 CEX8C
domain 0004 0047
END
bus=/sys/bus/ap
queues=$bus/devices

does() { check "$*" machine_says "$run" "$@"; }

# shows FILE TEXT: checks that the attribute shows it soon, whatever else is on
# its line.
reads() { in_vm lpar cat "$1" | grep -qF "$2"; }
shows() { check "${1#"$queues"/} shows '$2'" wait_until 30 reads "$queues/$1" "$2"; }

# The kernel scans every 30 seconds; this makes it scan at once.
scan() { in_vm lpar "echo 1 >$bus/scans"; }

# lists QUEUES, status QUEUE TEXT: check what lszcrypt shows after a scan.
listed() { scan && [ "$(in_vm lpar lszcrypt | sed -n 's/^\(..\.....\) .*/\1/p' | xargs)" = "$1" ]; }
lists() { check "lszcrypt lists $1" wait_until 30 listed "$1"; }
says()
{
	scan
	line=$(in_vm lpar lszcrypt -V "$1" | grep "^$1 ")
	echo "$line"
	[ "$line" != "${line#* "$2" }" ]
}
status() { check "$1 is $2" wait_until 30 says "$1" "$2"; }

computes() { check "$1 computes" in_vm lpar timeout "$(patience 10)" rsa --bits 1024 "$1"; }
comes_back() { check "$1 computes again" wait_until 30 in_vm lpar "echo 1 >$bus/scans; timeout $(patience 10) rsa --bits 1024 $1"; }
fails() { in_vm lpar timeout "$(patience 10)" rsa -o crt --bits 1024 "$1" | grep -qF "$2"; }

# begins QUEUE: starts an operation in the background; ends NAME: checks that it
# ends with the right result.
begins() { in_vm lpar "rsa -o crt --bits 1024 $1 >/run/rsa.out 2>&1 & echo \$! >/run/rsa.pid"; }
ends() { check "$1" wait_until 20 in_vm lpar '! kill -0 $(cat /run/rsa.pid) && grep ok /run/rsa.out'; }

# no_fault QUEUE: checks that all faults have struck.
no_fault() { same "no fault of $1 is left" '' "$(machine_says "$run" status | awk -v q="$1" '$1 == q { print $11 }')"; }

machine "$run/machine"
boot lpar -s 4 -a "$run/swcexd.socket" lpar
lists '05.0004 05.0047 06.0004 06.0047'
check "four CPUs work on every queue at once" in_vm lpar 'pids=
	for queue in 05.0004 05.0047 06.0004 06.0047; do
		rsa --bits 1024 --seconds 3 --threads 4 $queue & pids="$pids $!"
	done
	for pid in $pids; do wait $pid || exit; done'

# Replies
for queue in 05.0004 06.0004; do
	# The kernel gets no notice, and sends the request again with the next
	# one.
	does fault $queue reply-lost
	begins $queue
	shows $queue/pendingq_count 1
	does fault $queue reply-lost off
	computes $queue
	ends "$queue: whose reply was lost computes, too"
	does fault $queue reply-truncated 1
	check "$queue: a reply cut off is an error" fails $queue 'Message too long'
	computes $queue
	does fault $queue reply-type 1
	check "$queue: a reply of no known type is an error" fails $queue 'No such device'
	shows $queue/online 0
	in_vm lpar "echo 1 >$queues/$queue/online"
	computes $queue
	does fault $queue reply-id 1
	begins $queue
	shows $queue/pendingq_count 1
	check "$queue: who waits for a reply of another id can give up" in_vm lpar 'kill $(cat /run/rsa.pid)'
	shows $queue/pendingq_count 0
	computes $queue
	no_fault $queue
done

# Requests
# The kernel asks an empty queue that was full not again before the next request comes.
does fault 05.0004 full 1
begins 05.0004
shows 05.0004/requestq_count 1
computes 05.0004
ends "and so does who found the queue full"
no_fault 05.0004
does fault 05.0004 busy 1
in_vm lpar 'timeout 20 rsa --bits 1024 05.0004 >/dev/null 2>&1 &'
comes_back 05.0004
no_fault 05.0004

# Resets
does fault 05.0004 reset-error 1
in_vm lpar "echo 1 >$queues/05.0004/reset"
no_fault 05.0004
comes_back 05.0004
does reset-time 05.0004 never
in_vm lpar "echo 1 >$queues/05.0004/reset"
shows 05.0004/reset 'Reset in progress'
does reset-time 05.0004 1
shows 05.0004/reset 'No Reset Timer set'
computes 05.0004

# Adapters
does deconfigure 05
status 05.0047 deconfig
check "its operations fail" fails 05.0047 'No such device'
computes 06.0047
does configure 05
status 05.0047 online
comes_back 05.0047
does checkstop 05
scan
shows 05.0047/chkstop 1
check "its operations fail" fails 05.0047 'No such device'
does configure 05
status 05.0047 online
comes_back 05.0047

# The LPAR's profile
does remove adapter 05
lists '06.0004 06.0047'
does add adapter 05
lists '05.0004 05.0047 06.0004 06.0047'
does remove domain 0004
lists '05.0047 06.0047'
same "QCI shows it" 0x0000000000000000010000000000000000000000000000000000000000000000 \
	"$(in_vm lpar cat $bus/ap_usage_domain_mask)"
computes 05.0047
does add domain 0004
lists '05.0004 05.0047 06.0004 06.0047'
for queue in 05.0004 05.0047 06.0004 06.0047; do
	comes_back $queue
done

# By the LPAR itself
check "chzcrypt --config-off" in_vm lpar chzcrypt --config-off 05
same "is what the machine does" 'deconfigured deconfigured' \
	"$(machine_says "$run" status | awk '/^05/ { print $3 }' | xargs)"
status 05.0004 deconfig
status 06.0004 online
check "again: it is so already" in_vm lpar chzcrypt --config-off 05
check "chzcrypt --config-on" in_vm lpar chzcrypt --config-on 05
status 05.0004 online
comes_back 05.0004
the_end
