# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A Debian kernel for s390x: the newest one whose version begins with SERIES and
# whose packages can all be fetched. Sourced by lab/fetch.

# has STATE PACKAGE VERSION: returns whether the state's index has exactly that
# version.
has() { versions_of "$1" "$2" | grep -Fx -- "$3" >/dev/null; }

# versions_of STATE PACKAGE: prints the versions, newest first.
versions_of() { apt_in "$1" apt-cache madison "$2" | awk '{ print $3 }' | sort -Vru; }

# packages_of STATE IMAGE VERSION: prints the packages of that kernel, the
# source last. If one of them does not exist in this version, prints its name
# and returns 1. Kernels are not all split into packages in the same way.
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

# kernels_of STATE SERIES: prints a line for each kernel in the state, newest
# first: its VERSION and its packages. Kernels that lack a package are reported
# as lost.
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

# obtain_kernel WORK ARCHIVES SERIES PATTERN RELEASE...: downloads those
# packages of the newest kernel that match PATTERN, from the first release that
# has one. WORK/kernel.files lists their paths, and WORK/kernel.release names
# the release.
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

# unpack_kernel KIT WORK PLACE: fills KIT/kernel, which will be moved to
# PLACE/kernel, with what obtain_kernel has downloaded.
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

# unpack_source TREE WORK [PATH]...: unpacks linux-source, which obtain_kernel
# has downloaded, or only these paths of it, into TREE.
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
