#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# apd and apstat as programs: how they start, what they refuse, and that nothing of apd stays
# behind.
#
# shellcheck disable=SC2317 # functions are called by name
exec 3>&1 1>&2
. tests/tap.sh

run=$(mktemp -d) silent=$(mktemp -d)
apd='' stopped=''
the_end()
{
	for pid in $apd $stopped; do
		kill -KILL "$pid"
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

# start [OPTION...]: an apd for the good machine, in $apd; waits for its line.
start()
{
	"$BUILD/apd" --machine "$run/good" --socket "$run/s" --control "$run/c" "$@" >"$run/out" 2>"$run/err" 3>&- &
	apd=$!
	wait_until 20 grep -q . "$run/out"
}

# stop SIGNAL: the status that apd ends with.
stop()
{
	kill "-$1" "$apd"
	wait "$apd"
	status=$?
	apd=
	echo "apd ended with $status" >>"$run/err"
	return $status
}

# does NAME COMMAND...: as check, but in this shell.
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

ask() { "$BUILD/apd" --ask "$run/c" "$@"; }

# refuses PROGRAM STATUS WORDS OPTION...: it ends at once with the status and says the words.
refuses()
{
	program=$1 wanted=$2 words=$3
	shift 3
	said=$(timeout 20 "$BUILD/$program" "$@" 2>&1)
	status=$?
	case $status:$said in
	"$wanted":*"$words"*) ok "$program $* is refused" ;;
	*) not_ok "$program $* is refused" "exit status $status: $said" ;;
	esac
}
refused() { refuses apd "$@"; }

# One that is stopped, and who asks it: their patience ends while all else is tested.
"$BUILD/apd" --machine "$run/good" --socket "$silent/s" --control "$silent/c" >"$run/out" 3>&- &
stopped=$!
wait_until 20 grep -q . "$run/out"
kill -STOP $stopped
asks() { (timeout 200 "$@" >/dev/null 2>"$run/$name.said" 3>&-; echo "exit status $?" >>"$run/$name.said") & }
name=apd asks "$BUILD/apd" --ask "$silent/c" status
asking=$!
name=apstat asks "$BUILD/apstat" "$silent/c"
watching=$!

does "apd starts" start
same "it says so" "apd: serving $run/s" "$(cat "$run/out")"
same "its sockets are its owner's alone" "600 600" "$(stat -c %a "$run/s" "$run/c" | xargs)"
same "status has a line for each queue" "05.0004 05.00ab" "$(ask status | awk '/^0/ { print $1 }' | xargs)"
same "nothing was handed over dirty" 0 "$(ask dirty-handovers)"
apstat() { timeout 20 "$BUILD/apstat" "$@" "$run/c"; }
same "apstat looks twice" "05.0004 05.00ab dirty 05.0004 05.00ab dirty" \
	"$(apstat -n 2 | awk '/^0|^dirty/ { print $1 }' | xargs)"
same "the second time it knows rates" "- - 0/s 0/s" "$(apstat --count 2 | awk '/^0/ { print $8 }' | xargs)"
same "in JSON, a look is a line" "null 0.0" \
	"$(apstat -j -n 2 | sed -n 's/^{.*"queue":"05[.]00ab".*"per_second":\([^,}]*\)}\]}$/\1/p' | xargs)"
check "apstat tells what it is for" eval 'apstat --help | grep -q "^Usage: apstat"'
refuses apstat 2 "control socket"
refuses apstat 2 "control socket" "$run/c" more
refuses apstat 2 "from 1" -n 0 "$run/c"
refuses apstat 2 "from 1 to 86400" -i 0 "$run/c"
refuses apstat 2 "'--frob'" --frob
refuses apstat 2 "'n'" -n
refuses apstat 1 "No such file" -n 1 "$run/none"
check "a fault is set" ask deconfigure 05
same "and seen" "deconfigured deconfigured" "$(ask status | awk '/^0/ { print $3 }' | xargs)"
check "the log says who did it" grep -q "info: control: deconfigure 05" "$run/err"
check "the last words can come from standard input" eval 'echo 05.0004 4321 | ask reset-time -'
same "and are seen" 1 "$(ask status json | grep -c '"reset_ms":4321[,}]')"
refused 1 "standard input has no line" --ask "$run/c" deconfigure - </dev/null
printf '%0300d\n' 0 >"$run/long"
refused 1 "standard input has no line" --ask "$run/c" deconfigure - <"$run/long"
refused 1 "no such adapter" --ask "$run/c" deconfigure 06
refused 1 "unknown command" --ask "$run/c" frob
refused 2 "--ask wants a command" --ask "$run/c"
refused 1 "another program serves it" --machine "$run/good" --socket "$run/s"
refused 1 "not a socket" --machine "$run/good" --socket "$run/good"
refused 1 "the machine file cannot be read: No such file" --machine "$run/none" --socket "$run/t"
refused 1 "the machine file cannot be read: Is a directory" --check "$run"
refused 1 "bad:2: adapter 05 is there already, see line 1" --machine "$run/bad" --socket "$run/t"
refused 1 "bad:3: '100' is not a domain number" --check "$run/bad"
refused 2 "--machine and --socket" --machine "$run/good"
refused 2 "--workers" --machine "$run/good" --socket "$run/t" --workers 0
refused 2 "--log-level" --machine "$run/good" --socket "$run/t" --log-level loud
refused 2 "--state and --key go together" --machine "$run/good" --socket "$run/t" --state "$run/state"
head -c 32 /dev/urandom >"$run/open" && chmod 644 "$run/open"
refused 1 "others may use the key file" --machine "$run/good" --socket "$run/t" --state "$run/state" --key "$run/open"
cp "$run/good" "$run/state"
refused 1 "not its key file" --machine "$run/good" --socket "$run/t" --state "$run/state" --key "$run/none"
chmod 600 "$run/open"
refused 1 "no state file of apd" --machine "$run/good" --socket "$run/t" --state "$run/state" --key "$run/open"
same "what was taken for a state file is as it was" 0 "$(cmp "$run/good" "$run/state" && echo 0)"
refused 2 "words" --check "$run/good" more
refused 2 "'--frob'" --frob
refused 2 "'--machine'" --machine
same "a good file is found good" "$run/good: ok" "$("$BUILD/apd" --check "$run/good")"

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

# What is told about master keys.
part=$(printf '%064d' 7)
echo 'adapter 06 CEX8C' >>"$run/good"
does "a machine with keys starts" start
check "a part of a key is loaded" eval 'echo "$part" | ask master-key load 06.0004 aes -'
refused 1 "as long as the key" --ask "$run/c" master-key load 06.0004 aes "0$part"
refused 1 "has the master keys" --ask "$run/c" master-key load 06.0004 "$part" aes
check "keys are shown" ask master-key show 06.0004
same "a change of keys is in the log, no part of one" "control: master-key load 06.0004 aes" \
	"$(grep -E "master-key|$part" "$run/err" | sed 's/^apd: info: //')"
does "its end" stop TERM

# What is in the way of the new state is as good as a full disk.
does "it keeps a state" start --state "$run/kept" --key "$run/key"
mkdir "$run/kept.new"
refused 1 "is done, but not kept: $run/kept: Is a directory" --ask "$run/c" deconfigure 05
same "which is seen at once" "deconfigured deconfigured" "$(apstat -n 1 | awk '/^05/ { print $3 }' | xargs)"
rmdir "$run/kept.new"
check "the next change is kept" ask checkstop 05
does "it ends" stop TERM
does "and knows the state" start --state "$run/kept" --key "$run/key"
same "as it was" "checkstopped checkstopped" "$(ask status | awk '/^05/ { print $3 }' | xargs)"
does "it ends once more" stop TERM
refuses apstat 1 "$run/c" -n 1 "$run/c"

wait $asking $watching
for name in apd apstat; do
	same "$name tells that nobody answers" \
		"$name: $silent/c: apd says nothing; see whether it is stopped or hangs on its disk exit status 1" \
		"$(xargs <"$run/$name.said")"
done
finish
