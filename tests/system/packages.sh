#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian packages are made of the sources as they are, lintian finds nothing in them that is not
# explained, and each has what it is for. `make check-packages` installs them.
#
# timeout: 150
exec 3>&1 1>&2
. tests/tap.sh

run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT

version=$(cat VERSION)
here=$(dpkg --print-architecture)

# has ARCHITECTURE PACKAGE FILE...: the package has all the files.
has()
{
	deb=$run/$2_${version}_$1.deb
	package=$2
	shift 2
	dpkg-deb --fsys-tarfile "$deb" | tar -t >"$run/files"
	for file; do
		check "$package has $file" grep -qx ".$file" "$run/files"
	done
}

check "the packages are built, and lintian finds nothing" packaging/deb "$run"
has "$here" swcex /usr/bin/swcex /usr/sbin/swcexd /etc/swcex/machine /etc/apparmor.d/swcexd \
	/usr/lib/swcex/run/supervisor /usr/lib/swcex/lab/fetch /usr/share/man/man8/swcexd.8.gz \
	/usr/share/bash-completion/completions/swcex '\(/usr\)\?/lib/systemd/system/swcexd.service'
has "$here" qemu-plugin-swcex /usr/lib/swcex/swcex.so /usr/share/man/man7/swcex.so.7.gz
has "$here" vfio-ap-tools /usr/sbin/apctl /usr/share/man/man8/apctl.8.gz
# An IBM Z gets its tools from any machine. A VM of its architecture says whether they run.
has s390x vfio-ap-tools /usr/sbin/apctl /usr/share/man/man8/apctl.8.gz
dpkg-deb -x "$run/vfio-ap-tools_${version}_s390x.deb" "$run/tools"
apctl_in_vm() { (cd "$run/tools" && "$BUILD/swcex" run -q -- usr/sbin/apctl "$@" </dev/null); }
same "apctl runs there" "apctl $version" "$(apctl_in_vm --version)"
check "... and sees queues" eval 'apctl_in_vm show | grep "^0047 .*host"'
has all vfio-ap-dkms "/usr/src/vfio-ap-$version/dkms.conf" /usr/share/man/man4/vfio_ap.4.gz
finish
