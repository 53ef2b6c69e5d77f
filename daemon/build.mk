# SPDX-License-Identifier: GPL-2.0-only
#
# make build/swcexd      the daemon that serves adapters to VMs

daemon_CFLAGS := -DVERSION='"$(VERSION)"'

$(BUILD)/swcexd: $(OBJ)/daemon/main.o $(call objects,daemon) $(BUILD)/libcex.a
	$(show)$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^ $(shell pkg-config --libs libcrypto libseccomp json-c)
ALL += $(BUILD)/swcexd
