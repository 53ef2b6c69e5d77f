#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Install the driver as on an IBM Z: Debian's dkms builds it from what `make
# install-driver` installs, the kernel's headers and linux-source; then an LPAR
# loads what dkms has installed.
#
# timeout: 240
. tests/vms.sh
. "$BUILD/lab/config"

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' driver/dkms.conf)
kernel=$(cat "$KIT/kernel/version")
series=$(echo "$kernel" | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')
root=$run/root
mkdir -p "$root/var" "$root/modules/$kernel"

# Run dkms for the kernel of an LPAR, in a root of its own. Even there it
# installs only as root. fakeroot needs no user namespaces, which containers do
# not permit.
dkms_for_s390x()
{
	ARCH=s390 CROSS_COMPILE=s390x-linux-gnu- fakeroot dkms "$@" -m vfio-ap -v "$version" \
		--sourcetree "$root/usr/src" --dkmstree "$root/var" --installtree "$root/modules"
}
for_kernel() { command=$1; shift; dkms_for_s390x "$command" -k "$kernel" -a s390x "$@"; }

check "its source is installed" make -s install-driver DESTDIR="$root"
check "dkms takes it" dkms_for_s390x add
not() { ! "$@"; }
check "without linux-source it builds nothing" not for_kernel build --kernelsourcedir "$KHEADERS"
same "and says which" "vfio_ap needs drivers/s390/crypto/ap_bus.h of Linux $series: install the package linux-source-$series" \
	"$(printf '%s\n' "$said" | grep '^vfio_ap needs')"
tar -cJf "$root/usr/src/linux-source-$series.tar.xz" -C "$KSOURCE" --transform "s,^,linux-source-$series/," drivers
check "dkms builds it" for_kernel build --kernelsourcedir "$KHEADERS"
check "dkms puts it where modules are" for_kernel install --kernelsourcedir "$KHEADERS" --no-depmod
find "$root/modules" -name '*.ko*'
mksquashfs "$root/modules/$kernel/updates/dkms" "$run/modules" -quiet -no-progress

machine tests/lpar.machine
boot lpar -a "$run/swcexd.socket" lpar \
	-blockdev driver=file,node-name=modules,filename="$run/modules",read-only=on,auto-read-only=on \
	-device virtio-blk-ccw,drive=modules,serial=modules
script <<'END'
check "sie is loaded" modprobe sie
mkdir /run/modules
disk=$(grep -lx modules /sys/block/vd*/serial | cut -d/ -f4)
check "what dkms has built is there" mount -t squashfs "/dev/$disk" /run/modules
modprobe -a vfio_iommu_type1
for module in mdev vfio_ap; do
	check "$module is loaded" insmod /run/modules/$module.ko
done
takes /sys/bus/ap/apmask -5,-6
check "vfio_ap gets adapters 05 and 06" wait_until 10 all_driven_by vfio_ap "$passable"
create 1
give 1 5 4
shows "$(mdev 1)/guest_matrix" 05.0004
takes "$(mdev 1)/remove" 1
unload
END
the_end
