#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Bad options of swcex.so: QEMU exits with status 1 and one sentence that names
# the option, what is wrong with it and the way out. It never crashes, and never
# starts the VM.
. tests/vms.sh

# start OPTIONS: starts QEMU with the plugin and a minimal VM.
start()
{
	timeout "$(patience 10)" "$QEMU" -M none -display none -nodefaults -plugin "$BUILD/swcex.so$1" 2>&1 </dev/null
}

# refused OPTIONS WORD...: checks that the sentence contains each of the words.
refused()
{
	options=$1
	shift
	said=$(start "$([ "$options" = - ] || echo ",$options")")
	status=$?
	why=
	[ $status = 1 ] || why="exit status $status; "
	[ "$(echo "$said" | wc -l)" -le 2 ] || why="${why}more than a sentence; "
	for word; do
		case $said in
		*"$word"*) ;;
		*) why="${why}the sentence lacks \"$word\"; " ;;
		esac
	done
	if [ -z "$why" ]; then
		ok "$options"
	else
		not_ok "$options" "$why
$said"
	fi
}

long=$(printf 'x%.0s' $(seq 5000))

# Options without the comma before them ("-" for none), and words of the
# sentence.
while read -r options words; do
	# shellcheck disable=SC2086 # words
	refused "$options" $words
done <<TABLE
-			adapters card= domain=
card=5:CEX8A		domain= card=
domain=4		card= adapter
card=			card= 4+6
card=5		card=5 CEX8A
card=5:		card=5: CEX8A
card=256:CEX8A,domain=4	card=256:CEX8A 255
card=-1:CEX8A,domain=4	card=-1:CEX8A 255
card=5:CEX9A,domain=4		CEX9A
card=5:cex8a,domain=4		cex8a
card=5:CEX8,domain=4		CEX8
card=5:CEX8Q,domain=4		CEX8Q
card=5:CEX8A,card=5:CEX8A,domain=4	card=5:CEX8A once
card=6-4:CEX8A,domain=4	card=6-4:CEX8A
card=5+:CEX8A,domain=4	card=5+:CEX8A
card=0x:CEX8A,domain=4	card=0x:CEX8A
card=99999999999999999999:CEX8A,domain=4	card=9999 255
card=5:CEX8A,domain=		domain= 4
card=5:CEX8A,domain=256	domain=256 255
card=5:CEX8A,domain=4+	domain=4+
card=5:CEX8A,domain=4x	domain=4x
card=5:CEX8A,domain=4,workers=x	workers=x 256
card=5:CEX8A,domain=4,workers=257	workers=257 256
card=5:CEX8A,domain=4,workers=	workers= 256
card=5:CEX8A,domain=4,colour=red	colour=red card=
card=5:CEX8A,domain=4,link=/nowhere	link= card=
link=			link= path
link=/nowhere		/nowhere such
link=/nowhere,link=/there	link=/nowhere
link=/dev/null	/dev/null
link=/$long		link
guest=1		guest= link=
link=/nowhere,guest=	guest=
link=/nowhere,guest=x	guest=x
link=/nowhere,guest=1,guest=2	guest=2 once
card=$long:CEX8A,domain=4	card
TABLE

# named LIST: prints the words of a list of its capabilities.
named() { start ,print-capabilities=on | python3 -c "import json, sys; print(*json.load(sys.stdin)['$1'])"; }
same "capabilities name the types of adapters" "CEX4A CEX4C CEX4P CEX5A CEX5C CEX5P CEX6A CEX6C CEX6P CEX7A CEX7C CEX7P CEX8A CEX8C CEX8P" \
	"$(named adapters)"
same "... and every option" "$(man -P cat -l docs/man/swcex.so.7 2>/dev/null | sed -n 's/^ *\([a-z-]*\)=.*/\1/p' | sort -u | xargs)" \
	"$(named options | tr ' ' '\n' | sort | xargs)"
check "... and leave QEMU with status 0" eval 'start ,print-capabilities=on >/dev/null'

# monitor COMMAND QEMU-ARGUMENT...: prints what the monitor of a machine that does not run answers.
monitor()
{
	command=$1
	shift
	printf '%s\nquit\n' "$command" | timeout "$(patience 10)" "$QEMU" -M s390-ccw-virtio -S -nodefaults -display none \
		-monitor stdio "$@" -plugin "$BUILD/swcex.so,card=5:CEX8A,domain=4" 2>&1
}
# says NAME SENTENCE MONITOR-ARGUMENT...: checks that swcex.so prints SENTENCE once.
says()
{
	point=$1 sentence=$2
	shift 2
	same "$point" 1 "$(monitor "$@" | grep -c "swcex.so: $sentence")"
}
says "thread=single with two CPUs is refused" 'QEMU ends a VM that has plugins and several CPUs in one thread; use -smp 1' \
	'' -accel tcg,thread=single -smp 2
same "thread=single with one CPU is not" '' "$(monitor '' -accel tcg,thread=single -smp 1 | grep swcex.so)"
for command in 'savevm x' "migrate file:$run/state"; do
	says "${command%% *} is refused" 'the state of adapters cannot be saved or migrated' "$command" -accel tcg
done
the_end
