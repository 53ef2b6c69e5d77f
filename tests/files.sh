# SPDX-License-Identifier: GPL-2.0-only
#
# What the checks of tests/static share: the vocabulary and the lists of files.
# shellcheck shell=sh

cd "$(dirname "$0")/../.." || exit
exec 3>&1 1>&2
. tests/tap.sh

# files PATTERN...: those of the repository that match, new ones included.
files() { git ls-files -co --exclude-standard --deduplicate -- "$@" | xargs -r ls -d; }

# of_kernel, of_user: of the C files on standard input those that modules are built
# of, and the others.
of_kernel() { xargs -r grep -lE '^#include <linux/(module|kernel|kvm_host|list|mutex|vfio).*h>'; }
of_user() { xargs -r grep -LE '^#include <linux/(module|kernel|kvm_host|list|mutex|vfio).*h>'; }
