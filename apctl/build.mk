# SPDX-License-Identifier: GPL-2.0-only
#
# make build/apctl       the administrator's tool for this machine, with its shared libraries
# make build/lpar/apctl  the same for s390x, static: one file for a VM or an IBM Z

include apctl/native.mk

# Headers and static libraries of s390x: see lab/sysroot.sh.
SYSROOT := $(shell lab/kit-name sysroot)
SYSROOT_INCLUDE := $(SYSROOT)/usr/include
SYSROOT_LIB := $(SYSROOT)/usr/lib/s390x-linux-gnu
$(SYSROOT)/kit.mk: | $(BUILD)/host.mk
	@lab/fetch sysroot $(SYSROOT)

$(BUILD)/lpar/static/%.o: APCTL_CFLAGS := -I. -isystem $(SYSROOT_INCLUDE)/glib-2.0 \
	-isystem $(SYSROOT_LIB)/glib-2.0/include -isystem $(SYSROOT_INCLUDE)
$(BUILD)/lpar/static/%.o: %.c | $(SYSROOT)/kit.mk
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) $(HARDENING_ANYWHERE) $(APCTL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/lpar/static/%.o: %.cc | $(SYSROOT)/kit.mk
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)g++ $(CXXFLAGS) $(HARDENING_ANYWHERE) $(APCTL_CFLAGS) -MMD -MP -c -o $@ $<

# The C library warns of lookups of users. GLib has functions that do these, but
# apctl does not call them.
$(BUILD)/lpar/apctl: $(APCTL_OBJECTS:%=$(BUILD)/lpar/static/%)
	$(show)$(CROSS_COMPILE)g++ $(CXXFLAGS) -static -Wl,--no-warnings -o $@ $^ -L$(SYSROOT_LIB) \
		-lglib-2.0 $(patsubst $(SYSROOT_LIB)/lib%.a,-l%,$(wildcard $(SYSROOT_LIB)/libsysprof-capture-4.a)) \
		-lpcre2-8 -ljson-c -lm -pthread
ALL += $(BUILD)/lpar/apctl
LPAR_FILES += $(BUILD)/lpar/apctl:/usr/sbin/ apctl/callout.sh:/usr/lib/mdevctl/scripts.d/callouts/apctl

# Tests compare apctl with chzdev.
CHZDEV := $(addprefix $(SYSROOT)/later/,chzdev libjson-c.so.5)
$(CHZDEV): | $(SYSROOT)/kit.mk
LPAR_FILES += $(CHZDEV:%=%:/usr/lib/later/)

# Tests link these objects of other rooms with the room.
$(BUILD)/unit/apctl.a: $(addprefix $(BUILD)/unit/,apctl/document_toml.o bytes/number.o driver/matrix.o driver/parse.o)
$(BUILD)/unit/apctl/%.o: apctl/%.cc
	@mkdir -p $(@D)
	$(show)$(CXX) $(patsubst -std=%,-std=gnu++17,$(UNIT_CFLAGS)) -MMD -MP -c -o $@ $<

-include $(wildcard $(BUILD)/lpar/static/*/*.d)
