#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What guestd does with connections that send nothing: it reports the reason, or
# ends. A FIFO stands for the connection here.
. tests/vms.sh

# conf [LINE]...: writes guestd's configuration.
conf()
{
	printf '%s\n' '[guestd]' qemu=/bin/false plugin=/p machine=/m files=/f "run=$run" "$@" \
		>"$run/guestd.conf"
}

# says: prints what guestd answers to an LPAR that sends nothing, without the
# head of the frame.
says() { "$BUILD/guestd" "$run/guestd.conf" </dev/null | tail -c +5; }

conf nonsense=1
same "a name that is unknown" "$run/guestd.conf: [guestd] nonsense= is unknown" "$(says)"
conf '[limits]' connections=1
same "an LPAR that says nothing and goes" '' "$(says)"
check "a command for a guest that is not there" eval \
	'printf "\004\000\000\036name=g\000seconds=1\000command=true\000" |
	"$BUILD/guestd" "$run/guestd.conf" | grep -qa "no guest named g is running"'

mkfifo "$run/connection"
"$BUILD/guestd" "$run/guestd.conf" <"$run/connection" >"$run/answer" &
first=$!
exec 4>"$run/connection"
is_taken() { [ -e "$run/connections/0" ] && ! flock -n "$run/connections/0" true; }
check "a connection has the only place" wait_until 10 is_taken
same "the next one is told" \
	"1 guests and commands of this LPAR are running, which is the limit; end one first" "$(says)"
wait "$first"
same "who says nothing for ten seconds is gone" 0 $?
exec 4>&-
check "and its place is free" eval '! is_taken'
finish
