# SPDX-License-Identifier: GPL-2.0-only
#
# make -f dkms.mk HEADERS=DIRECTORY PARTS="PATH...": builds, for the kernel whose HEADERS these are,
# the driver and the modules of the kernel that PARTS, what kernel-source has put into linux/,
# has the source of. Each uses symbols of those before it.

vfio := $(filter drivers/vfio,$(PARTS))
mdev := $(filter drivers/vfio/mdev,$(PARTS))

# $(call build,DIRECTORY,ARGUMENTS): modules get no BTF, which would need pahole.
symbols = $(wildcard $(addsuffix /Module.symvers,$(addprefix $(CURDIR)/linux/,$(vfio) $(mdev))))
build = +$(MAKE) -C $(HEADERS) M=$(1) KBUILD_EXTRA_SYMBOLS="$(symbols)" \
	CONFIG_DEBUG_INFO_BTF_MODULES= $(2) modules

.PHONY: all vfio mdev
all: mdev
	$(call build,$(CURDIR),KSOURCE=$(CURDIR)/linux)
mdev: vfio
	$(if $(mdev),$(call build,$(CURDIR)/linux/$(mdev),CONFIG_VFIO_MDEV=m))
vfio:
	$(if $(vfio),$(call build,$(CURDIR)/linux/$(vfio),CONFIG_VFIO=m CONFIG_VFIO_IOMMU_TYPE1=m CONFIG_VFIO_MDEV=))
