# SPDX-License-Identifier: GPL-2.0-only
#
# make check [TEST=name,...]   every test, or those named: unit/queue_test, queue_test, unit
# make check-unit              the tests in user space
# make check-static            style and static analysis
#
# tests/unit/NOUN_test.c becomes $(BUILD)/tests/unit/NOUN_test. It includes the .c file
# that it tests; NOUN_test_SOURCES names further .c files to build in.

TESTS := $(patsubst tests/unit/%.c,unit/%,$(sort $(wildcard tests/unit/*_test.c))) \
	$(patsubst tests/%,%,$(sort $(wildcard tests/static/*)))

comma := ,
selected = $(foreach t,$(subst $(comma), ,$(1)),$(or \
	$(filter $(t) $(t)/% %/$(t),$(TESTS)), \
	$(error there is no test $(t); the tests are: $(TESTS))))
SELECTED = $(if $(TEST),$(call selected,$(TEST)),$(TESTS))

# What has to be there before the tests $(1) can run.
needed = $(addprefix $(BUILD)/tests/,$(filter unit/%,$(1)))

UNIT_PACKAGES = cmocka libcrypto glib-2.0 json-c
UNIT_CFLAGS = $(CFLAGS) -I. -Iadapters -g -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	$(shell pkg-config --cflags $(UNIT_PACKAGES))
UNIT_LIBS = -Wl,--as-needed $(shell pkg-config --libs $(UNIT_PACKAGES)) -pthread

$(BUILD)/tests/unit/%_test: tests/unit/%_test.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -MMD -MP -o $@ $< $($*_test_SOURCES) $(UNIT_LIBS)

-include $(wildcard $(BUILD)/tests/unit/*.d)

.PHONY: check check-unit check-static
check: $(call needed,$(SELECTED)) $(if $(filter static/%,$(SELECTED)),lint)
	@KSOURCE=$(KSOURCE) tests/run $(BUILD) $(SELECTED)
check-unit: $(call needed,$(filter unit/%,$(TESTS)))
	@tests/run $(BUILD) $(filter unit/%,$(TESTS))
check-static: lint
	@KSOURCE=$(KSOURCE) tests/run $(BUILD) $(filter static/%,$(TESTS))

.PHONY: lint
lint:
	@lab/fetch lint
