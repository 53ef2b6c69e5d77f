# SPDX-License-Identifier: GPL-2.0-only
#
# A Debian kernel for s390x: the newest one of $distribution whose version begins with $series.
# Sourced by lab/fetch, whose variables these functions use.
# shellcheck shell=sh disable=SC2154

# The suite, and what this machine has for it beside: security, or the backports that hold
# the kit's own kernel.
index_system()
{
	apt_state "$tmp/apt" s390x "$host"
	apt_suite "$tmp/apt" "$mirror" "$distribution"
	address=$(mirror_of "$distribution-security")
	[ -z "$address" ] || apt_suite "$tmp/apt" "$address" "$distribution-security"
	[ "$distribution" != bookworm ] || apt_suite "$tmp/apt" "$mirror" bookworm-backports
	apt_in "$tmp/apt" apt-get update --error-on=any
}

# has PACKAGE VERSION: the state's index offers that very version.
has() { apt_in "$tmp/apt" apt-cache madison "$1" | awk '{ print $3 }' | grep -Fqx "$2"; }

versions_of() { apt_in "$tmp/apt" apt-cache madison "$1" | awk '{ print $3 }' | sort -Vru; }

# packages_of IMAGE VERSION: the packages of that kernel, the source last; fails if one is
# missing in this version. Kernels differ in how they are cut into packages.
packages_of()
{
	release=${1#linux-image-} abi=${1#linux-image-}
	abi=${abi%-s390x}
	numbers=$(echo "$abi" | cut -d . -f 1-2)
	kbuild=linux-kbuild-$abi binary=$1:s390x=$2
	has "$kbuild" "$2" || kbuild=linux-kbuild-$numbers
	if has "linux-binary-$release" "$2"; then
		binary="linux-binary-$release:s390x=$2 linux-modules-$release:s390x=$2 linux-base-$release:s390x=$2"
	fi
	for package in "linux-headers-$release" "linux-headers-$abi-common" "$kbuild" "linux-source-$numbers"; do
		has "$package" "$2" || return 1
	done
	echo "$binary linux-headers-$release:s390x=$2 linux-headers-$abi-common:all=$2" \
		"$kbuild:$host=$2 linux-source-$numbers:all=$2"
}

# kernel_packages: of the newest image whose headers, kbuild and source exist in one version.
kernel_packages()
{
	apt_in "$tmp/apt" apt-cache pkgnames "linux-image-$series." |
		grep -E -- '-s390x(:s390x)?$' | sed 's/:s390x$//' | sort -Vr >"$tmp/images"
	while read -r image; do
		for version in $(versions_of "$image"); do
			! packages_of "$image" "$version" || return 0
		done
	done <"$tmp/images"
	echo "$distribution has no $series kernel for s390x whose image, headers, kbuild and source have one version" >&2
	return 1
}

fetch_kernel()
{
	packages=$(kernel_packages)
	mkdir -p "$tmp/kernel"
	cd "$tmp/kernel" || return
	# shellcheck disable=SC2086 # words
	apt_in "$tmp/apt" apt-get download $packages
	note "$(echo "$packages" | sed 's/.*linux-headers-\([^:]*\)-s390x:.*/\1/'), $(size_of "$tmp/kernel")"
}

unpack_kernel()
{
	root=$kit/kernel
	mkdir -p "$root/usr/lib"
	ln -s usr/lib "$root/lib"
	unpack "$root" "$tmp"/kernel/linux-[!s]*.deb
	cd "$root" || return
	headers=$(echo usr/src/linux-headers-*-s390x)
	release=${headers#usr/src/linux-headers-}
	sed -i "s,/usr/src,$folder/kernel/usr/src," "$headers/Makefile"
	ln -s "$headers" headers
	ln -s "usr/lib/modules/$release" modules
	image=modules/vmlinuz
	[ -f $image ] || image=boot/vmlinuz-$release
	ln -s "$image" image
	echo "$release" >version
	rm -f modules/build modules/source
	find modules/ -name '*.ko.xz' -print0 | xargs -0 -r -n 64 -P 2 xz -d
	depmod -b "$root" "$release"
	[ -f image ] && [ -f modules/modules.order ] && [ -f headers/Module.symvers ]
	note "$(size_of "$root")"
}

# unpack_source TREE [PATH]...: unpacks linux-source, or those of its paths, into TREE.
unpack_source()
{
	tree=$1
	shift
	mkdir "$tree"
	dpkg-deb --fsys-tarfile "$tmp"/kernel/linux-source-*.deb >"$tmp/source.tar"
	top=$(tar -tf "$tmp/source.tar" --wildcards '*/linux-source-*.tar.xz')
	top=$(basename "$top" .tar.xz)
	for path; do
		echo "$top/$path"
	done >"$tmp/members"
	[ $# -gt 0 ] || echo "$top" >"$tmp/members"
	tar -xOf "$tmp/source.tar" --wildcards '*/linux-source-*.tar.xz' | xz -dc -T0 |
		tar -x --no-same-owner --strip-components=1 -C "$tree" -T "$tmp/members"
	rm "$tmp/source.tar"
	note "$(size_of "$tree")"
}
