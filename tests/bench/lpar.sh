# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts of tests/bench share that are played in an LPAR, behind tests/lpar.sh.
# shellcheck shell=bash

all_bound_to() { [[ $(ls "/sys/bus/ap/drivers/$1" | grep -c '\.') == 256 ]]; }

# take_all: loads the driver, with all queues.
take_all()
{
	load_driver
	takes /sys/bus/ap/apmask 0x0
	check "vfio_ap has all queues" wait_until 60 all_bound_to vfio_ap
}

# row BEFORE AFTER NAME: microseconds, for the table of tests/bench/driver.
row() { echo "| $*" >&3; }
