# SPDX-License-Identifier: GPL-2.0-only
#
# make build/guestd      the program that runs a guest beside the LPAR

$(eval $(call module,sie,sie/kernel,$(VFIO)))
$(BUILD)/modules/sie.ko: sie/sie.h
LPAR_MODULES += sie

# In the LPAR: the front end, and in-guest, which share all but their main().
FRONTEND_OBJECTS := $(patsubst %.c,$(BUILD)/lpar/%.o,bytes/number.c sie/frame.c $(wildcard sie/frontend/*.c))
FRONTEND_MAINS := $(BUILD)/lpar/sie/frontend/main.o $(BUILD)/lpar/sie/frontend/in_guest.o

# json-c of s390x is the static one of apctl/build.mk's sysroot, which is read before this.
$(BUILD)/lpar/%.o: %.c | $(SYSROOT)/kit.mk
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -I. -isystem $(SYSROOT_INCLUDE) -MMD -MP -c -o $@ $<

$(BUILD)/lpar/qemu-system-s390x: $(BUILD)/lpar/sie/frontend/main.o
$(BUILD)/lpar/in-guest: $(BUILD)/lpar/sie/frontend/in_guest.o
$(BUILD)/lpar/qemu-system-s390x $(BUILD)/lpar/in-guest: $(filter-out $(FRONTEND_MAINS),$(FRONTEND_OBJECTS))
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -static -pthread -o $@ $^ -L$(SYSROOT_LIB) -ljson-c
ALL += $(BUILD)/lpar/qemu-system-s390x $(BUILD)/lpar/in-guest
LPAR_FILES += $(BUILD)/lpar/qemu-system-s390x:/usr/bin/ $(BUILD)/lpar/in-guest:/usr/bin/

# On the host
GUESTD_OBJECTS := $(OBJ)/bytes/number.o $(OBJ)/sie/frame.o $(call objects,sie/host)
sie_CFLAGS := $(shell pkg-config --cflags glib-2.0 json-c)

$(BUILD)/guestd: $(GUESTD_OBJECTS)
	$(show)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs glib-2.0 json-c)
ALL += $(BUILD)/guestd

-include $(FRONTEND_OBJECTS:.o=.d) $(GUESTD_OBJECTS:.o=.d)
