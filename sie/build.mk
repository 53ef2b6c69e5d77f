# SPDX-License-Identifier: GPL-2.0-only
#
# make build/guestd      the program that runs a guest beside the LPAR

$(eval $(call module,sie,sie/kernel,$(VFIO)))
$(BUILD)/modules/sie.ko: sie/sie.h
LPAR_MODULES += sie

# In the LPAR: the front end, and in-guest, which share all but their main().
FRONTEND_OBJECTS := $(patsubst sie/%.c,$(BUILD)/lpar/%.o,sie/frame.c $(wildcard sie/frontend/*.c))
FRONTEND_MAINS := $(BUILD)/lpar/frontend/main.o $(BUILD)/lpar/frontend/in_guest.o

$(BUILD)/lpar/%.o: sie/%.c
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -I. -MMD -MP -c -o $@ $<

$(BUILD)/lpar/qemu-system-s390x: $(BUILD)/lpar/frontend/main.o
$(BUILD)/lpar/in-guest: $(BUILD)/lpar/frontend/in_guest.o
$(BUILD)/lpar/qemu-system-s390x $(BUILD)/lpar/in-guest: $(filter-out $(FRONTEND_MAINS),$(FRONTEND_OBJECTS))
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -static -pthread -o $@ $^
ALL += $(BUILD)/lpar/qemu-system-s390x $(BUILD)/lpar/in-guest
LPAR_FILES += $(BUILD)/lpar/qemu-system-s390x:/usr/bin/ $(BUILD)/lpar/in-guest:/usr/bin/

# On the host
GUESTD_OBJECTS := $(patsubst sie/%.c,$(BUILD)/sie/%.o,sie/frame.c $(wildcard sie/host/*.c))
GUESTD_CFLAGS := $(shell pkg-config --cflags glib-2.0)
GUESTD_LIBS := $(shell pkg-config --libs glib-2.0)

$(BUILD)/sie/%.o: sie/%.c
	@mkdir -p $(@D)
	$(show)$(CC) $(CFLAGS) $(HARDENING) -I. -fPIC $(GUESTD_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/guestd: $(GUESTD_OBJECTS)
	$(show)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(GUESTD_LIBS)
ALL += $(BUILD)/guestd

-include $(FRONTEND_OBJECTS:.o=.d) $(GUESTD_OBJECTS:.o=.d)

