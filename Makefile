# SPDX-License-Identifier: GPL-2.0-only
#
# make all               everything that is built (what plain make does); V=1 shows how
# make help              this list
# make clean             removes what was built
# make clean-cache       removes what was fetched, for every clone
# make distclean         both
# make install-apctl     the administrator's tool, built for this machine: docs/administration.md
# make install-driver    the driver's source to $(DESTDIR)/usr/src, where dkms(8) builds it: docs/install.md
#
# make TARGET KERNEL=6.1 any of them with another kernel than 6.12: lab/kernels has their names
#
# Conventions for the build.mk of each directory
#
# - Lines at its head of the form "# make TARGET   sentence" are what `make help` shows.
# - Products lie under $(BUILD); what `make all` builds is added to ALL. Paths are
#   relative to this directory, where every command runs.
# - Before any build.mk is read, the host's packages are installed and the kit is there:
#   no rule depends on them. Goals listed in NO_KIT need the former only.
# - A recipe's line that starts with $(show) is shown as the name of what it makes; as a
#   whole with V=1.
# - User space: $(CC) $(CFLAGS) $(HARDENING), and to link $(CC) $(CFLAGS) $(LDFLAGS). For s390x:
#   $(CROSS_COMPILE)gcc $(CFLAGS).
#   Libraries: NAME_CFLAGS := $(shell pkg-config --cflags PACKAGE).
# - A kernel module NAME built from DIRECTORY, which holds a Kbuild file, is one line,
#       $(eval $(call module,NAME,DIRECTORY,OTHER MODULES WHOSE SYMBOLS IT USES))
#   and makes $(BUILD)/modules/NAME.ko; see lab/module.mk.
# - What a VM needs is added to LPAR_MODULES, LPAR_FILES, GUEST_MODULES or GUEST_FILES; see
#   lab/build.mk.

# Another kernel than the kit's own, if KERNEL names one.
OTHER_KERNEL := $(filter-out $(shell sed -n 's/^linux	//p' lab/parts),$(KERNEL))
VERSION := $(shell cat VERSION)
BUILD := build$(OTHER_KERNEL:%=/linux-%)
# The PATH of an ordinary user's login has no sbin; depmod and others are there.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin
CROSS_COMPILE := s390x-linux-gnu-
show = $(if $(V),,@echo 'make $@';)
CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror

include hardening.mk

# The kit: what lab/fetch unpacks once for all clones; and the same with another kernel, or the
# very same.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/swcex
STOCK_KIT := $(shell lab/kit-name)
KIT := $(shell lab/kit-name $(OTHER_KERNEL))

# May be overridden on the command line.
KHEADERS = $(KIT)/kernel/headers
KSOURCE = $(KIT)/kernel/source
KMODULES = $(KIT)/kernel/modules
KIMAGE = $(KIT)/kernel/image
# The compiler for kernel modules, which has to be as young as the kernel's.
KCOMPILER = $(if $(wildcard $(KIT)/compiler),$(KIT)/compiler/usr/bin/)$(CROSS_COMPILE)
QEMU = $(KIT)/qemu-system-s390x

NO_KIT := check-unit mutants coverage $(BUILD)/tests/unit/% $(BUILD)/apctl $(BUILD)/lpar/apctl programs install deb check-packages
NO_HOST := help clean clean-cache distclean install-driver install-apctl
GOALS := $(or $(MAKECMDGOALS),all)

.PHONY: all help clean clean-cache distclean
.DELETE_ON_ERROR:
# Make's own rules would make lab/parts of lab/parts.sh.
.SUFFIXES:
all:

# GNU make makes missing included makefiles first and then starts again. It considers the
# last one first, and has to meet host.mk itself before it does as what kit.mk depends on.
ifneq ($(filter-out $(NO_HOST) $(NO_KIT),$(GOALS)),)
include $(KIT)/kit.mk
KIT_PARTS = $(KHEADERS)/Makefile $(KSOURCE)/drivers/s390/crypto/ap_bus.h \
	$(KMODULES)/modules.dep $(KIMAGE) $(QEMU) $(KIT)/busybox $(KIT)/root.squashfs
ifneq ($(wildcard $(KIT)/kit.mk),)
KIT_LACKS := $(filter-out $(wildcard $(KIT_PARTS)),$(KIT_PARTS))
$(if $(KIT_LACKS),$(error $(KIT_LACKS): missing; `make clean-cache` lets the kit be fetched anew))
endif
endif
ifneq ($(filter-out $(NO_HOST),$(GOALS)),)
include $(BUILD)/host.mk
endif

$(BUILD)/host.mk: lab/parts
	@lab/fetch host
	@mkdir -p $(@D) && : >$@

$(STOCK_KIT)/kit.mk: | $(BUILD)/host.mk
	@lab/fetch kit $(STOCK_KIT)
ifneq ($(KIT),$(STOCK_KIT))
$(KIT)/kit.mk: | $(STOCK_KIT)/kit.mk
	@lab/fetch kernel $(OTHER_KERNEL) $(KIT) $(STOCK_KIT)
endif

ifneq ($(wildcard $(BUILD)/host.mk),)
include lab/module.mk rooms.mk $(filter-out lab/build.mk,$(sort $(wildcard */build.mk))) lab/build.mk
endif

all: $(ALL)

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile rooms.mk $(wildcard */build.mk)

clean:
	rm -rf $(BUILD)

clean-cache:
	rm -rf $(CACHE)

distclean: clean clean-cache

DRIVER_VERSION = $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' driver/dkms.conf)
DRIVER_SOURCE = $(DESTDIR)/usr/src/vfio-ap-$(DRIVER_VERSION)
.PHONY: install-driver
install-driver:
	install -d $(DRIVER_SOURCE)
	install -m 644 driver/*.[ch] driver/Kbuild driver/dkms.conf driver/dkms.mk $(DRIVER_SOURCE)
	install driver/kernel-source $(DRIVER_SOURCE)

.PHONY: install-apctl
install-apctl:
	@$(MAKE) --no-print-directory -f apctl/native.mk apctl-install BUILD=$(BUILD) DESTDIR=$(DESTDIR) show=$(if $(V),,@)
