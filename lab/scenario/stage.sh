# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the scenario's script speaks with: steps, and commands typed in the
# LPAR or in a guest, shown as they run. Sourced; needs $BUILD and $RUN.
#
# The output of a command is in $out afterwards. A command that does not end as
# it should ends the scenario, and the summary names the step and the logs.

steps_done=
step_title=
step_count=0
step_trouble=
out=

# step TITLE: ends the previous step as passed, and begins this one.
step() {
	step_pass
	step_title=$1
	printf '\n== %d. %s\n' "$((step_count + 1))" "$1"
}

step_pass() {
	[ -n "$step_title" ] || return 0
	step_count=$((step_count + 1))
	steps_done="$steps_done$(printf '  %2d  passed  %s' "$step_count" "$step_title")
"
	step_title=
}

# fail SENTENCE: ends the scenario.
fail() {
	step_trouble=$1
	exit 1
}

say() {
	printf '   %s\n' "$*"
}

show() {
	[ -z "$out" ] || printf '%s\n' "$out" | sed 's/^/   /'
}

# prompt WHERE COMMAND: prints the command as it looks when it is typed there.
prompt() {
	# a line after one that ends in a backslash goes on with it
	printf '%s\n' "$2" | awk -v prompt="$1# " \
		'{ print (more ? "  " : prompt) $0; more = /\\$/ }'
}

# typed WHERE COMMAND: runs COMMAND at WHERE, shows both, and returns its
# status.
typed() {
	prompt "$1" "$2"
	asked "$1" "$2"
	typed_status=$?
	show
	return "$typed_status"
}

# asked WHERE COMMAND: does the same without showing it, for checks and for
# waiting.
asked() {
	case $1 in
	lpar) directory=$RUN/lpar.agent ;;
	*) directory=$RUN/guests/$1 ;;
	esac
	out=$(lab/in-vm "$directory" "$2" 2>&1)
}

lpar() {
	typed lpar "$1" || fail "this command failed in the LPAR: $1"
}

guest() {
	typed "$1" "$2" || fail "this command failed in $1: $2"
}

# refuses WHERE COMMAND: the same for a command that must fail.
refuses() {
	if typed "$1" "$2"; then
		fail "this command should have been refused in $1: $2"
	fi
}

# carry FROM TO FILE...: copies files from one VM to another, in parts that are not too long for a
# command.
carry() {
	carry_from=$1 carry_to=$2
	shift 2
	asked "$carry_from" "tar -cS $* | base64 -w 0 | split -b 90000 - part. && ls part.*" &&
	for carry_part in $out; do
		asked "$carry_from" "cat $carry_part" && asked "$carry_to" "printf %s $out >>parts" || break
	done &&
	asked "$carry_to" "base64 -d parts | tar -x && cksum $*" && carry_sum=$out &&
	asked "$carry_from" "cksum $*" && [ "$out" = "$carry_sum" ] ||
		fail "$carry_to does not get $*: $out"
}

# swcexd COMMAND...: sends a command to the machine's control socket, on this
# machine.
swcexd() {
	printf 'host$ swcex ctl --control %s %s\n' "${RUN#"$PWD"/}/swcexd.control" "$*"
	out=$("$BUILD/swcex" ctl --control "$RUN/swcexd.control" "$@" 2>&1) ||
		fail "swcexd does not do $1: $out"
	show
}

# expect TEXT: fails unless the last output contains TEXT.
expect() {
	case $out in
	*"$1"*) ;;
	*) fail "expected \"$1\" in the last output" ;;
	esac
}

# wait_for SECONDS WHAT COMMAND...: polls until COMMAND succeeds. SECONDS are those
# of an idle machine.
wait_for() {
	wait_end=$(($(date +%s) + $1 * $(lab/slowness)))
	wait_what=$2
	shift 2
	until "$@"; do
		[ "$(date +%s)" -lt "$wait_end" ] ||
			fail "waited in vain for $wait_what"
		sleep 0.1
	done
}

# Print the table, and the verdict as the last line. This runs at every exit.
summary() {
	summary_status=$1
	[ "$summary_status" -ne 0 ] || step_pass
	printf '\n%s' "$steps_done"
	if [ "$summary_status" -eq 0 ]; then
		printf '\nscenario: %d steps passed\n' "$step_count"
		return
	fi
	printf '  %2d  FAILED  %s\n' "$((step_count + 1))" "$step_title"
	printf '\nscenario: step %d failed: %s; read %s\n' \
		"$((step_count + 1))" "${step_trouble:-interrupted}" "$(echo "$RUN"/*.log)"
}
