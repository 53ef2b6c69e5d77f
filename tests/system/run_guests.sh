#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# swcex run --guest: an LPAR gives its adapters to guests, in which the command
# runs. Streams, exit status, signals and directory are as in an LPAR, and
# nothing is left, however the run ends.
#
# timeout: 240
options='--cpus 1 --memory 512'
. tests/runs.sh

printf 'from here' | swcex --guest --summary -- sh -c 'cat; echo apart >&2; touch made; exit 7' \
	>"$run/out" 2>"$run/err"
same "one guest: the status is the command's" 7 $?
same "... stdin and stdout pass" "from here" "$(cat "$run/out")"
has "... stderr stands apart" "$run/err" apart
check "... the directory is the caller's" test -e "$here/made"
has "... its queues are told" "$run/err" "05.0047 CEX8C 0 requests, guest1"

swcex --guests 3 -- sh -c 'cat; ls /sys/bus/ap/devices | grep "^05\."; [ $(uname -n) != guest2 ] || exit 5' \
	>"$run/out" 2>"$run/err" </etc/passwd
same "three guests: the first status that is not 0" 5 $?
same "... each has a domain of its own, and nobody the caller's input" \
	"guest1: 05.0004 guest2: 05.0005 guest3: 05.0047" "$(sort "$run/out" | paste -sd ' ')"

status=$(status_of --driver in-tree -- sh -c 'ls /sys/bus/ap/devices | grep -c "\."')
same "the in-tree driver: all queues" "0 6" "$status $(cat "$run/out")"

begin --guest -- sh -c 'trap "exit 3" INT; echo ready; while :; do sleep 0.1; done'
kill -INT "$child"
wait "$child"
same "SIGINT reaches the command in the guest" 3 $?
check "nothing is left" wait_until 10 nothing_left
begin --guests 2 -- sh -c 'echo ready; exec sleep 60'
kill -KILL "$child"
wait "$child"
check "nothing is left by SIGKILL" wait_until 15 nothing_left
same "a time-out: 124" 124 "$(status_of --guest --timeout 1 -- sleep 60)"
same "a boot that takes too long: 124" 124 "$(status_of --guest --boot-timeout 2 -- true)"
check "nothing is left by those" wait_until 10 nothing_left

mistake 'leave out either' -- --lpar --guest true
mistake '--domain makes more' -- --guests 2 --domain 4 true
mistake 'say --guest' -- --guests 2 --tty true
mistake 'a guest has at most 8' -- --guest --cpus 9 true
mistake 'ours in-tree' -- --driver other true
check "nothing is left by mistakes" wait_until 10 nothing_left

rm -rf "$run"
finish
