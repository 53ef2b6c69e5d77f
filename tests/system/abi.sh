#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# docs/ABI/testing describes all that the driver shows in sysfs, and nothing
# else, with the modes: files of the matrix device, of the type of its mediated
# devices, of such a device, of a queue and of the module.
#
# timeout: 120
. tests/vms.sh

# What every device has, independently of its driver.
everywhere='/(uevent|driver|subsystem|device|dev|module|power(/.*)?)$'
queue=/sys/bus/ap/devices/05.0004

# documented: prints "MODE NAME" of every entry. The mode is - if it is not a
# file, or has none.
documented()
{
	awk '
	/^What:/ { if (described) n = 0; described = 0; what[++n] = $2; next }
	/^Description:/ {
		described = 1
		getline
		mode = /^\t\t\(RO\) / ? 444 : /^\t\t\(WO\) / ? 200 : /^\t\t\(RW\) / ? 644 : "-"
		for (i = 1; i <= n; i++)
			print mode, what[i]
	}' docs/ABI/testing/* | sort
}

# incomplete: prints entries that lack one of the fields which the kernel's
# format requires, in this order, or the text.
incomplete()
{
	awk '
	function judge() { if (fields != "" && fields !~ /^(What: )+Date: KernelVersion: Contact: Description: text /) print what, fields }
	FNR == 1 || /^What:/ && fields !~ /^(What: )*$/ { judge(); fields = "" }
	/^What:/ { what = $2 }
	/^[A-Za-z]+:/ { fields = fields $1 " " }
	/^[A-Z][A-Za-z]+:\t+[^\t ]/ || /^Description:$/ { next }
	/^\t\t[^ ]/ { fields = fields "text "; next }
	/^$|^\t\t  / { next }
	{ print FILENAME ":" FNR ": " $0 }
	END { judge() }' docs/ABI/testing/*
}

# list DIRECTORY...: prints "MODE NAME" of what is in the LPAR, with names as in
# the documentation.
list()
{
	in_vm lpar find "$@" -mindepth 1 '-printf "%y %m %p\n"' | sed -E '
		s/^f ([0-7]*)/\1/; s/^[dl] [0-7]*/-/
		s,/[0-9a-f]{8}-[0-9a-f-]{27},/<uuid>,; s,/vfio[0-9]+,/vfio<n>,
		s,/[0-9a-f]{2}[.][0-9a-f]{4}/,/<adapter>.<domain>/,' | sort
}

machine tests/lpar.machine
boot_lpar
script <<'END'
load
create 1
takes /sys/bus/ap/drivers/vfio_ap/unbind 05.0004
END
list $queue/ >"$run/unbound"
check "the queue is bound" in_vm lpar "echo 05.0004 >/sys/bus/ap/drivers/vfio_ap/bind"
# The attributes of a queue without a driver belong to the AP bus.
list $queue/ | grep -vxFf "$run/unbound" >"$run/bound"
list /sys/devices/vfio_ap /sys/module/vfio_ap/parameters | cat - "$run/bound" "$run/unbound" >"$run/all"
grep -vxFf "$run/unbound" "$run/all" | grep -vE "$everywhere" >"$run/shown"
documented >"$run/documented"

same "every entry has the fields of the kernel's format" '' "$(incomplete)"
same "every entry is there, with its mode" '' "$(awk '
	NR == FNR { mode[$2] = $1; next }
	!($2 in mode) { print $2 " is not there"; next }
	$1 != "-" && mode[$2] != $1 { print $2 " has mode " mode[$2] ", not " $1 }
	' "$run/all" "$run/documented")"
same "everything is documented" '' "$(awk '
	NR == FNR { mode[$2] = $1; next }
	!($2 in mode) { print $2; next }
	$1 != "-" && mode[$2] == "-" { print $2 " has no mode" }
	' "$run/documented" "$run/shown")"
for feature in $(in_vm lpar cat /sys/devices/vfio_ap/matrix/features); do
	check "the feature $feature is documented" grep -qxP "\t\t$feature" docs/ABI/testing/sysfs-devices-vfio_ap
done
check "what the driver adds to a queue was seen" grep -q status "$run/bound"
the_end
