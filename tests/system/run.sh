#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# swcex run: the command's streams, exit status, directory and signals are as if
# it ran on this machine; time limits work; nothing is left behind, however the
# run ends; a mistake is named, with the way out.
#
# timeout: 240
options='--cpus 1'
. tests/runs.sh

# What a command sees.
umask 027
printf 'from here' | KEPT='a b' swcex -- sh -c 'cat; echo " and $KEPT" >&2; pwd >where
	mkdir -m 700 made; touch made/file; ls /sys/bus/ap/devices/*.* -d | wc -l >queues; exit 7' \
	>"$run/out" 2>"$run/err"
same "the status is the command's" 7 $?
same "stdin and stdout pass" "from here" "$(cat "$run/out")"
same "stderr stands apart, and the environment is kept" " and a b" "$(cat "$run/err")"
same "the directory is the caller's" "$here" "$(cat "$here/where")"
same "modes and owners of files are as they would be here" "700 640 $(id -u)" \
	"$(stat -c %a "$here/made") $(stat -c '%a %u' "$here/made/file")"
same "there are adapters" 6 "$(cat "$here/queues")"
umask 022

# Other exits of a command.
same "77 passes" 77 "$(status_of -- sh -c 'exit 77')"
same "a signal's status is the shell's" 137 "$(status_of -- sh -c 'kill -9 $$')"
same "no such command: 127" 127 "$(status_of -- no-such-command)"
has "... and it is named" "$run/err" no-such-command
: >"$here/not-executable"
same "not executable: 126" 126 "$(status_of -- ./not-executable)"
same "a panic: 255" 255 "$(status_of -- sh -c 'echo c >/proc/sysrq-trigger; sleep 60')"
has "... and the console's last lines are told, and where all are" "$run/err" 'Kernel panic' '.log:'
rm -f "$(sed -n 's/.*last lines, of \(.*\):$/\1/p' "$run/err")"
same "a time-out: 124" 124 "$(status_of --timeout 1 -- sleep 60)"
same "a boot that takes too long: 124" 124 "$(status_of --boot-timeout 1 --console "$run/console" -- sleep 60)"
has "... and the way out is told" "$run/err" --boot-timeout "$run/console"

# Signals, deaths, and two at once.
begin -- sh -c 'trap "exit 3" INT; echo ready; while :; do sleep 0.1; done'
first=$child
mv "$run/out" "$run/first"
begin -- sh -c 'echo ready; exec sleep 60'
kill -INT "$first"
wait "$first"
same "SIGINT reaches the command, which decides" 3 $?
kill -TERM "$child"
wait "$child"
same "SIGTERM reaches the other one, which is still there" 143 $?
check "nothing is left" wait_until 10 nothing_left
begin -- sh -c 'echo ready; exec sleep 60'
kill -KILL "$child"
wait "$child"
check "nothing is left by SIGKILL" wait_until 10 nothing_left
start -- sleep 60
wait_until 60 begun
kill -INT "$child"
wait "$child"
same "SIGINT ends it as soon as there is anything of it" 130 $?
check "... and nothing is left" wait_until 10 nothing_left

# A pipe whose reader ends early; a lot of bytes.
swcex -- sh -c 'yes; echo $? >yes' 2>"$run/err" | head -n 1 >"$run/out"
same "the end of a reader ends the writer" "y 141" "$(cat "$run/out") $(cat "$here/yes")"
head -c 5000000 /dev/urandom >"$here/data"
swcex -- sh -c 'tee /dev/stderr | md5sum' <"$here/data" >"$run/out" 2>"$run/err"
same "5 MB pass in each stream" "$(md5sum <"$here/data") $(md5sum <"$here/data")" \
	"$(cat "$run/out") $(md5sum <"$run/err")"

# What adapters did.
same "no request was made: a failure" 125 "$(status_of --require-requests -- true)"
has "... which says so" "$run/err" "no adapter was used"
same "requests were made" 0 "$(status_of --require-requests --summary=json --adapter 5:CEX8C --domain 7 \
	--master-keys same --fault '05.0007 busy 2' -- sh -c 'echo zcrypt >/sys/class/misc/hw_random/rng_current &&
	dd if=/dev/hwrng bs=64 count=1 status=none | wc -c; cat /sys/bus/ap/devices/05.0007/mkvps')"
has "... by the queue that there is" "$run/err" '"queue":"05.0007","type":"CEX8C"'
has "... whose keys are those that everyone knows" "$run/out" 'AES CUR: valid 0x'

# What it tells of itself.
named() { "$BUILD/swcex" "$@" --print-capabilities | python3 -c "import json, sys; print(*json.load(sys.stdin)['$list'])"; }
list=adapters
same "capabilities name the types of adapters that swcexd has" \
	"$("$BUILD/swcexd" --print-capabilities | python3 -c "import json, sys; print(*json.load(sys.stdin)['adapters'])")" "$(named)"
same "... and of the subcommand, too" "$(named)" "$(named run)"
list=kernels
same "... and the kernels of the help" "$("$BUILD/swcex" run --help | sed -n 's/.*--kernel \(.*\)|FILE .*/\1/p' | tr '|' ' ')" "$(named)"
# completed WORD...: what bash offers instead of the last word.
completed()
{
	bash -c 'eval "$("$0" run --print-completion)"; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _swcex
		echo "${COMPREPLY[*]}"' "$BUILD/swcex" swcex "$@"
}
same "bash completes subcommands" run "$(completed r)"
same "... options" "--check-kernel --console --cpus" "$(completed run --c | tr ' ' '\n' | sort | xargs)"
same "... what options may be" "6.1 6.12" "$(completed run --kernel 6)"
same "... behind =, too" "7" "$(completed run --kernel = 7)"
same "... and leaves others to names of files" "" "$(completed run --machine m)$(completed run -C d)$(completed run l)"

mistake CEX9X CEX8A -- --adapter 5:CEX9X true
mistake --adapter 5:CEX8C -- --adapter 5 true
mistake --domain 300 4,6-8,0x47 -- --domain 4,300 true
mistake --nix --help -- --nix true
mistake --timeout 5x 90s -- --timeout 5x true
mistake summary text -- --summary=x true
mistake /none/such -- --kernel /none/such true
mistake 'no kernel for s390x' bzImage -- --kernel /etc/passwd true
mistake 'Is a directory' -- --kernel / true
mistake /none/such 'can be executed' -- --qemu /none/such true
mkdir "$run/state"
flock --no-fork "$run/state" sleep 60 &
holder=$!
wait_until 10 eval '! flock -n "$run/state" true'
mistake 'another run uses it' 'a directory of its own' -- --state "$run/state" true
kill "$holder"
mistake --fault swcexd -- --fault '05.0004 nix' true
mistake --master-keys random same -- --master-keys nix true
mistake /usr --directory -- --directory /usr true
check "nothing is left by mistakes" wait_until 10 nothing_left

rm -rf "$run"
finish
