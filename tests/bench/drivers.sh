# SPDX-License-Identifier: GPL-2.0-only
#
# What the sections of the bench share that compare the driver with the in-tree one in an LPAR of their
# own. What is said goes to $BUILD/run/bench.tap and bench.log. Sourced with the top directory as the
# current one.
# shellcheck shell=sh

BUILD=$(readlink -f "${BUILD:-build}") || exit
LOG=$BUILD/run/bench
export BUILD LOG
mkdir -p "$BUILD/run"
rm -f "$LOG".*
exec 4>&1 >"$LOG.tap" 2>"$LOG.log"
. tests/vms.sh
. tests/bench/figures.sh

# said SCRIPT: plays it in the LPAR with $DRIVER; its rows are in $run/rows.
said()
{
	cat tests/bench/lpar.sh "tests/bench/$1" >"$run/script"
	play lpar "$run/script" 3>"$run/said"
	cat "$run/said" >&3
	sed -n 's/^| //p' "$run/said" >"$run/rows"
}

# over: prints what was wrong, and ends all.
over()
{
	grep -h '^not ok' "$LOG.tap" | sed "s|^|bench: |; \$ s|\$|; read $LOG.log|" >&4
	the_end
}
