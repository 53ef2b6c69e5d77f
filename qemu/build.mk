# SPDX-License-Identifier: GPL-2.0-only
#
# make build/swcex.so       the QEMU plugin that executes the AP instructions

qemu_CFLAGS := $(shell pkg-config --cflags glib-2.0) -DVERSION='"$(VERSION)"'

# QEMU brings the plugin interface and GLib.
$(BUILD)/swcex.so: $(call objects,qemu) $(BUILD)/libcex.a
	$(show)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,--exclude-libs,ALL -o $@ $^ $(shell pkg-config --libs libcrypto) -pthread
ALL += $(BUILD)/swcex.so
