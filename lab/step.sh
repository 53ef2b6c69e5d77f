# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The output of lab/fetch: its lines, and the steps of a kit with the time that
# they took and with what they could not fetch.

say() { printf 'fetch: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

# note TEXT: within a step, adds TEXT to the step's line.
note() { echo "$*" >&4; }

# lose THING REASON: within a step, reports that THING could not be fetched, and
# why. The step may find a replacement; if it does not, it names all that was
# lost.
lose() { echo "$1 ($2)" >&5; }

# lines FILE: prints the lines of FILE on one line, separated by semicolons.
lines() { paste -sd ';' "$1" | sed 's/;/; /g'; }

# step WORK TEXT COMMAND...: runs COMMAND, whose output goes to WORK/log. Prints
# a line with the time that it took and its notes, and another one with what
# could not be fetched. Ends the run if COMMAND fails. COMMAND runs in a
# subshell, so its results must be files.
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
	[ ! -s "$work/lost" ] || say "  could not be fetched: $(lines "$work/lost")"
}

# step_failed WORK: ends the run, and names all that was tried.
step_failed()
{
	echo failed
	tail -n 15 "$1/log" >&2
	[ ! -s "$1/lost" ] || sed 's/^/fetch: tried: /' "$1/lost" >&2
	fail "$(apt_why "$1/log")"
}
