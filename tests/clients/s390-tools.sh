# SPDX-License-Identifier: GPL-2.0-only
#
# lszcrypt and zcryptctl of this machine's suite, and the lszcrypt of a later one, as Debian has built them.
# CEX7 is the newest type whose capabilities the lszcrypt of Debian 12 knows.
# shellcheck shell=bash disable=SC2154

mkdir -p "$work"
cp tests/clients.sh "$work/"
make_keys 2048
try_in_vm --adapter 4:CEX7A --adapter 5:CEX7C --adapter 6:CEX7P --domain 4,0x47
