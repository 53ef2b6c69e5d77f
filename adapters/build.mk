# SPDX-License-Identifier: GPL-2.0-only
# make build/libcex.a    the machine's adapters, linked into ap.so and apd

LIBCEX_SOURCES := accelerator adapter command cursor machine pool queue rsa \
	type50 vm

LIBCEX_OBJECTS := $(LIBCEX_SOURCES:%=$(BUILD)/adapters/%.o)

ADAPTERS_CFLAGS := -pthread -fPIC -fvisibility=hidden

ALL += $(BUILD)/libcex.a

$(BUILD)/adapters/%.o: adapters/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(ADAPTERS_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libcex.a: $(LIBCEX_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

-include $(LIBCEX_OBJECTS:.o=.d)
