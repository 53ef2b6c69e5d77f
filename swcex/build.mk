# SPDX-License-Identifier: GPL-2.0-only
#
# make build/swcex       the program for people

swcex_CFLAGS := -DVERSION='"$(VERSION)"'

# Of the daemon it takes the machine file and the sockets.
$(OBJ)/daemon.a: $(call objects,daemon)
	@rm -f $@
	$(show)$(AR) qcs $@ $^
$(BUILD)/swcex: $(OBJ)/swcex/main.o $(call objects,swcex) $(RUN_OBJECTS) $(OBJ)/daemon.a $(BUILD)/libcex.a
	$(show)$(CXX) $(CXXFLAGS) $(LDFLAGS) -pthread -o $@ $^ $(shell pkg-config --libs libcrypto json-c gio-2.0)
ALL += $(BUILD)/swcex
