# SPDX-License-Identifier: GPL-2.0-only
#
# make fetch             fetches what the lab needs, once for all clones
# make run               plays the whole scenario: adapters, LPAR, driver, two guests
# make kit-bundle        writes what was fetched to one file, $(KIT_BUNDLE): for machines without a network
# make shell             the same machine with the LPAR's console on this terminal
#
# Read after the other directories' build.mk, which may add to
#   LPAR_MODULES, GUEST_MODULES	names of modules that modprobe shall find in the VM
#   LPAR_FILES, GUEST_FILES	SOURCE:DESTINATION, the latter a path or a DIRECTORY/

.PHONY: fetch kit-bundle run shell
KITS = $(sort $(STOCK_KIT) $(KIT) $(SYSROOT))
fetch: $(SYSROOT)/kit.mk
	@echo "$(KIT) is complete"
# A fetch with SWCEX_BUNDLE=FILE takes the kit from there.
KIT_BUNDLE = $(BUILD)/kit.tar.xz
kit-bundle: $(SYSROOT)/kit.mk
	@lab/fetch bundle $(KIT_BUNDLE) $(KITS)
run: all
	@BUILD=$(BUILD) lab/run lab/scenario/play
shell: all
	@BUILD=$(BUILD) lab/run shell

# Debian's s390x kernel lacks mdev, and that of 6.1 all of VFIO.
$(eval $(call module,mdev,$(KSOURCE)/drivers/vfio/mdev,,CONFIG_VFIO_MDEV=m))
LPAR_MODULES += mdev
ifneq ($(VFIO),)
$(eval $(call module,vfio,$(KSOURCE)/drivers/vfio,,CONFIG_VFIO=m CONFIG_VFIO_IOMMU_TYPE1=m))
$(BUILD)/modules/vfio_iommu_type1.ko: $(BUILD)/modules/vfio.ko
	@cp $(@D)/vfio/$(@F) $@
LPAR_MODULES += vfio vfio_iommu_type1
endif

# Debian's s390x kernels lack the client of secure keys and its ciphers as well. The client is in
# one piece up to Linux 6.10. Later, it requests the modules of those handlers that its
# configuration has.
PKEY_HANDLERS := cca ep11 pckmo
PKEY_OPTIONS := $(shell echo $(PKEY_HANDLERS:%=CONFIG_PKEY_%) | tr a-z A-Z)
$(eval $(call module,pkey,$(KSOURCE)/drivers/s390/crypto,,CONFIG_AP= CONFIG_ZCRYPT= CONFIG_VFIO_AP= \
	CONFIG_PKEY=m $(addsuffix =m,$(PKEY_OPTIONS)) CFLAGS_pkey_base.o='$(PKEY_OPTIONS:%=-D%_MODULE)'))
$(BUILD)/modules/pkey.ko: lab/build.mk
$(BUILD)/modules/pkey-%.ko: $(BUILD)/modules/pkey.ko
	@cp $(@D)/pkey/pkey-$*.ko $@
PKEY := pkey $(patsubst $(KSOURCE)/drivers/s390/crypto/pkey_%.c,pkey-%, \
	$(wildcard $(PKEY_HANDLERS:%=$(KSOURCE)/drivers/s390/crypto/pkey_%.c)))

# The sources of other ciphers are in the same directory. PAES is empty where the kernel has no
# framework for ciphers.
OTHER_CIPHERS := $(shell sed -n '/PAES/!s/^obj-\$$(\([A-Z0-9_]*\)).*/\1=/p' $(KSOURCE)/arch/s390/crypto/Makefile)
ifneq ($(PAES),)
$(eval $(call module,paes_s390,$(KSOURCE)/arch/s390/crypto,pkey,CONFIG_CRYPTO_PAES_S390=m $(OTHER_CIPHERS)))
endif
LPAR_MODULES += $(PKEY) $(PAES)
GUEST_MODULES += $(PKEY) $(PAES)

# The settings that lab/vm needs.
$(BUILD)/lab/config: Makefile lab/build.mk $(KIT)/kit.mk
	@mkdir -p $(@D)
	@printf '%s\n' KIT='$(KIT)' KIMAGE='$(KIMAGE)' QEMU='$(QEMU)' \
		BUILD='$(abspath $(BUILD))' >$@

# The initramfs of a role consists of the part that boots, followed by what the
# role needs.
$(BUILD)/lab/boot.cpio: lab/image lab/initramfs-init $(KIT)/kit.mk
	@mkdir -p $(@D)
	@lab/image boot $@ $(KIT)

LAB_ROOT := $(shell find lab/root -type f)

# $(call initramfs,ROLE,MODULES,FILES)
define initramfs
$(BUILD)/lab/$(1).payload: lab/image $(LAB_ROOT) $(wildcard */build.mk) \
		$(foreach f,$(3),$(firstword $(subst :, ,$(f)))) \
		$(foreach m,$(2),$(BUILD)/modules/$(m).ko)
	@echo "payload $(1)"
	@mkdir -p $$(@D)
	@lab/image payload $$@ $(KIT) $(foreach m,$(2),$(BUILD)/modules/$(m).ko) $(3)

$(BUILD)/lab/$(1).cpio: $(BUILD)/lab/boot.cpio $(BUILD)/lab/$(1).payload
	@cat $$^ >$$@.part && mv $$@.part $$@

ALL += $(BUILD)/lab/$(1).cpio
endef
$(eval $(call initramfs,lpar,$(LPAR_MODULES),$(LPAR_FILES)))
$(eval $(call initramfs,guest,$(GUEST_MODULES),$(GUEST_FILES)))

ALL += $(BUILD)/lab/config
