# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel that watches itself: the kit's own, built with what the file $options says. Sourced by
# lab/fetch, whose variables these functions use.
# shellcheck shell=sh disable=SC2154

fetch_source()
{
	packages=$(kernel_packages)
	mkdir -p "$tmp/kernel"
	cd "$tmp/kernel" || return
	apt_in "$tmp/apt" apt-get download "${packages##* }"
	unpack_source "$tmp/source"
}

# kernel_make ARGUMENT...
kernel_make()
{
	make -C "$tmp/source" -s ARCH=s390 CROSS_COMPILE=s390x-linux-gnu- O="$tmp/objects" \
		KBUILD_BUILD_VERSION=1 "$@"
}

# Fails on options that the kernel does not take.
configure_kernel()
{
	kernel_make tinyconfig
	cat "$options" >>"$tmp/objects/.config"
	kernel_make olddefconfig
	sed -n 's/^\(CONFIG_[^=]*\)=n$/# \1 is not set/p; /^CONFIG_.*=[^n]/p' "$options" |
		grep -Fvxf "$tmp/objects/.config" >"$tmp/lost" || return 0
	echo "options that the kernel does not take:"
	cat "$tmp/lost"
	return 1
}

build_kernel()
{
	kernel_make -j"$(nproc)" bzImage modules
}

install_kernel()
{
	root=$kit/kernel
	mkdir -p "$root/usr/lib" "$root/source"
	ln -s usr/lib "$root/lib"
	kernel_make INSTALL_MOD_PATH="$root" modules_install
	cp "$tmp/objects/arch/s390/boot/bzImage" "$root/image"
	cp "$tmp/objects/include/config/kernel.release" "$root/version"
	(
		cd "$tmp/objects" || return
		srctree=$tmp/source SRCARCH=s390 CC=gcc HOSTCC=gcc \
			"$tmp/source/scripts/package/install-extmod-build" "$root/headers"
	)
	# shellcheck disable=SC2046 # words
	(cd "$tmp/source" && cp -a --parents $(part source "$lab/kernels") "$root/source")
	cd "$root" || return
	ln -s "usr/lib/modules/$(cat version)" modules
	rm -f modules/build modules/source
	note "$(cat version), $(size_of "$root")"
}
