# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What lab/parts and lab/kernels say. Sourced by lab/fetch.

# lab_file NAME: the path of that file of this directory.
lab_file() { echo "${BASH_SOURCE[0]%/*}/$1"; }

# part KEY, kernel_part KEY: what follows KEY in the lines of lab/parts, or lab/kernels.
part() { sed -n "s/^$1	//p" "$(lab_file parts)"; }
kernel_part() { sed -n "s/^$1	//p" "$(lab_file kernels)"; }
