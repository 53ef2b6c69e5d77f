# SPDX-License-Identifier: GPL-2.0-only
#
# apctl for this machine, with its shared libraries. This is read by
# apctl/build.mk, and alone by `make install-apctl`, which needs neither kit nor
# cross compiler, as an IBM Z has a compiler of its own.

BUILD ?= build
CFLAGS ?= -std=gnu11 -O2 -g -Wall -Wextra -Werror
APCTL_SOURCES := $(sort $(wildcard apctl/*.c)) bytes/number.c driver/matrix.c driver/parse.c
APCTL_OBJECTS := $(APCTL_SOURCES:%.c=%.o) apctl/document_toml.o
APCTL_PACKAGES := glib-2.0 json-c
include hardening.mk
CXXFLAGS := $(patsubst -std=%,-std=gnu++17,$(CFLAGS))

$(BUILD)/native/%.o: APCTL_CFLAGS := -I. $(shell pkg-config --cflags $(APCTL_PACKAGES))
$(BUILD)/native/%.o: %.c
	@mkdir -p $(@D)
	$(show)$(CC) $(CFLAGS) $(HARDENING) $(APCTL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/native/%.o: %.cc
	@mkdir -p $(@D)
	$(show)$(CXX) $(CXXFLAGS) $(HARDENING) $(APCTL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/apctl: $(APCTL_OBJECTS:%=$(BUILD)/native/%)
	$(show)$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(APCTL_PACKAGES))
ALL += $(BUILD)/apctl

.PHONY: apctl-install
apctl-install: $(BUILD)/apctl
	install -D $< $(DESTDIR)/usr/sbin/apctl
	install -D apctl/callout.sh $(DESTDIR)/usr/lib/mdevctl/scripts.d/callouts/apctl
	install -D -m 644 -t $(DESTDIR)/usr/share/man/man8 docs/man/apctl.8
	install -D -m 644 -t $(DESTDIR)/usr/share/man/man4 docs/man/vfio_ap.4
	install -d $(DESTDIR)/usr/share/bash-completion/completions
	$< completion >$(DESTDIR)/usr/share/bash-completion/completions/apctl

-include $(wildcard $(addprefix $(BUILD)/native/,apctl/*.d bytes/*.d driver/*.d))
