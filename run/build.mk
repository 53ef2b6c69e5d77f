# SPDX-License-Identifier: GPL-2.0-only
#
# make build/run/supervisor    process 1 of a VM of swcex run

# Objects of the program swcex from this directory
run_CFLAGS := $(shell pkg-config --cflags gio-2.0) -DVERSION='"$(VERSION)"'
apctl_CFLAGS := $(run_CFLAGS)
DOCUMENT_OBJECTS := $(OBJ)/apctl/document.o $(OBJ)/apctl/document_toml.o
RUN_OBJECTS := $(call objects,run) $(OBJ)/sie/frame.o $(DOCUMENT_OBJECTS)

$(OBJ)/%.o: %.cc
	@mkdir -p $(@D)
	$(show)$(CXX) $(CXXFLAGS) $(HARDENING) -I. $($(firstword $(subst /, ,$*))_CFLAGS) -MMD -MP -c -o $@ $<

SUPERVISOR_SOURCES := $(wildcard run/guest/*.c) run/pump.c sie/frame.c
SUPERVISOR_OBJECTS := $(SUPERVISOR_SOURCES:%.c=$(BUILD)/vm/%.o)

$(BUILD)/vm/%.o: %.c
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -I. -MMD -MP -c -o $@ $<
$(BUILD)/run/supervisor: $(SUPERVISOR_OBJECTS)
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -static -s -o $@ $^
ALL += $(BUILD)/run/supervisor

# Runs in the LPAR of a run that has guests.
LPAR_FILES += run/lend:/usr/lib/swcex/

-include $(RUN_OBJECTS:.o=.d) $(SUPERVISOR_OBJECTS:.o=.d)
