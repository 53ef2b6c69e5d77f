# SPDX-License-Identifier: GPL-2.0-only
#
# What tests of swcex run share: the vocabulary, a directory in which its
# commands run, and what can be seen of a run from outside. $options has the
# options of all runs of a test.
# shellcheck shell=sh

exec 3>&1 1>&2
. tests/tap.sh

: "${options:=}"
run=$(mktemp -d)
here="$run/here there"
export TMPDIR="$run/tmp" XDG_RUNTIME_DIR=
mkdir "$TMPDIR" "$here"

# swcex ARGUMENT...: runs it in the directory of this test.
# shellcheck disable=SC2086 # options
swcex() { (cd "$here" && exec "$BUILD/swcex" run $options "$@"); }

# status_of ARGUMENT...: does the same, with the output in $run/out and
# $run/err, and prints the exit status.
status_of()
{
	swcex "$@" >"$run/out" 2>"$run/err" </dev/null
	echo $?
}

# start ARGUMENT...: does the same in the background, and sets $child. The output
# of an earlier run is removed, as nobody knows when the background truncates it.
# shellcheck disable=SC2086,SC2034 # options; tests use $child
start()
{
	rm -f "$run/out" "$run/err"
	(cd "$here" && exec "$BUILD/swcex" run $options "$@") >"$run/out" 2>"$run/err" &
	child=$!
}

# begin ARGUMENT...: does the same for a run whose command prints "ready", and
# waits for that.
begin()
{
	start "$@"
	wait_until 120 grep -qs ready "$run/out"
}

# left_behind: returns whether there is a process of a run; begun, whether there
# is a file of one; nothing_left, whether there is neither.
left_behind() { pgrep -f "$TMPDIR"; }
begun() { [ -n "$(ls -A "$TMPDIR")" ]; }
nothing_left() { ! left_behind && [ -z "$(ls -A "$TMPDIR")" ]; }

# has NAME FILE WORD...: checks that FILE contains each of the words.
has()
{
	point=$1 file=$2
	shift 2
	for word; do
		grep -qF -- "$word" "$file" || { not_ok "$point" "\"$word\" is not in: $(cat "$file")"; return; }
	done
	ok "$point"
}

# mistake WORDS... -- ARGUMENT...: checks that the run ends with 125 and a
# sentence that contains all WORDS.
mistake()
{
	words=''
	while [ "$1" != -- ]; do
		words="$words$1
"
		shift
	done
	shift
	same "a mistake: $*" 125 "$(status_of "$@")"
	IFS='
'
	# shellcheck disable=SC2086 # words
	has "... is explained" "$run/err" $words
	unset IFS
}
