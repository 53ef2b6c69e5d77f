# SPDX-License-Identifier: GPL-2.0-only
#
# make build/libcex.a    the machine's adapters, linked into the daemon and the plugin
#
# How the rooms of user space are built. A room is a directory whose C files end up in the same
# programs; docs/architecture.md has the table of all, and of what each may include.
#
# - ROOM/NOUN.c becomes $(OBJ)/ROOM/NOUN.o, with ROOM_CFLAGS beside the common ones.
# - ROOM/main.c is a program's main(), and belongs to no library.
# - $(call objects,ROOM...) names what the files of these rooms become.

LIBCEX_ROOMS := bytes card cca ep11 cex

OBJ := $(BUILD)/obj
objects = $(patsubst %.c,$(OBJ)/%.o,$(filter-out %/main.c,$(wildcard $(1:%=%/*.c))))

$(OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(show)$(CC) $(CFLAGS) $(HARDENING) -I. -pthread -fPIC -fvisibility=hidden $($(firstword $(subst /, ,$*))_CFLAGS) \
		-MMD -MP -c -o $@ $<

# Files of different rooms may have the same name, which `ar r` would take for one file.
$(BUILD)/libcex.a: $(call objects,$(LIBCEX_ROOMS))
	@rm -f $@
	$(show)$(AR) qcs $@ $^
ALL += $(BUILD)/libcex.a

-include $(wildcard $(addsuffix /*.d,$(addprefix $(OBJ)/,$(LIBCEX_ROOMS) daemon swcex qemu)))
