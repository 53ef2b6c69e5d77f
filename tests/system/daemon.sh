#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# swcexd and swcex as programs: how they start, what they refuse, and that
# swcexd leaves nothing behind.
#
# shellcheck disable=SC2317 # functions are called by name
exec 3>&1 1>&2
. tests/tap.sh

run=$(mktemp -d) silent=$(mktemp -d)
swcexd='' stopped=''
the_end()
{
	for pid in $swcexd $stopped; do
		kill -KILL "$pid"
		wait "$pid"
	done
	rm -rf "$run" "$silent"
}
trap the_end EXIT
trap 'exit 130' INT TERM

cat >"$run/good" <<END
adapter 05 CEX8A
domain 0004 00ab
END
cat >"$run/bad" <<END
adapter 05 CEX8A
adapter 05 CEX7A
domain 0004 100
END

# start [OPTION...]: starts swcexd for the good machine, sets $swcexd, and waits
# for its line.
start()
{
	rm -f "$run/out" "$run/err"	# or the words of the one before would pass for its own
	"$BUILD/swcexd" --machine "$run/good" --socket "$run/s" --control "$run/c" "$@" >"$run/out" 2>"$run/err" 3>&- &
	swcexd=$!
	wait_until 20 grep -qs . "$run/out"
}

# stop SIGNAL: returns the exit status of swcexd after this signal.
stop()
{
	kill "-$1" "$swcexd"
	wait "$swcexd"
	status=$?
	swcexd=
	echo "swcexd ended with $status" >>"$run/err"
	return $status
}

# does NAME COMMAND...: does check in this shell.
does()
{
	point=$1
	shift
	if "$@"; then
		ok "$point"
	else
		not_ok "$point" "$(cat "$run/out" "$run/err")"
	fi
}

ask() { "$BUILD/swcex" ctl --control "$run/c" "$@"; }

# refused STATUS WORDS PROGRAM OPTION...: checks that it exits at once with this
# status and prints the words.
refused()
{
	wanted=$1 words=$2 program=$3
	shift 3
	said=$(timeout "$(patience 10)" "$BUILD/$program" "$@" 2>&1)
	status=$?
	case $status:$said in
	"$wanted":*"$words"*) ok "$program $* is refused" ;;
	*) not_ok "$program $* is refused" "exit status $status: $said" ;;
	esac
}

# A swcexd that is stopped, with clients whose time limit passes while
# everything else is tested.
"$BUILD/swcexd" --machine "$run/good" --socket "$silent/s" --control "$silent/c" >"$run/out" 3>&- &
stopped=$!
wait_until 20 grep -qs . "$run/out"
kill -STOP $stopped
asks() { (timeout "$(patience 60)" "$@" >/dev/null 2>"$run/$name.said" 3>&-; echo "exit status $?" >>"$run/$name.said") & }
name=ctl asks "$BUILD/swcex" ctl --control "$silent/c" status
asking=$!
name=stat asks "$BUILD/swcex" stat --control "$silent/c"
watching=$!

does "swcexd starts" start
same "it says so" "swcexd: serving $run/s" "$(cat "$run/out")"
same "its sockets are its owner's alone" "600 600" "$(stat -c %a "$run/s" "$run/c" | xargs)"
same "status has a line for each queue" "05.0004 05.00ab" "$(ask status | awk '/^0/ { print $1 }' | xargs)"
same "nothing was handed over dirty" 0 "$(ask dirty-handovers)"
stat_of() { timeout "$(patience 10)" "$BUILD/swcex" stat --control "$run/c" "$@"; }
same "swcex stat looks twice" "05.0004 05.00ab dirty 05.0004 05.00ab dirty" \
	"$(stat_of -n 2 | awk '/^0|^dirty/ { print $1 }' | xargs)"
same "the second time it knows rates" "- - 0/s 0/s" "$(stat_of --count 2 | awk '/^0/ { print $8 }' | xargs)"
same "in JSON, a look is a line" "null 0.0" \
	"$(stat_of -j -n 2 | sed -n 's/^{.*"queue":"05[.]00ab".*"per_second":\([^,}]*\)}\]}$/\1/p' | xargs)"
check "swcex stat tells what it is for" eval 'stat_of --help | grep -q "^Usage: swcex stat"'
refused 2 "'more' belongs to no option" swcex stat -c "$run/c" more
refused 1 "/run/swcexd/control" swcex stat
refused 2 "a command is needed" swcex
refused 2 "unknown command frob" swcex frob
refused 2 "a command is needed" swcex ctl -c "$run/c"
export SWCEX_CONTROL="$run/none"
refused 1 "$run/none: No such file" swcex ctl status
unset SWCEX_CONTROL
refused 2 "from 1" swcex stat -n 0 -c "$run/c"
refused 2 "from 1 to 86400" swcex stat -i 0 -c "$run/c"
refused 2 "'--frob'" swcex stat --frob
refused 2 "'n'" swcex stat -n
refused 1 "No such file" swcex stat -n 1 -c "$run/none"
check "a fault is set" ask deconfigure 05
same "and seen" "deconfigured deconfigured" "$(ask status | awk '/^0/ { print $3 }' | xargs)"
check "the log says who did it" grep -q "info: control: deconfigure 05" "$run/err"
check "the last words can come from standard input" eval 'echo 05.0004 4321 | ask reset-time -'
same "and are seen" 1 "$(ask status json | grep -c '"reset_ms":4321[,}]')"
refused 1 "standard input has no line" swcex ctl --control "$run/c" deconfigure - </dev/null
printf '%0300d\n' 0 >"$run/long"
refused 1 "standard input has no line" swcex ctl --control "$run/c" deconfigure - <"$run/long"
refused 1 "no such adapter" swcex ctl --control "$run/c" deconfigure 06
refused 1 "unknown command" swcex ctl --control "$run/c" frob
refused 1 "another program serves it" swcexd --machine "$run/good" --socket "$run/s"
refused 1 "not a socket" swcexd --machine "$run/good" --socket "$run/good"
refused 1 "the machine file cannot be read: No such file" swcexd --machine "$run/none" --socket "$run/t"
refused 1 "the machine file cannot be read: Is a directory" swcex check "$run"
refused 1 "bad:2: adapter 05 is defined already, see line 1" swcexd --machine "$run/bad" --socket "$run/t"
refused 1 "bad:3: '100' is not a domain number" swcex check "$run/bad"
# named LIST: prints the words of a list of its capabilities.
named() { "$BUILD/swcexd" --print-capabilities | python3 -c "import json, sys; print(*json.load(sys.stdin)['$1'])"; }
same "capabilities name every command" "$(ask help | awk '{ print $1 }' | xargs)" "$(named commands)"
same "... and every option" "$(sed -n 's/^[.]It Fl \\-//p' docs/man/swcexd.8 | cut -d' ' -f1 | tr -d '\\' | grep -vx help | xargs)" \
	"$(named options)"
same "... and types of adapters" 15 "$(named adapters | wc -w)"
refused 2 "--machine and --socket" swcexd --machine "$run/good"
refused 2 "--workers" swcexd --machine "$run/good" --socket "$run/t" --workers 0
refused 2 "--log-level" swcexd --machine "$run/good" --socket "$run/t" --log-level loud
refused 2 "--state and --key go together" swcexd --machine "$run/good" --socket "$run/t" --state "$run/state"
head -c 32 /dev/urandom >"$run/open" && chmod 644 "$run/open"
refused 1 "others may access the key file" swcexd --machine "$run/good" --socket "$run/t" --state "$run/state" --key "$run/open"
cp "$run/good" "$run/state"
refused 1 "not its key file" swcexd --machine "$run/good" --socket "$run/t" --state "$run/state" --key "$run/none"
chmod 600 "$run/open"
refused 1 "not a state file of swcexd" swcexd --machine "$run/good" --socket "$run/t" --state "$run/state" --key "$run/open"
same "what was taken for a state file is as it was" 0 "$(cmp "$run/good" "$run/state" && echo 0)"
refused 2 "one machine file" swcex check "$run/good" more
refused 2 "'--frob'" swcexd --frob
refused 2 "'--machine'" swcexd --machine
same "a good file is found good" "$run/good: ok" "$("$BUILD/swcex" check "$run/good")"

does "SIGTERM ends it" stop TERM
same "no socket is left" "" "$(find "$run" -type s)"
does "it starts anew" start
does "SIGINT ends it" stop INT
does "it starts once more" start
stop KILL
same "killed, it leaves its sockets" 2 "$(find "$run" -type s | wc -l)"
does "which the next one replaces" start
same "and serves" 0 "$(ask dirty-handovers)"
does "until its end" stop TERM

# What the log says about master keys.
part=$(printf '%064d' 7)
echo 'adapter 06 CEX8C' >>"$run/good"
does "a machine with keys starts" start
check "a part of a key is loaded" eval 'echo "$part" | ask master-key load 06.0004 aes -'
refused 1 "as long as the key" swcex ctl --control "$run/c" master-key load 06.0004 aes "0$part"
refused 1 "has the master keys" swcex ctl --control "$run/c" master-key load 06.0004 "$part" aes
check "keys are shown" ask master-key show 06.0004
same "a change of keys is in the log, no part of one" "control: master-key load 06.0004 aes" \
	"$(grep -E "master-key|$part" "$run/err" | sed 's/^swcexd: info: //')"
does "its end" stop TERM

# A directory in place of the next state has the same effect as a full disk.
does "it keeps a state" start --state "$run/kept" --key "$run/key"
same "no thread of it gets privileges, and each has its calls filtered" "1 2" \
	"$(sed -n 's/^\(NoNewPrivs\|Seccomp\):	*//p' /proc/"$swcexd"/task/*/status | paste -d ' ' - - | sort -u)"
same "its key file is in no swap space" yes \
	"$(awk '/^VmLck:/ { print ($2 >= 4 ? "yes" : "no") }' /proc/"$swcexd"/status)"
mkdir "$run/kept.new"
refused 1 "is carried out, but not saved: $run/kept: Is a directory" swcex ctl --control "$run/c" deconfigure 05
same "which is seen at once" "deconfigured deconfigured" "$(stat_of -n 1 | awk '/^05/ { print $3 }' | xargs)"
rmdir "$run/kept.new"
check "the next change is saved" ask checkstop 05
does "it ends" stop TERM
does "and knows the state" start --state "$run/kept" --key "$run/key"
same "as it was" "checkstopped checkstopped" "$(ask status | awk '/^05/ { print $3 }' | xargs)"
does "it ends once more" stop TERM
refused 1 "$run/c" swcex stat -n 1 -c "$run/c"

wait $asking $watching
for name in ctl stat; do
	same "swcex $name tells that nobody answers" \
		"swcex $name: $silent/c: swcexd does not answer in time; check whether it is stopped or waits for its disk exit status 1" \
		"$(xargs <"$run/$name.said")"
done
finish
