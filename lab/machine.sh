# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A machine: swcexd with its adapters, and what is needed to start VMs that use
# it. Sourced; needs BUILD as an absolute path, and the top directory as the
# current one.

# machine_up RUN FILE [OPTION]...: starts swcexd for the machine FILE, with options of its own,
# and waits until it serves. In RUN, an absolute path, there are then
#	swcexd.socket, swcexd.guests	the sockets of the LPAR, and of its guests
#	swcexd.control, swcexd.log
#	guestd.conf	what guestd has to know
#	guest/		what the LPAR sees as /guest/, besides the files that guestd.conf names
#	guests/NAME/	of each guest, also when it has ended
# The program is $BUILD/swcexd, or $MACHINE_SWCEXD. Sets $swcexd, its process. Returns 1, and
# swcexd.log tells why, if swcexd does not start.
machine_up()
{
	mkdir -p "$1/guest"
	(
		. "$BUILD/lab/config"
		cat >"$1/guestd.conf" <<-END
		[guestd]
		qemu=$QEMU
		plugin=$BUILD/swcex.so
		machine=$1/swcexd.guests
		files=$1/guest
		run=$1
		[files]
		vmlinuz=$KIMAGE
		initrd=$BUILD/lab/guest.cpio
		root.squashfs=$KIT/root.squashfs
		END
	)
	machine_run=$1 machine_file=$2
	shift 2
	rm -f "$machine_run/swcexd.socket" "$machine_run/swcexd.guests" "$machine_run/swcexd.control"
	setpriv --pdeathsig TERM "${MACHINE_SWCEXD:-$BUILD/swcexd}" --machine "$machine_file" \
		--socket "$machine_run/swcexd.socket" --guest-socket "$machine_run/swcexd.guests" \
		--control "$machine_run/swcexd.control" \
		"$@" >>"$machine_run/swcexd.log" 2>&1 &
	swcexd=$!
	until machine_says "$machine_run" status >/dev/null 2>&1; do
		kill -0 "$swcexd" 2>/dev/null || return 1
		sleep 0.05
	done
}

# machine_says RUN COMMAND...: prints what swcexd answers on its control socket.
machine_says()
{
	machine_control=$1/swcexd.control
	shift
	"$BUILD/swcex" ctl --control "$machine_control" "$@"
}
