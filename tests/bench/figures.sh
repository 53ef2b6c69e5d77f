# SPDX-License-Identifier: GPL-2.0-only
#
# What the sections of the bench note, which tests/bench/run prints and writes to bench.json. A
# figure belongs to a table, a row and a column; $FIGURES has a line for each.
# shellcheck shell=sh

# figure TABLE ROW COLUMN UNIT VALUE
figure() {
	printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$FIGURES"
}

# ratio TABLE ROW COLUMN A B: notes A / B.
ratio() {
	figure "$1" "$2" "$3" ratio "$(awk -v a="$4" -v b="$5" 'BEGIN { printf "%.4f", a / b }')"
}

# noted TABLE ROW COLUMN: prints the figure that this run has there, also from an earlier section, or nothing.
noted() {
	{ cut -f 2- "$EARLIER"; cat "$FIGURES"; } | awk -F '\t' -v table="$1" -v row="$2" -v column="$3" \
		'$1 == table && $2 == row && $3 == column { value = $5 } END { print value }'
}

# quantile Q: of the numbers in the lines of stdin; 0.5 is the median.
quantile() {
	sort -n | awk -v q="$1" '{ value[NR] = $1 } END { if (NR) print value[int((NR - 1) * q + 0.5) + 1] }'
}
