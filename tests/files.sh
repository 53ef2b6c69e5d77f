# SPDX-License-Identifier: GPL-2.0-only
#
# What the checks of tests/static share: the vocabulary and lists of files.
# shellcheck shell=sh

exec 3>&1 1>&2
. tests/tap.sh

# files PATTERN...: prints the files of the repository that match, including
# untracked ones.
files() { git ls-files -co --exclude-standard --deduplicate -- "$@" | xargs -r ls -d; }
