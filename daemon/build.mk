# SPDX-License-Identifier: GPL-2.0-only
#
# make build/apd         the daemon that serves adapters to VMs

$(BUILD)/apd: $(BUILD)/daemon/main.o $(call objects,daemon swcex) $(BUILD)/libcex.a
	$(show)$(CC) $(CFLAGS) -pthread -o $@ $^ $(shell pkg-config --libs libcrypto json-c)
ALL += $(BUILD)/apd
