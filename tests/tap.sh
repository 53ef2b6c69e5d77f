# SPDX-License-Identifier: GPL-2.0-only
#
# How a test script reports its verdicts: TAP on descriptor 3, one point per
# call. All other output goes to descriptors 1 and 2, which are the log.
# shellcheck shell=sh

points=0
failures=0
remark=''	# " # KNOWN reason" while a failure is expected

# expected REASON: the points from here on are known to fail; with '', they have
# to pass again.
expected() { remark=${1:+" # KNOWN $1"}; }

# verdict LINE [EXPLANATION]: reports one point, also in the log.
verdict()
{
	echo "$1" >&3
	echo "$1"
	if [ -n "${2-}" ]; then
		printf '%s\n' "$2" | sed 's/^/# /' >&3
		printf '%s\n' "$2"
	fi
}

ok()
{
	points=$((points + 1))
	verdict "ok $points - $1$remark"
}

# not_ok NAME EXPLANATION
not_ok()
{
	points=$((points + 1))
	[ -n "$remark" ] || failures=$((failures + 1))
	verdict "not ok $points - $1$remark" "$2"
}

# skip NAME REASON: reports why something cannot be tested here.
skip()
{
	points=$((points + 1))
	verdict "ok $points - $1 # SKIP $2"
}

# known NAME REASON: reports a failure, just seen, that is understood and not
# this project's.
known()
{
	points=$((points + 1))
	verdict "not ok $points - $1 # KNOWN $2"
}

# check NAME COMMAND...: COMMAND must succeed; if it does not, its output is the
# explanation.
check()
{
	point=$1
	shift
	if said=$("$@" 2>&1); then
		ok "$point"
	else
		not_ok "$point" "$* ended with exit status $?:
$said"
	fi
}

# same NAME EXPECTED SEEN: the two texts must be equal.
same()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "expected: $2
seen:     $3"
	fi
}

# repeat LINE: reports a point of another script under the next number of this
# one.
repeat()
{
	points=$((points + 1))
	case $1 in
	ok*) verdict "ok $points - ${1#*- }" ;;
	*)
		case $1 in *"# KNOWN"*) ;; *) failures=$((failures + 1)) ;; esac
		verdict "not ok $points - ${1#*- }"
		;;
	esac
}

# patience SECONDS: prints after how many seconds to give up what takes SECONDS
# at most on an idle machine. They are three times as many there, and more on a
# machine that others use, too. A VM does not see what its host has to do, and is
# told by $SLOWNESS.
patience() { echo $(($1 * (2 + ${SLOWNESS:-$(lab/slowness)}))); }

# wait_until SECONDS COMMAND...: polls until COMMAND succeeds. Fails when the
# patience for SECONDS is over. A program in the background may not have
# truncated its output file yet: remove an earlier file before waiting for its
# text.
wait_until()
{
	deadline=$(($(date +%s) + $(patience "$1")))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || return 1
		sleep 0.05
	done
}

# finish: prints the plan and ends the script.
finish()
{
	echo "1..$points" >&3
	[ $failures = 0 ]
	exit
}
