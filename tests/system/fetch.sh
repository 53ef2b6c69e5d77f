#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fetching works with bad mirrors: lab/fetch makes a kit from a mirror of small
# packages that breaks in all the ways in which mirrors do, and says what it
# took.
#
# timeout: 90
exec 3>&1 1>&2
. tests/tap.sh
. tests/mirror/mirror.sh

run=$(mktemp -d)
mirror=$run/mirror
own=$(. /etc/os-release && echo "$VERSION_CODENAME")
server=

end_all()
{
	trap - EXIT INT TERM
	[ -z "$server" ] || kill "$server"
	wait
	rm -rf "$run"
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The lab's own programs, with a kit of few packages.
cp -r lab "$run/lab"
tr ' ' '\t' >"$run/lab/parts" <<-END
	linux 6.12
	qemu qemu-system-s390x
	qemu-oldest 11
END
printf '%s\t%s\n' root 'base-files busybox-static' later 's390-tools libc6-s390x-cross' source drivers/s390 \
	sysroot 'libglib2.0-dev libgone-dev' sysroot-later 's390-tools libjson-c5' \
	suite "$own $own-security $own-updates $own-backports" suite other \
	client 'client libglib2.0-dev' qemu-suite "$own-backports other" later-release "$own other" >>"$run/lab/parts"
printf '%s\t%s\n' kernel '6.1 other' source drivers/s390 >"$run/lab/kernels"
name=$(basename "$("$run/lab/kit-name")")

# The suites. Each has other versions than the others.
fill_mirror()
{
	mirror_kernel "$mirror/pool/$own" 6.12.3 6.12.3-1
	mirror_kernel "$mirror/pool/$own" 6.12.2 6.12.2-1
	mirror_root "$mirror/pool/$own" 2
	mirror_compiler "$mirror/pool/$own" 2
	mirror_qemu "$mirror/pool/$own" 10.0
	mirror_kernel "$mirror/security/pool/$own-security" 6.12.4 6.12.4-1
	mirror_package "$mirror/security/pool/$own-security" base-files 3 s390x usr/share/suite=3
	mirror_qemu "$mirror/pool/$own-backports" 11.1
	mirror_kernel "$mirror/pool/$own-backports" 6.12.1 6.12.1-1~bpo1
	mirror_package "$mirror/pool/$own-backports" base-files 2~bpo1 s390x usr/share/suite=2~bpo1
	mirror_kernel "$mirror/pool/other" 6.12.0 6.12.0-1
	mirror_kernel "$mirror/pool/other" 6.1.9 6.1.9-1
	mirror_root "$mirror/pool/other" 1
	mirror_compiler "$mirror/pool/other" 1
	mirror_qemu "$mirror/pool/other" 11.2
	mirror_source "$mirror/pool/$own" client 2
	mirror_source "$mirror/pool/other" client 1
	mirror_index "$mirror/security" "$own-security"
	for suite in "$own" "$own-updates" "$own-backports" other; do
		mirror_index "$mirror" "$suite"
	done
}

# serve: starts the server.
serve()
{
	rm -f "$run/port"
	tests/mirror/server "$mirror" "$run/port" "$run/requests" &
	server=$!
	wait_until 10 test -e "$run/port"
	SWCEX_MIRROR="http://127.0.0.1:$(cat "$run/port")"
	export SWCEX_MIRROR SWCEX_SECURITY_MIRROR=$SWCEX_MIRROR/security SWCEX_SOURCE_OPTIONS=trusted=yes
}

# broken HOW PATTERN...: makes matching files of the mirror missing, cut or
# stalled.
broken()
{
	local how=$1 pattern
	shift
	for pattern; do
		find "$mirror" -path "*$pattern" ! -name "*.$how" -exec touch {}."$how" ';'
	done
}

# mended: undoes all of that.
mended() { find "$mirror" \( -name '*.missing' -o -name '*.cut' -o -name '*.stalled' \) -delete; }

# fetch ARGUMENT...: runs lab/fetch, with a cache that is empty at first.
fetch() { "$run/lab/fetch" "$@" >"$run/said" 2>&1; }
kit=$run/cache/$name
kit() { rm -rf "$run/cache"; fetch kit "$kit"; }

# says TEXT: checks that the last run printed it, on one line.
says() { check "and says \"$1\"" grep -F -- "$1" "$run/said"; }

# kernel_is VERSION, has_root VERSION: check what the kit consists of.
kernel_is() { same "the kernel is $1" "$1" "$(cat "$kit/kernel/source/drivers/s390/version" 2>&1)"; }
root_is() { same "base-files is $1" "$1" "$(unsquashfs -cat "$kit/root.squashfs" usr/share/suite 2>&1)"; }
qemu_is() { same "QEMU is $1" "QEMU emulator version $1" "$("$kit/qemu-system-s390x" --version 2>&1)"; }

# complete NAME: checks that a kit is completed, with the output as the
# explanation if not.
complete()
{
	if kit; then
		ok "$1"
	else
		not_ok "$1" "$(cat "$run/said")"
	fi
}

check "what make starts finds programs of sbin" env -u MAKEFLAGS PATH=/usr/bin:/bin \
	make -s --eval 'try:; @command -v depmod' try

fill_mirror
serve

complete "a kit of the newest versions"
kernel_is 6.12.4-1
root_is 3
qemu_is 11.1
same "nothing was lost" "" "$(grep 'could not be fetched' "$run/said")"
same "downloads do not stay" "" "$(find "$run/cache" -name '*.deb')"

# A complete kit needs neither programs nor a network.
mkdir "$run/bin"
cat >"$run/bin/apt-get" <<-END
	#!/bin/sh
	echo "\$@" >>"$run/apt"
	exit 1
END
ln -s apt-get "$run/bin/apt-cache"
chmod +x "$run/bin/apt-get"
check "a complete kit is left as it is" env PATH="$run/bin:$PATH" "$run/lab/fetch" kit "$kit"
same "without a question to apt" "" "$(cat "$run/apt" 2>&1 | grep -v 'No such file')"

broken missing '/linux-image-6.12.4*'
complete "without an image of the newest kernel"
kernel_is 6.12.3-1
says "kernel 6.12.4-1 (linux-image-6.12.4-s390x: 404 Not Found)"
broken missing '/linux-source-6.12_6.12.3*' '/linux-headers-6.12.2-common*'
complete "without parts of all kernels but that of backports"
kernel_is 6.12.1-1~bpo1
says "kernel 6.12.3-1 (linux-source-6.12: 404 Not Found); kernel 6.12.2-1 (linux-headers-6.12.2-common: 404 Not Found)"
broken missing '/linux-kbuild-6.12_6.12.1*'
complete "without any kernel of this release"
kernel_is 6.12.0-1
check "it comes with its release's compiler" test -d "$kit/compiler/usr/lib/gcc-cross/s390x-linux-gnu/1"
broken missing '/linux-headers-6.12.0-s390x*'
check "without any kernel there is no kit" eval '! kit'
same "and each attempt is named" "6.12.4-1 6.12.3-1 6.12.2-1 6.12.1-1~bpo1 6.12.0-1" \
	"$(sed -n 's/^fetch: tried: kernel \([^ ]*\).*/\1/p' "$run/said" | paste -sd ' ')"
says "the mirror lacks files that its own index names"
check "nothing that looks like a kit is left" test ! -e "$kit"
mended

broken missing '/base-files_3_*'
complete "without the newest package of the root file system"
root_is 2
says "base-files 3 (404 Not Found)"
broken missing '/base-files_2_*'
complete "with that of backports only"
root_is 2~bpo1
broken missing '/base-files_2~bpo1_*'
complete "with that of another release only"
root_is 1
says "a root file system of $own (apt cannot resolve its dependencies)"
mended

broken missing '/qemu-system-s390x_11.1*'
complete "without QEMU of backports"
qemu_is 11.2
broken missing '/qemu-system-s390x_11.2*'
check "without a QEMU that is young enough there is no kit" eval '! kit'
says "tried: QEMU of $own-backports (version 10.0, 11 is needed)"
says "tried: QEMU of other"
mended

broken missing '/s390-tools_2_*'
complete "without the newest of the later packages"
says "s390-tools 2 (404 Not Found)"
mended

# An index does not match its release file, as while a mirror is being updated.
for file in "$mirror/security/dists/$own-security/main/binary-s390x/Packages" "$mirror/dists/$own/main/binary-s390x/Packages"; do

	echo >>"$file"
	complete "with an index that does not fit: ${file#*/dists/}"
	says "the index of $(echo "${file#*/dists/}" | cut -d / -f 1) (File has unexpected size"
done
kernel_is 6.12.1-1~bpo1
root_is 1
rm -rf "$mirror"/dists "$mirror"/security/dists
mirror_index "$mirror/security" "$own-security"
for suite in "$own" "$own-updates" "$own-backports" other; do
	mirror_index "$mirror" "$suite"
done
rm -r "$mirror/dists/$own-updates"
complete "without a suite"
says "the index of $own-updates ("
mirror_index "$mirror" "$own-updates"

broken cut '/linux-source-6.12_6.12.4*'
complete "with a server that closes a connection in the middle"
kernel_is 6.12.4-1
mended

# An interruption: half a package has been downloaded when the run is killed.
rm -rf "$run/cache"
broken stalled '/linux-source-6.12_6.12.4*'
setsid "$run/lab/fetch" kit "$kit" >"$run/said" 2>&1 &
fetching=$!
half_there() { [ "$(cat "$run"/cache/archives/partial/linux-source-* 2>/dev/null | wc -c)" -gt 100000 ]; }
check "half a package arrives" wait_until 20 half_there
kill -- "-$fetching"
wait "$fetching"
mended
: >"$run/requests"
check "the next run completes the kit" fetch kit "$kit"
check "with the other half" grep -E '^206 [1-9][0-9]* pool/.*linux-source|^206 [1-9][0-9]* security/pool/.*linux-source' "$run/requests"
same "and nothing twice" "" "$(grep -E '^200 .*linux-(image|headers)-6.12.4' "$run/requests")"

broken missing '/libglib2.0-dev_2_*'
sysroot=$run/cache/sysroot
check "headers and libraries" fetch sysroot "$sysroot"
same "of another release where this one's cannot be fetched" 1 "$(cat "$sysroot/usr/include/glib.h")"
says "libglib2.0-dev 2 (404 Not Found)"
check "and chzdev" test -e "$sysroot/later/chzdev"
mended

# client VERSION NAME: fetches the source of a client, which has to be of that version.
client()
{
	rm -rf "$run/cache/client"
	check "$2" fetch client client "$run/cache/client"
	same "its version" "$1" "$(cat "$run/cache/client/source/version")"
}
client 2 "the source of a client"
check "as Debian has it" test -e "$run/cache/client/source/debian/changelog"
check "and its libraries" test -e "$run/cache/client/usr/include/glib.h"
broken missing '/client_2*.debian.tar.xz'
client 2 "upstream's, where Debian's part cannot be fetched"
says "client_2-1.debian.tar.xz: 404 Not Found"
says "client_2.orig.tar.xz, without Debian's patches"
broken missing '/client_2*' '/libglib2.0-dev_2_*'
client 1 "that of another release"
says "client_1-1"
same "the libraries, too" 1 "$(cat "$run/cache/client/usr/include/glib.h")"
broken missing '/client_1*'
check "none, where none can be fetched" eval '! fetch client client "$run/cache/none"'
says "tried: the source of client, --tar-only"
mended

check "another kernel's kit" fetch kernel 6.1 "$kit-6.1" "$kit"
same "it has that kernel" 6.1.9-1 "$(cat "$kit-6.1/kernel/source/drivers/s390/version")"

# One file with everything, for a machine without a network.
check "a bundle of all" fetch bundle "$run/bundle" "$kit" "$kit-6.1" "$sysroot"
kill "$server"
wait "$server"
server=
mv "$run/cache" "$run/elsewhere"
kit=$run/away/$name
check "without a network there is no kit" eval '! fetch kit "$kit"'
says "the mirror cannot be reached"
check "with the bundle there is" env SWCEX_BUNDLE="$run/bundle" "$run/lab/fetch" kit "$kit"
check "and one with another kernel" env SWCEX_BUNDLE="$run/bundle" "$run/lab/fetch" kernel 6.1 "$kit-6.1" "$kit"
check "and the sysroot" env SWCEX_BUNDLE="$run/bundle" "$run/lab/fetch" sysroot "$run/away/sysroot"
same "which has what it had" "" "$(diff -r "$run/elsewhere/sysroot" "$run/away/sysroot")"
qemu_is 11.1
same "nothing in them names the old place" "" "$(grep -rlF "$run/cache" "$run/away")"
check "headers name the new one" grep -F "$kit/kernel/usr/src/" "$kit/kernel/headers/Makefile"
head -c 100000 "$run/bundle" >"$run/damaged"
check "a damaged bundle makes no kit" eval '! SWCEX_BUNDLE=$run/damaged fetch kit "$kit-damaged"'
check "a missing one makes no kit" eval '! SWCEX_BUNDLE=$run/missing fetch kit "$kit-missing"'
says "the bundle $run/missing cannot be read"
check "one without this kit makes none" eval '! SWCEX_BUNDLE=$run/bundle fetch kit "$kit-other"'
says "does not have the kit $name-other"

# Other hosts.
sed -i "s,/etc/os-release,$run/os-release," "$run/lab/suites.sh"
printf '%s\n' 'PRETTY_NAME="Fedora Linux 41"' VERSION_CODENAME= >"$run/os-release"
check "another host gets no kit" eval '! fetch kit "$kit-fedora"'
says "QEMU 11 among them, and this machine runs Fedora Linux 41."
says "Containerfile"
printf 'host\tno-such-package\n' >>"$run/lab/parts"
check "nor packages" eval '! fetch host'
says "no-such-package"
says "Containerfile"
finish
