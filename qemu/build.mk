# SPDX-License-Identifier: GPL-2.0-only
#
# make build/ap.so       the QEMU plugin that executes the AP instructions

AP_SOURCES := $(wildcard qemu/*.c)
AP_OBJECTS := $(AP_SOURCES:qemu/%.c=$(BUILD)/qemu/%.o)
AP_CFLAGS := -fPIC -fvisibility=hidden -Iadapters \
	$(shell pkg-config --cflags glib-2.0)
AP_LIBS := $(shell pkg-config --libs libcrypto) -pthread

$(BUILD)/qemu/%.o: qemu/%.c
	@mkdir -p $(@D)
	$(show)$(CC) $(CFLAGS) $(AP_CFLAGS) -MMD -MP -c -o $@ $<

# QEMU brings the plugin interface and GLib.
$(BUILD)/ap.so: $(AP_OBJECTS) $(BUILD)/libcex.a
	$(show)$(CC) $(CFLAGS) -shared -Wl,--exclude-libs,ALL -o $@ $^ $(AP_LIBS)
ALL += $(BUILD)/ap.so

-include $(AP_OBJECTS:.o=.d)

attachment_test_SOURCES := qemu/backlog.c qemu/greeting.c qemu/watch.c
