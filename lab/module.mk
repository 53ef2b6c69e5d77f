# SPDX-License-Identifier: GPL-2.0-only

# Modules are built without BTF, so the version of pahole, which adds it, does
# not matter.
MODULE_FLAGS = ARCH=s390 CROSS_COMPILE=$(KCOMPILER) \
	CONFIG_DEBUG_INFO_BTF_MODULES= PAHOLE_VERSION='$$(CONFIG_PAHOLE_VERSION)'

# $(call module,NAME,DIRECTORY,MODULES,ARGUMENTS): the rule that builds kernel module NAME.
# DIRECTORY's sources are linked to $(BUILD)/modules/NAME/ and built there by its Kbuild file,
# which may use $(TOP) and $(KSOURCE). MODULES: the names of those whose exported symbols
# it uses. ARGUMENTS: variables for kbuild.

define module
$(BUILD)/modules/$(1).ko: $(wildcard $(2)/*.[ch] $(2)/Kbuild $(2)/Makefile abi/*.h) \
		$(foreach m,$(3),$(BUILD)/modules/$(m).ko)
	@echo "module $(1)"
	@mkdir -p $$(@D)/$(1)
	@find $$(@D)/$(1) -type l -delete
	@ln -s $(foreach f,$(wildcard $(2)/*.[ch] $(firstword $(wildcard $(2)/Kbuild $(2)/Makefile))),$(abspath $(f))) $$(@D)/$(1)/
	@+$$(MAKE) --no-print-directory -s -C $$(KHEADERS) M=$$(abspath $$(@D))/$(1) \
		$$(MODULE_FLAGS) \
		TOP=$$(CURDIR) KSOURCE=$$(abspath $$(KSOURCE)) KCFLAGS=-Werror \
		KBUILD_EXTRA_SYMBOLS="$$(foreach m,$(3),$$(abspath $$(@D))/$$(m)/Module.symvers)" \
		$(4) modules
	@cp $$(@D)/$(1)/$(1).ko $$@
ALL += $(BUILD)/modules/$(1).ko
endef

# The module whose symbols users of VFIO need, unless the kernel itself has
# VFIO.
VFIO := $(if $(shell grep -s '^CONFIG_VFIO=' $(KHEADERS)/include/config/auto.conf),,vfio)

# The module with the ciphers of protected keys, if the kernel has what it needs.
PAES := $(if $(shell grep -s '^CONFIG_CRYPTO_MANAGER=' $(KHEADERS)/include/config/auto.conf),paes_s390)
