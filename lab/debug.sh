# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A debug kernel: the kit's own, built with other options. Sourced by lab/fetch.

# kernel_make WORK ARGUMENT...: runs make in WORK/objects for the source in
# WORK/source.
kernel_make()
{
	local work=$1
	shift
	make -C "$work/source" -s ARCH=s390 CROSS_COMPILE=s390x-linux-gnu- O="$work/objects" \
		KBUILD_BUILD_VERSION=1 "$@"
}

# configure_kernel WORK OPTIONS: configures the kernel as the file OPTIONS says.
# Fails if the kernel does not accept an option.
configure_kernel()
{
	local work=$1 options=$2
	kernel_make "$work" tinyconfig
	cat "$options" >>"$work/objects/.config"
	kernel_make "$work" olddefconfig
	sed -n 's/^\(CONFIG_[^=]*\)=n$/# \1 is not set/p; /^CONFIG_.*=[^n]/p' "$options" |
		grep -Fvxf "$work/objects/.config" >"$work/refused" || return 0
	echo "options that the kernel does not accept:"
	cat "$work/refused"
	return 1
}

# build_kernel WORK
build_kernel()
{
	kernel_make "$1" -j"$(nproc)" bzImage modules
}

# install_kernel KIT WORK: fills KIT/kernel with what build_kernel has built.
install_kernel()
{
	local root=$1/kernel work=$2
	mkdir -p "$root/usr/lib" "$root/source"
	ln -s usr/lib "$root/lib"
	kernel_make "$work" INSTALL_MOD_PATH="$root" modules_install
	cp "$work/objects/arch/s390/boot/bzImage" "$root/image"
	cp "$work/objects/include/config/kernel.release" "$root/version"
	(
		cd "$work/objects" || return
		srctree=$work/source SRCARCH=s390 CC=gcc HOSTCC=gcc \
			"$work/source/scripts/package/install-extmod-build" "$root/headers"
	)
	# shellcheck disable=SC2046 # words
	(cd "$work/source" && cp -a --parents $(kernel_part source) "$root/source")
	cd "$root" || return
	ln -s "usr/lib/modules/$(cat version)" modules
	rm -f modules/build modules/source
	note "$(cat version), $(size_of "$root")"
}
