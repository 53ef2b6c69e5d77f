# SPDX-License-Identifier: GPL-2.0-only
#
# What the checks of tests/static share: the vocabulary and the lists of files.
# shellcheck shell=sh

exec 3>&1 1>&2
. tests/tap.sh

# files PATTERN...: those of the repository that match, new ones included.
files() { git ls-files -co --exclude-standard --deduplicate -- "$@" | xargs -r ls -d; }
