# SPDX-License-Identifier: GPL-2.0-only
#
# What the clients of this directory share. $client is its name, $work where its programs are
# built, and $logs where its output goes. Sourced by tests/clients/run, behind tests/tap.sh.
# shellcheck shell=bash disable=SC2154

# obtain: fetches the client's source and libraries, once for all clones, and sets $kit to where
# they are.
obtain()
{
	kit=$(lab/kit-name client "$client")
	check "$client: there is its source" lab/fetch client "$client" "$kit"
}

# configure OPTION...: configures the client for s390x, in $work. The VM has no compiler, nor the headers
# that make would look for if it knew of them.
configure()
{
	autoreconf -fi &&
	./configure --host=s390x-linux-gnu --disable-static --disable-dependency-tracking \
		CC=s390x-linux-gnu-gcc CFLAGS="-O2 -g -isystem $kit/usr/include -isystem $kit/usr/include/s390x-linux-gnu" \
		LDFLAGS="-L$kit/usr/lib/s390x-linux-gnu -Wl,-rpath-link,$kit/usr/lib/s390x-linux-gnu" "$@"
}

# compile COMMAND...: builds the client in a copy of its source, unless that has been done.
compile()
{
	[ "$(cat "$work.built")" != "$kit" ] || return 0
	rm -rf "$work"
	cp -r "$kit/source" "$work"
	(cd "$work" && "$@") && echo "$kit" >"$work.built"
}

# use_adapters COMMAND...: runs it as a user of swcex run would, and checks that adapters were used. What
# it says is in $said.
use_adapters()
{
	said=$logs/$client.said
	(cd "$work" && "$BUILD/swcex" run --require-requests --summary=json -- "$@" </dev/null) >"$said" 2>&1
	check "$client: adapters are used" grep -E '"requests":[1-9][0-9]*}$' "$said"
}

# known_results: prints the list CLIENT.known, whose lines are "RESULT:STATUS TEST[,TEST]... REASON":
# how tests end that do not pass here, and why.
known_results() { grep -v '^#' "tests/clients/$client.known"; }

# known_result_of TEST: prints "RESULT:STATUS REASON" of a test that is listed.
known_result_of()
{
	known_results | while read -r result names reason; do
		case ,$names, in
		*,"$1",*) echo "$result $reason" ;;
		esac
	done
}

# judge RESULT:STATUS TEST EXPLANATION: reports how one of the client's own tests has ended, which has to
# be as listed, or else a pass.
judge()
{
	local listed reason
	read -r listed reason < <(known_result_of "$2")
	if [ "$1" != "${listed:-PASS:0}" ]; then
		not_ok "$client: $2" "it ends with $1, not ${listed:-PASS:0}
$3"
	elif [ -z "$listed" ]; then
		ok "$client: $2"
	else
		known "$client: $2" "$listed: $reason"
	fi
}

# all_ran N TEST...: checks that no fewer than N tests ran, and all that are listed among them.
all_ran()
{
	local least=$1
	shift
	check "$client: $least tests ran, or more" test $# -ge "$least"
	same "$client: all tests ran that are known not to pass" "" \
		"$(comm -23 <(known_results | cut -d ' ' -f 2 | tr , '\n' | sort) <(printf '%s\n' "$@" | sort))"
}
