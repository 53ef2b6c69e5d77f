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

# use_adapters [OPTION]... -- COMMAND...: runs it as a user of swcex run would, and checks that adapters
# were used. What it says is in the file $transcript.
use_adapters()
{
	transcript=$logs/$client.said
	(cd "$work" && "$BUILD/swcex" run --require-requests --summary=json "$@" </dev/null) >"$transcript" 2>&1
	check "$client: adapters are used" grep -E '"requests":[1-9][0-9]*}$' "$transcript"
}

# try_in_vm [OPTION]...: has swcex run execute tests/clients/CLIENT.vm in $work, with the words of tap.sh and
# engine.sh, and reports the points, which that writes to the file "points".
try_in_vm()
{
	local line
	rm -f "$work/points"
	cp tests/tap.sh tests/clients/engine.sh "tests/clients/$client.vm" "$work/"
	SLOWNESS=$(lab/slowness) use_adapters "$@" -- "./$client.vm"
	while read -r line; do
		case $line in
		"ok "* | "not ok "*) repeat "${line/ - / - $client: }" ;;
		esac
	done <"$work/points"
	check "$client: all points are there" grep -x "1[.][.]$(grep -cE '^(not )?ok ' "$work/points")" "$work/points"
}

# make_keys BITS...: makes $work/keyBITS, as RSA keys take long to make in a VM, and $work/text, to be signed.
make_keys()
{
	local bits
	for bits; do
		[ -e "$work/key$bits" ] || openssl genrsa -traditional -out "$work/key$bits" "$bits"
	done
	echo "the words of a message" >"$work/text"
}

# known_results: prints the list CLIENT.known, whose lines are "RESULT TEST[,TEST]... REASON": how tests end
# that do not pass here, and why. TEST is a pattern of the shell.
known_results() { grep -v '^#' "tests/clients/$client.known"; }

# is_one_of TEST PATTERN[,PATTERN]...
is_one_of()
{
	local pattern patterns
	IFS=, read -ra patterns <<<"$2"
	for pattern in "${patterns[@]}"; do
		# shellcheck disable=SC2053 # a pattern
		[[ $1 != $pattern ]] || return 0
	done
	return 1
}

# known_result_of TEST: prints "RESULT REASON" of the first line that lists the test.
known_result_of()
{
	local result names reason
	while read -r result names reason; do
		is_one_of "$1" "$names" || continue
		echo "$result $reason"
		return
	done < <(known_results)
}

# judge RESULT TEST EXPLANATION: reports how one of the client's own tests has ended, which has to be as
# listed, or else PASS.
judge()
{
	local listed reason
	read -r listed reason < <(known_result_of "$2")
	if [ "$1" != "${listed:-PASS}" ]; then
		not_ok "$client: $2" "it ends with $1, not ${listed:-PASS}
$3"
	elif [ -z "$listed" ]; then
		ok "$client: $2"
	else
		known "$client: $2" "$listed: $reason"
	fi
}

# ran PATTERN TEST...: returns whether one of the tests fits.
ran()
{
	local pattern=$1 test
	shift
	for test; do
		! is_one_of "$test" "$pattern" || return 0
	done
	return 1
}

# all_ran N TEST...: checks that no fewer than N tests ran, and all that are listed among them.
all_ran()
{
	local least=$1 pattern missing=()
	shift
	check "$client: $least tests ran, or more" test $# -ge "$least"
	while read -r pattern; do
		ran "$pattern" "$@" || missing+=("$pattern")
	done < <(known_results | cut -d ' ' -f 2 | tr , '\n')
	same "$client: all tests ran that are known not to pass" "" "${missing[*]}"
}
