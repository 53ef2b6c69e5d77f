# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Reading lab/parts and lab/kernels. Sourced by lab/fetch.

# lab_file NAME: prints the path of that file of this directory.
lab_file() { echo "${BASH_SOURCE[0]%/*}/$1"; }

# part KEY, kernel_part KEY: print what follows KEY in the lines of lab/parts,
# or of lab/kernels.
part() { sed -n "s/^$1	//p" "$(lab_file parts)"; }
kernel_part() { sed -n "s/^$1	//p" "$(lab_file kernels)"; }
