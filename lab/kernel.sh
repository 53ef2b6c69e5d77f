# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A Debian kernel for s390x: the newest one whose version begins with SERIES and of which all
# packages can be had. Sourced by lab/fetch.

# has STATE PACKAGE VERSION: the state's index offers that very version.
has() { versions_of "$1" "$2" | grep -Fx -- "$3" >/dev/null; }

# versions_of STATE PACKAGE: newest first.
versions_of() { apt_in "$1" apt-cache madison "$2" | awk '{ print $3 }' | sort -Vru; }

# packages_of STATE IMAGE VERSION: the packages of that kernel, the source last; returns 1 if one is
# missing in this version, and prints its name. Kernels differ in how they are cut into packages.
packages_of()
{
	local state=$1 version=$3 release=${2#linux-image-} abi numbers kbuild package
	local binary=$2:s390x=$version
	abi=${release%-s390x}
	numbers=$(echo "$abi" | cut -d . -f 1-2)
	kbuild=linux-kbuild-$abi
	has "$state" "$kbuild" "$version" || kbuild=linux-kbuild-$numbers
	if has "$state" "linux-binary-$release" "$version"; then
		binary="linux-binary-$release:s390x=$version linux-modules-$release:s390x=$version linux-base-$release:s390x=$version"
	fi
	for package in "linux-headers-$release" "linux-headers-$abi-common" "$kbuild" "linux-source-$numbers"; do
		has "$state" "$package" "$version" || { echo "$package"; return 1; }
	done
	echo "$binary linux-headers-$release:s390x=$version linux-headers-$abi-common:all=$version" \
		"$kbuild:$(host_architecture)=$version linux-source-$numbers:all=$version"
}

# kernels_of STATE SERIES: a line for each kernel that the state offers, newest first: its
# VERSION and its packages. Those of which a package is missing are lost.
kernels_of()
{
	local state=$1 image version packages
	apt_in "$state" apt-cache pkgnames "linux-image-$2." |
		sed -n 's/:s390x$//; /-s390x$/p' | sort -Vru | while read -r image; do
		for version in $(versions_of "$state" "$image"); do
			if packages=$(packages_of "$state" "$image" "$version"); then
				echo "$version $packages"
			else
				lose "kernel $version" "$packages is not of that version"
			fi
		done
	done
}

# obtain_kernel WORK ARCHIVES SERIES PATTERN RELEASE...: downloads the packages that match PATTERN of
# the newest kernel of the first release that has one. WORK/kernel.files has then their paths, and
# WORK/kernel.release the release.
obtain_kernel()
{
	local work=$1 archives=$2 series=$3 pattern=$4 release state version packages
	shift 4
	for release; do
		state=$(system_state "$work" "$archives" "$release") || continue
		kernels_of "$state" "$series" >"$work/kernels"
		[ -s "$work/kernels" ] || lose "a kernel $series of $release" "it has none"
		while read -r version packages; do
			packages=$(echo "$packages" | tr ' ' '\n' | grep -E -- "$pattern")
			# shellcheck disable=SC2086 # words
			if apt_download "$state" $packages; then
				cp "$state/files" "$work/kernel.files"
				echo "$release" >"$work/kernel.release"
				note "$version"
				return
			fi
			lose "kernel $version" "$(apt_missed "$state/download.log" | sed -n '1s/ [^ ]* /: /p')"
		done <"$work/kernels"
	done
	return 1
}

# unpack_kernel KIT WORK PLACE: makes KIT/kernel, which will lie at PLACE/kernel, of what
# obtain_kernel has left.
unpack_kernel()
{
	local root=$1/kernel place=$3 headers release image
	mkdir -p "$root/usr/lib"
	ln -s usr/lib "$root/lib"
	unpack "$root" "$2/kernel.files" '/linux-[^s/][^/]*$'
	cd "$root" || return
	headers=$(echo usr/src/linux-headers-*-s390x)
	release=${headers#usr/src/linux-headers-}
	sed -i "s,/usr/src,$place/kernel/usr/src," "$headers/Makefile"
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
	note "$release, $(size_of "$root")"
}

# unpack_source TREE WORK [PATH]...: unpacks linux-source of what obtain_kernel has left, or those
# of its paths, into TREE.
unpack_source()
{
	local tree=$1 work=$2 top path
	shift 2
	mkdir "$tree"
	dpkg-deb --fsys-tarfile "$(grep '/linux-source-[^/]*$' "$work/kernel.files")" >"$work/source.tar"
	top=$(tar -tf "$work/source.tar" --wildcards '*/linux-source-*.tar.xz')
	top=$(basename "$top" .tar.xz)
	for path in "${@-}"; do
		echo "$top${path:+/$path}"
	done >"$work/members"
	tar -xOf "$work/source.tar" --wildcards '*/linux-source-*.tar.xz' | xz -dc -T0 |
		tar -x --no-same-owner --strip-components=1 -C "$tree" -T "$work/members"
	rm "$work/source.tar"
	note "$(size_of "$tree")"
}
