# SPDX-License-Identifier: GPL-2.0-only
#
# make build/libcex.a    the machine's adapters, linked into apd and ap.so
# make build/apd         the daemon that serves them to VMs
# make build/apstat      a live view of their queues

LIBCEX_SOURCES := accelerator adapter aes bell builder cca cca_aes cca_cipher cca_ec \
	cca_facility cca_key cca_master_key cca_random cca_rsa cca_token_change command \
	configuration cpacf cprbx cursor domain ep11 ep11_admin ep11_asn1 ep11_cipher ep11_cprb \
	ep11_info ep11_key ep11_keygen ep11_random ep11_single ep11_template ep11_wrap fault \
	intercept latency machine mdc4 pool queue rsa state type50 type6 vm
APD_SOURCES := absent acceptor apd ask changes connection control control_command folder journal keeper \
	key_console key_file listener log loop machine_file number process sealed status store vm_name
APSTAT_SOURCES := apstat ask folder latency listener log look number

LIBCEX_OBJECTS := $(LIBCEX_SOURCES:%=$(BUILD)/adapters/%.o)
APD_OBJECTS := $(APD_SOURCES:%=$(BUILD)/adapters/%.o)
APSTAT_OBJECTS := $(APSTAT_SOURCES:%=$(BUILD)/adapters/%.o)
APD_LIBS := $(shell pkg-config --libs libcrypto json-c)

ADAPTERS_CFLAGS := -pthread -fPIC -fvisibility=hidden

$(BUILD)/adapters/%.o: adapters/%.c
	@mkdir -p $(@D)
	$(show)$(CC) $(CFLAGS) $(ADAPTERS_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libcex.a: $(LIBCEX_OBJECTS)
	@rm -f $@
	$(show)$(AR) rcs $@ $^
ALL += $(BUILD)/libcex.a

$(BUILD)/apd: $(APD_OBJECTS) $(BUILD)/libcex.a
	$(show)$(CC) $(CFLAGS) -pthread -o $@ $^ $(APD_LIBS)
ALL += $(BUILD)/apd

$(BUILD)/apstat: $(APSTAT_OBJECTS)
	$(show)$(CC) $(CFLAGS) -o $@ $^ $(shell pkg-config --libs json-c)
ALL += $(BUILD)/apstat

# Tests of several files together.
acceptor_test_SOURCES := $(foreach f,folder listener log loop,adapters/$(f).c)
cex_test_SOURCES := $(LIBCEX_SOURCES:%=adapters/%.c)
control_domain_test_SOURCES := $(cex_test_SOURCES)
adapter_test_SOURCES := $(filter-out adapters/adapter.c,$(cex_test_SOURCES))
connection_test_SOURCES := $(cex_test_SOURCES) adapters/absent.c adapters/acceptor.c adapters/changes.c \
	$(foreach f,folder keeper key_file listener log loop process sealed store vm_name,adapters/$(f).c)
control_test_SOURCES := $(connection_test_SOURCES) adapters/ask.c adapters/control_command.c \
	adapters/key_console.c adapters/number.c adapters/status.c
domain_test_SOURCES := adapters/mdc4.c
listener_test_SOURCES := adapters/folder.c
look_test_SOURCES := adapters/latency.c
queue_test_SOURCES := adapters/mdc4.c
state_test_SOURCES := $(filter-out adapters/state.c,$(cex_test_SOURCES))
store_test_SOURCES := $(foreach f,folder key_file log sealed,adapters/$(f).c)
keeper_test_SOURCES := $(filter-out adapters/keeper.c,$(control_test_SOURCES)) adapters/control.c \
	adapters/connection.c
journal_test_SOURCES := $(cex_test_SOURCES) $(foreach f,log loop vm_name,adapters/$(f).c)
key_console_test_SOURCES := $(cex_test_SOURCES) adapters/number.c
machine_file_test_SOURCES := $(cex_test_SOURCES) adapters/number.c

ep11_files := $(filter adapters/ep11%,$(cex_test_SOURCES)) \
	$(foreach f,aes builder cpacf cursor domain mdc4 type6,adapters/$(f).c)
$(foreach t,ep11 ep11_admin,\
	$(eval $(t)_test_SOURCES := $(filter-out adapters/$(t).c,$(ep11_files))))

CCA_TESTS := cca cca_aes cca_cipher cca_ec cca_master_key cca_rsa cca_token_change
cca_files := $(filter adapters/cca%,$(cex_test_SOURCES)) \
	$(foreach f,aes builder cpacf cprbx cursor domain mdc4 rsa type6,adapters/$(f).c)
$(foreach t,$(CCA_TESTS),\
	$(eval $(t)_test_SOURCES := $(filter-out adapters/$(t).c,$(cca_files))))

$(foreach t,$(CCA_TESTS) adapter cex connection control control_domain ep11 ep11_admin journal keeper key_console look \
		machine_file state store,\
	$(eval $(BUILD)/tests/unit/$(t)_test: $($(t)_test_SOURCES) $(wildcard adapters/*.h)))

-include $(LIBCEX_OBJECTS:.o=.d) $(APD_OBJECTS:.o=.d) $(APSTAT_OBJECTS:.o=.d)
