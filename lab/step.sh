# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What lab/fetch says: its lines, and the steps of a kit with what they took and what they had
# to do without.

say() { printf 'fetch: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

# note TEXT: within a step, adds TEXT to the step's line.
note() { echo "$*" >&4; }

# lose THING REASON: within a step, tells that THING could not be had, and why. The step may
# find something else; if it does not, it names all that was lost.
lose() { echo "$1 ($2)" >&5; }

# lines FILE: the lines of FILE on one, separated by semicolons.
lines() { paste -sd ';' "$1" | sed 's/;/; /g'; }

# step WORK TEXT COMMAND...: runs COMMAND, whose output goes to WORK/log, and says in a line how
# long it took and what it noted, and in another one what could not be had. Ends the run if it
# fails. COMMAND runs in a subshell: what it leaves behind are files.
step()
{
	local work=$1 text=$2 begin=$SECONDS status
	shift 2
	printf 'fetch: %-44s' "$text"
	: >"$work/note"
	: >"$work/lost"
	set +e
	(set -e; "$@") >"$work/log" 2>&1 4>>"$work/note" 5>>"$work/lost"
	status=$?
	set -e
	[ $status = 0 ] || step_failed "$work"
	printf ' %4s s  %s\n' $((SECONDS - begin)) "$(lines "$work/note")"
	[ ! -s "$work/lost" ] || say "  what could not be had: $(lines "$work/lost")"
}

# step_failed WORK: ends the run; names all that was tried.
step_failed()
{
	echo failed
	tail -n 15 "$1/log" >&2
	[ ! -s "$1/lost" ] || sed 's/^/fetch: tried: /' "$1/lost" >&2
	fail "$(apt_why "$1/log")"
}
