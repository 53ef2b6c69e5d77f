# SPDX-License-Identifier: GPL-2.0-only
#
# make build/apstat      a live view of the queues that a daemon serves

$(BUILD)/apstat: $(BUILD)/swcex/main.o $(call objects,swcex daemon) $(BUILD)/libcex.a
	$(show)$(CC) $(CFLAGS) -pthread -o $@ $^ $(shell pkg-config --libs libcrypto json-c)
ALL += $(BUILD)/apstat
