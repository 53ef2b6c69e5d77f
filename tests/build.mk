# SPDX-License-Identifier: GPL-2.0-only
#
# make check [TEST=name,...]   every test, or those named: unit/queue_test, queue_test, unit
# make check-unit              the tests in user space
# make check-static            style and static analysis
# make check-driver [DRIVER=intree]   the tests in an LPAR, with this driver or the in-tree one
# make check-kernels           the tests in an LPAR and in VMs on each other kernel of Debian that lab/kernels has
# make check-newcomer          what README.md says, in fresh Debian trees, as a user and as root
# make check-roots             Debian's root file systems, which swcex run makes of packages: ROOTS=bookworm
# make check-boots             a systemd LPAR with persistent masks and devices boots, and has all of them: BOOTS=10, SUITE=trixie
# make check-libvirt           a stock libvirt in an LPAR starts, changes and ends guests with queues: SUITE=bookworm, CASES=
# make check-clients           software that others wrote runs its own tests on adapters: CLIENTS=
# make check-lockdep           check-driver on a kernel that watches its locks and lets allocations fail
# make fuzz [TIME=60] [TEST=...]    every fuzz test for so many seconds, on inputs of its own
# make seeds                   the inputs that fuzz tests begin with, made anew of what unit tests send
# make mutants [FILE=...] [SEED=1] [N=25]   small changes of decisive files, and which of them no unit test notices
# make coverage                how many lines and branches of each room unit and fuzz tests execute
# make soak [SECONDS=600] [SEED=...]   a hostile guest for so many seconds
# make bench [BENCH=section,...]   how fast everything is, side by side, and build/bench.json: docs/performance.md
# make performance             docs/performance.md and its pictures, of build/bench.json
#
# tests/unit/ROOM/NOUN_test.c becomes $(BUILD)/tests/unit/ROOM/NOUN_test. It includes the .c file
# that it tests, and is linked with what else the room and those below it have.
#
# tests/fuzz/NOUN.c becomes $(BUILD)/tests/fuzz/NOUN, with libFuzzer and what it uses of all rooms.
#
# tests/bare/NOUN.c becomes $(BUILD)/tests/bare/NOUN, an s390x image without a kernel.
# tests/guest/ has programs that the tests and the scenario run in VMs.

BARE_MACHINE := tests/bare/start.S tests/bare/machine.c tests/bare/verdict.c
# Scripts that need another kernel than the kit's own are for that one only.
LPAR_TESTS := $(sort $(wildcard tests/lpar/*.sh))
LPAR_TESTS := $(filter-out $(foreach s,$(shell grep -l '^# kernel: ' $(LPAR_TESTS)), \
	$(if $(filter $(KERNEL),$(shell sed -n 's/^\# kernel: //p' $(s))),,$(s))),$(LPAR_TESTS))
TESTS := $(patsubst tests/unit/%.c,unit/%,$(sort $(wildcard tests/unit/*/*_test.c))) \
	$(patsubst tests/bare/%.c,bare/%,$(sort $(filter-out $(BARE_MACHINE),$(wildcard tests/bare/*.c)))) \
	$(patsubst tests/fuzz/%.c,fuzz/%,$(sort $(wildcard tests/fuzz/*.c))) \
	$(LPAR_TESTS:tests/%.sh=%) \
	$(patsubst tests/system/%.sh,system/%,$(sort $(wildcard tests/system/*.sh))) \
	$(patsubst tests/%,%,$(sort $(wildcard tests/static/*)))

comma := ,
space := $(comma:,= )
selected = $(foreach t,$(subst $(comma), ,$(1)),$(or \
	$(filter $(t) $(t)/% %/$(t),$(TESTS)), \
	$(error there is no test $(t); the tests are: $(TESTS))))
SELECTED = $(if $(TEST),$(call selected,$(TEST)),$(TESTS))

# What static/hardening looks at.
HARDENED := $(addprefix $(BUILD)/,swcexd swcex swcex.so guestd apctl)

# What has to be there before the tests $(1) can run.
products = $(addprefix $(BUILD)/tests/,$(filter unit/% fuzz/% bare/%,$(1))) \
	$(if $(filter bare/%,$(1)),$(addprefix $(BUILD)/,swcex.so swcexd lab/config)) \
	$(if $(filter lpar/% system/%,$(1)),all) \
	$(if $(filter system/hostile,$(1)),sanitized $(BARE_GUESTS) $(BUILD)/tests/guest/lender) \
	$(if $(filter static/hardening,$(1)),$(HARDENED))
needed = $(call hosts,$(1)) $(call products,$(1))

# What this machine needs for the tests $(1) beyond what the build does: keys of lab/parts, which
# are asked for at once and before anything is built.
keys = $(if $(filter static/%,$(1)),lint) $(if $(filter fuzz/%,$(1)),fuzz) \
	$(if $(filter system/dkms,$(1)),dkms) $(if $(filter system/fetch,$(1)),fetch) $(if $(filter system/roots,$(1)),roots) \
	$(if $(filter system/packages,$(1)),deb)
hosts = $(patsubst %,$(BUILD)/%.host,$(subst $(space),-,$(strip $(call keys,$(1)))))

UNIT_PACKAGES = cmocka libcrypto glib-2.0 gio-2.0 json-c libseccomp
UNIT_CFLAGS = $(CFLAGS) -I. -g -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	$(shell pkg-config --cflags $(UNIT_PACKAGES))
UNIT_LIBS = -Wl,--as-needed -Wl,-z,now $(shell pkg-config --libs $(UNIT_PACKAGES)) -pthread -lstdc++

# $(call link,COMPILER AND FLAGS,SOURCES,LIBRARIES): builds in one go, and notes the headers of
# all sources; of several, -MMD would keep the last one's only.
define link
	@mkdir -p $(@D)
	@$(1) -MM -MP -MT $@ $(2) >$@.d
	$(show)$(1) -o $@ $(2) $(3)
endef

# What a room has, for tests: an archive, from which the linker takes only what the test lacks. So
# the file under test, which the test includes, is not taken twice, nor is what the test has a fake
# of. A test's own room comes first. Of sie/, which has programs of both machines, those of the host.
# apctl/ shares nothing with the emulation.
TESTED_ROOMS := $(LIBCEX_ROOMS) daemon swcex qemu sie run
rooms_for = $(if $(filter apctl,$(1)),apctl,$(filter $(1),$(TESTED_ROOMS)) $(filter-out $(1),$(TESTED_ROOMS)))
directories_of = $(if $(filter sie,$(1)),sie sie/host,$(1))
archives = $(patsubst %,$(1)/%.a,$(2))
define archive
$(1)/$(2).a: $(patsubst %.c,$(1)/%.o,$(filter-out %/main.c,$(wildcard $(addsuffix /*.c,$(call directories_of,$(2))))))
	@rm -f $$@
	@$(AR) qcs $$@ $$^
endef
UNIT := $(BUILD)/unit
$(foreach r,$(TESTED_ROOMS) apctl,$(eval $(call archive,$(UNIT),$(r))))
$(UNIT)/run/%.o $(BUILD)/fuzz/run/%.o: UNIT_CFLAGS += $(run_CFLAGS)
$(UNIT)/qemu/%.o $(BUILD)/fuzz/qemu/%.o: UNIT_CFLAGS += $(qemu_CFLAGS)
$(UNIT)/%.o: %.c
	@mkdir -p $(@D)
	$(show)$(CC) $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<

.SECONDEXPANSION:
$(BUILD)/tests/unit/%_test: tests/unit/%_test.c \
		$$(call archives,$(UNIT),$$(call rooms_for,$$(*D)))
	@mkdir -p $(@D)
	$(show)$(CC) $(UNIT_CFLAGS) -MMD -MP -MF $@.d -MT $@ -o $@ $< $(DRIVER_SOURCES) \
		-Wl,--start-group $(filter %.a %.o,$^) -Wl,--end-group $(UNIT_LIBS)
$(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/run/*_test.c)): $(DOCUMENT_OBJECTS)

# Tests of driver/ as a whole: it is built for a kernel and a machine of tests/unit/kernel.
# What it includes and this machine does not have is empty: kernel.h comes first.
DRIVER_TESTS := $(addprefix driver/,errors lending notices orphans random refusal replacement)
KERNEL_HEADERS := $(BUILD)/tests/unit/headers
$(DRIVER_TESTS:%=$(BUILD)/tests/unit/%_test): DRIVER_SOURCES := $(wildcard driver/*.c tests/unit/kernel/*.c)
KERNEL_CFLAGS := -Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers -Itests/unit/kernel -include tests/unit/kernel/kernel.h -include driver/compat.h \
	-idirafter $(KERNEL_HEADERS)
# Private: the rooms that a test is linked with are built before it, and for this machine.
$(DRIVER_TESTS:%=$(BUILD)/tests/unit/%_test): private UNIT_CFLAGS += $(KERNEL_CFLAGS)
$(DRIVER_TESTS:%=$(BUILD)/tests/unit/%_test): $(wildcard driver/*.[ch] tests/unit/kernel/*) $(KERNEL_HEADERS)
$(KERNEL_HEADERS): $(wildcard driver/*.[ch])
	@rm -rf $@ && mkdir -p $@/linux $@/asm $@/generated
	@grep -ho '"ap_bus.h"\|<\(linux\|asm\|generated\)/[^>]*>' driver/*.[ch] | tr -d '<>"' | sed 's,^,$@/,' | xargs touch

# The unit tests once more, with other flags, which are those of $(1)/: with sanitizers and without for
# make mutants, for make coverage by clang. Beside each product is the command that made it, and of
# programs the objects that went into it.
MUTANTS := $(BUILD)/mutants
COVERAGE := $(BUILD)/coverage
MUTANT_FLAVOURS := $(MUTANTS)/quick $(MUTANTS)/checked
FLAVOURS := $(MUTANT_FLAVOURS) $(COVERAGE)
PLAIN_CFLAGS = $(filter-out -g -fsanitize=% -fno-sanitize-recover=%,$(UNIT_CFLAGS))
$(MUTANTS)/%: UNIT_CFLAGS := $(filter-out -g,$(UNIT_CFLAGS))
$(MUTANTS)/quick/%: UNIT_CFLAGS := $(PLAIN_CFLAGS)
$(COVERAGE)/%: private CC := clang
$(COVERAGE)/%: UNIT_CFLAGS := $(filter-out -O2,$(PLAIN_CFLAGS)) -w -fprofile-instr-generate -fcoverage-mapping
note = $(shell mkdir -p $(@D))$(file >$@.cmd,$(1))$(show)sh $@.cmd

.PRECIOUS: $(FLAVOURS:%=%/%.o)
define flavour_rules
$(1)/run/%.o: UNIT_CFLAGS += $(run_CFLAGS)
$(1)/qemu/%.o: UNIT_CFLAGS += $(qemu_CFLAGS)
$(DRIVER_TESTS:%=$(1)/tests/unit/%_test.o) $(1)/driver/%.o $(1)/tests/unit/kernel/%.o: UNIT_CFLAGS += $(KERNEL_CFLAGS)
$(1)/%.o: %.c | $(KERNEL_HEADERS)
	$$(call note,$$(CC) $$(UNIT_CFLAGS) -MMD -MP -MF $$(@:.o=.d) -c -o $$@ $$<)
$(1)/tests/unit/%_test: $(1)/tests/unit/%_test.o $$$$(call archives,$(1),$$$$(call rooms_for,$$$$(*D)))
	$$(call note,$$(CC) $$(UNIT_CFLAGS) -o $$@ $$(filter %.o,$$^) \
		-Wl$$(comma)--start-group $$(filter %.a,$$^) -Wl$$(comma)--end-group $$(UNIT_LIBS) -Wl$$(comma)-t$$(comma)-t) >$$@.linked
$(DRIVER_TESTS:%=$(1)/tests/unit/%_test): $(patsubst %.c,$(1)/%.o,$(wildcard driver/*.c tests/unit/kernel/*.c))
$(patsubst %.c,$(1)/%,$(wildcard tests/unit/run/*_test.c)): $(DOCUMENT_OBJECTS)
endef
$(foreach f,$(FLAVOURS),$(foreach r,$(TESTED_ROOMS),$(eval $(call archive,$(f),$(r))))$(eval $(call flavour_rules,$(f))))
# apctl/ shares nothing with the emulation, and its tests have objects of their own.
unit_tests_of = $(patsubst %.c,$(1)/%,$(filter-out tests/unit/apctl/%,$(wildcard tests/unit/*/*_test.c)))

FILE = $(shell grep -v '^\#' tests/mutants/decisive)
.PHONY: mutants
mutants: $(BUILD)/mutants.host $(foreach f,$(MUTANT_FLAVOURS),$(call unit_tests_of,$(f)))
	@CCACHE_DISABLE=1 SEED=$(SEED) N=$(N) tests/mutants/run $(MUTANTS) $(subst $(comma), ,$(FILE))

FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
$(COVERAGE)/tests/fuzz/%: $(COVERAGE)/tests/fuzz/%.o $(call archives,$(COVERAGE),$(TESTED_ROOMS))
	$(call note,$(CC) $(UNIT_CFLAGS) -fsanitize=fuzzer -o $@ $< \
		-Wl$(comma)--start-group $(filter %.a,$^) -Wl$(comma)--end-group $(UNIT_LIBS))
# Never executed: it shows what a room has that is in no test.
$(COVERAGE)/%.whole: $(COVERAGE)/%.a
	$(show)clang -fprofile-instr-generate -no-pie -nostartfiles -o $@ -Wl,--whole-archive $< -Wl,--no-whole-archive \
		-Wl,--defsym=__dso_handle=0 -Wl,-e,0 -Wl,--unresolved-symbols=ignore-all
COVERED := $(LIBCEX_ROOMS) daemon qemu
.PHONY: coverage
coverage: $(BUILD)/fuzz-coverage.host $(COVERED:%=$(COVERAGE)/%.whole) $(call unit_tests_of,$(COVERAGE)) $(FUZZERS:%=$(COVERAGE)/tests/fuzz/%) $(FUZZERS:%=$(BUILD)/tests/fuzz/%)
	@tests/coverage $(BUILD) $(COVERED) driver

# $(BUILD)/KEY-KEY.host: the packages of these keys of lab/parts are there. libFuzzer comes with clang.
.PRECIOUS: $(BUILD)/%.host
$(BUILD)/%.host: lab/parts
	@lab/fetch host $(subst -, ,$*)
	@mkdir -p $(@D) && : >$@

FUZZ := $(BUILD)/tests/fuzz
FUZZ_CFLAGS = $(UNIT_CFLAGS) -Wno-missing-field-initializers -MMD -MP -MT $@ -MF $@.d
FUZZ_PARTS := $(BUILD)/fuzz

$(foreach r,$(TESTED_ROOMS) apctl,$(eval $(call archive,$(FUZZ_PARTS),$(r))))
$(FUZZ_PARTS)/%.o: %.c | $(BUILD)/fuzz.host
	@mkdir -p $(@D)
	$(show)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<
$(FUZZ)/%: tests/fuzz/%.c $(call archives,$(FUZZ_PARTS),$(TESTED_ROOMS)) | $(BUILD)/fuzz.host
	@mkdir -p $(@D)
	$(show)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(UNIT_LIBS)

# What a fuzz test learns about inputs stays in DIRECTORY/corpus; what it fails on in DIRECTORY.
TIME := 60
.PHONY: fuzz
fuzz: $(addprefix $(BUILD)/tests/,$(filter fuzz/%,$(SELECTED)))
	@mkdir -p $(^:$(FUZZ)/%=$(FUZZ)/corpus/%)
	@set -e; for fuzzer in $(^:$(FUZZ)/%=%); do \
		echo "fuzz $$fuzzer, $(TIME) s"; \
		$(FUZZ)/$$fuzzer -max_total_time=$(TIME) -max_len=4096 -timeout=20 -verbosity=0 \
			-print_final_stats=1 -artifact_prefix=$(FUZZ)/ $(FUZZ)/corpus/$$fuzzer \
			$$(ls -d tests/fuzz/seeds/$$fuzzer 2>/dev/null); \
	done

# What unit tests send to adapters, as far as it reaches something of its own, are the seeds of
# the fuzz tests of these.
SEEDED := cca ep11 type50
.PHONY: seeds
seeds: $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard $(addprefix tests/unit/,cca/*_test.c ep11/*_test.c card/accelerator_test.c))) $(SEEDED:%=$(FUZZ)/%)
	@rm -rf $(BUILD)/seeds && mkdir -p $(SEEDED:%=$(BUILD)/seeds/%) $(SEEDED:%=tests/fuzz/seeds/%)
	@set -e; for test in $(filter %_test,$^); do SEEDS=$(BUILD)/seeds $$test >/dev/null 2>&1; done
	@set -e; for fuzzer in $(SEEDED); do \
		rm -f tests/fuzz/seeds/$$fuzzer/*; \
		$(FUZZ)/$$fuzzer -merge=1 -max_len=4096 tests/fuzz/seeds/$$fuzzer $(BUILD)/seeds/$$fuzzer; \
	done

BARE_CFLAGS = $(CFLAGS) -I. -Itests/bare -ffreestanding -nostdlib -static -no-pie -fno-pie \
	-msoft-float -fno-stack-protector -fno-tree-loop-distribute-patterns \
	-fno-asynchronous-unwind-tables --param=min-pagesize=0 -Wl,--build-id=none

$(BUILD)/tests/bare/%: tests/bare/%.c $(BARE_MACHINE) tests/bare/image.ld
	$(call link,$(CROSS_COMPILE)gcc $(BARE_CFLAGS),$< $(BARE_MACHINE) $(REQUESTS),-T tests/bare/image.ld)

# The guests of system/hostile. One has the whole messages among the seeds of the fuzz tests: those
# that begin with a byte of 0, which is not part of them.
BARE_GUESTS := $(addprefix $(BUILD)/tests/bare/guests/,hostile honest)
HOSTILE := $(BUILD)/tests/bare/guests/hostile
$(HOSTILE): private REQUESTS = $(HOSTILE).requests.gen.S
$(HOSTILE): $(HOSTILE).requests.gen.S
$(HOSTILE).requests.gen.S: $(wildcard $(SEEDED:%=tests/fuzz/seeds/%/*))
	@mkdir -p $(@D)
	$(show){ printf '.section .rodata\n.globl requests\n.balign 4\nrequests:\n'; \
		for seed in $^; do \
			[ "$$(od -An -tx1 -N1 $$seed)" != " 00" ] || \
			printf '.long 2f-1f\n1: .incbin "%s",1\n2: .balign 4\n' $$seed; \
		done; \
		printf '.long 0\n.section .note.GNU-stack,"",@progbits\n'; } >$@

# swcexd and the plugin once more, with sanitizers: the same rules, in a directory of their own.
SANITIZED := $(BUILD)/sanitized
SANITIZED_CFLAGS := $(filter-out -O2,$(CFLAGS)) -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: sanitized
sanitized:
	@$(MAKE) --no-print-directory BUILD=$(SANITIZED) KERNEL= HARDENING= LDFLAGS= \
		CFLAGS="$(SANITIZED_CFLAGS)" $(SANITIZED)/swcexd $(SANITIZED)/swcex.so

# The in-tree driver, bound to sie.ko: the kernel's list of symbols without those of its KVM.
INTREE := $(BUILD)/modules/intree
INTREE_FILES := vfio_ap_drv.c vfio_ap_ops.c vfio_ap_private.h vfio_ap_debug.h ap_bus.h ap_debug.h
$(INTREE)/vfio_ap.ko: $(BUILD)/modules/mdev.ko $(BUILD)/modules/sie.ko
	@echo "module vfio_ap, in-tree"
	@rm -rf $(@D) && mkdir -p $(@D)/headers
	@cp -rs $(realpath $(KHEADERS))/. $(@D)/headers
	@rm $(@D)/headers/Module.symvers
	@grep -v 'arch/s390/kvm/kvm' $(KHEADERS)/Module.symvers >$(@D)/headers/Module.symvers
	@cp $(addprefix $(KSOURCE)/drivers/s390/crypto/,$(INTREE_FILES)) $(@D)
	@printf 'vfio_ap-y := vfio_ap_drv.o vfio_ap_ops.o\nobj-m := vfio_ap.o\n' >$(@D)/Kbuild
	@+$(MAKE) --no-print-directory -s -C $(@D)/headers M=$(abspath $(@D)) MO=$(abspath $(@D)) \
		$(MODULE_FLAGS) \
		KBUILD_EXTRA_SYMBOLS="$(foreach m,mdev sie $(VFIO),$(abspath $(BUILD))/modules/$(m)/Module.symvers)" modules
	@$(CROSS_COMPILE)objcopy --strip-debug $@
LPAR_FILES += $(INTREE)/vfio_ap.ko:/usr/lib/intree/

# Keys and results are computed here, by this machine's OpenSSL.
$(BUILD)/tests/guest/rsa_vectors: tests/guest/rsa_vectors.c tests/guest/rsa_vector.h
	@mkdir -p $(@D)
	$(show)$(CC) $(CFLAGS) -o $@ $< $(shell pkg-config --cflags --libs libcrypto)
$(BUILD)/tests/guest/rsa_vectors.gen.c: $(BUILD)/tests/guest/rsa_vectors
	$(show)$< >$@
$(BUILD)/tests/guest/rsa: tests/guest/rsa.c $(BUILD)/tests/guest/rsa_vectors.gen.c
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -Itests/guest -static,$(filter %.c,$^),-pthread)

# Loads libica, which the VM has.
$(BUILD)/tests/guest/rsa_ica: tests/guest/rsa_ica.c $(BUILD)/tests/guest/rsa_vectors.gen.c
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -Itests/guest,$(filter %.c,$^))
LPAR_FILES += $(BUILD)/tests/guest/rsa_ica:/usr/bin/
GUEST_FILES += $(BUILD)/tests/guest/rsa_ica:/usr/bin/

# Runs beside swcexd, and knows the keys that guests have.
$(BUILD)/tests/guest/find_secrets: tests/guest/find_secrets.c $(BUILD)/tests/guest/rsa_vectors.gen.c
	$(call link,$(CC) $(CFLAGS) -I. -Itests/guest,$(filter %.c,$^))
ALL += $(BUILD)/tests/guest/find_secrets

# Shows that a guest reaches no queue but its own.
$(eval $(call module,ap_probe,tests/guest/probe))
GUEST_MODULES += ap_probe
GUEST_FILES += tests/guest/probe/ap-probe:/usr/local/bin/

LPAR_FILES += tests/guest/hwrng-test:/usr/local/bin/
GUEST_FILES += tests/guest/hwrng-test:/usr/local/bin/

# The kernel's self-tests of paes_s390, which Debian's kernels leave out with it.
ifneq ($(PAES),)
$(eval $(call module,paes_selftest,tests/guest/selftest))
LPAR_MODULES += paes_selftest
GUEST_MODULES += paes_selftest
endif

KEY_PROGRAMS := $(addprefix $(BUILD)/tests/guest/,cca ep11 pkey rsa_hostile)
$(KEY_PROGRAMS): $(BUILD)/tests/guest/%: tests/guest/%.c
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -I. -static -MMD -MP -MF $@.d -o $@ $<
LPAR_FILES += $(KEY_PROGRAMS:%=%:/usr/bin/)
GUEST_FILES += $(KEY_PROGRAMS:%=%:/usr/bin/)

# It loads libica and OpenSSL, which the VM has.
$(BUILD)/tests/guest/ec: tests/guest/ec.c
	@mkdir -p $(@D)
	$(show)$(CROSS_COMPILE)gcc $(CFLAGS) -o $@ $<
LPAR_FILES += $(BUILD)/tests/guest/ec:/usr/bin/
GUEST_FILES += $(BUILD)/tests/guest/ec:/usr/bin/

# What opens a device is what the front end opens it with.
HOLD_OBJECTS := $(patsubst %,$(BUILD)/lpar/sie/frontend/%.o,kvm vfio report)
HOLD_SOURCES := tests/guest/hold.c tests/guest/borrow.c
$(BUILD)/tests/guest/hold: $(HOLD_SOURCES) $(HOLD_OBJECTS)
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -I. -static,$(HOLD_SOURCES),$(HOLD_OBJECTS) -pthread)
UNMAP_SOURCES := tests/guest/unmap.c tests/guest/borrow.c
$(BUILD)/tests/guest/unmap: $(UNMAP_SOURCES)
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -static,$(UNMAP_SOURCES),-pthread)
$(BUILD)/tests/guest/fail_nth: tests/guest/fail_nth.c $(HOLD_OBJECTS)
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -I. -static,$<,$(HOLD_OBJECTS) -pthread)

# Is process 1 of a root that system/roots makes.
$(BUILD)/tests/guest/init: tests/guest/init.c
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -static,$<)
ALL += $(BUILD)/tests/guest/init

RANDOM_SOURCES := tests/guest/random_operations.c tests/guest/invariants.c driver/matrix.c driver/parse.c
$(BUILD)/tests/guest/random_operations: $(RANDOM_SOURCES) $(filter-out %/report.o,$(HOLD_OBJECTS))
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -I. -Idriver -static,$(RANDOM_SOURCES),$(filter %.o,$^))

# Runs beside swcexd, as guests' QEMU do.
$(OBJ)/qemu.a: $(call objects,qemu)
	@rm -f $@
	@$(AR) qcs $@ $^
$(BUILD)/tests/guest/litter: tests/guest/litter.c $(OBJ)/qemu.a
	$(call link,$(CC) $(CFLAGS) -I. $(shell pkg-config --cflags glib-2.0),$<,\
		$(OBJ)/qemu.a $(shell pkg-config --libs glib-2.0))
ALL += $(BUILD)/tests/guest/litter
$(BUILD)/tests/guest/lender: tests/guest/lender.c $(OBJ)/qemu.a
	$(call link,$(CC) $(CFLAGS) -I. $(shell pkg-config --cflags glib-2.0),$<,\
		$(OBJ)/qemu.a $(shell pkg-config --libs glib-2.0))

LPAR_FILES += $(patsubst %,$(BUILD)/tests/guest/%:/usr/bin/,fail_nth hold random_operations rsa unmap)
GUEST_FILES += $(BUILD)/tests/guest/rsa:/usr/bin/

-include $(wildcard $(BUILD)/tests/guest/*.d $(BUILD)/tests/bench/*.d $(BUILD)/tests/bench/*/*.d $(BUILD)/tests/bare/*.d $(BUILD)/tests/bare/*/*.d \
	$(BUILD)/tests/unit/*/*.d $(FUZZ)/*.d \
	$(UNIT)/*/*.d $(UNIT)/*/*/*.d $(FUZZ_PARTS)/*/*.d $(FUZZ_PARTS)/*/*/*.d \
	$(foreach f,$(FLAVOURS),$(f)/*/*.d $(f)/*/*/*.d $(f)/*/*/*/*.d))

# The in-tree driver is asked nothing that a script keeps for ours.
BOTH_DRIVERS = $(filter-out $(patsubst tests/%.sh,%,$(shell grep -l '^# driver: ours' tests/lpar/*.sh)),$(filter lpar/%,$(SELECTED)))
RUN = @DRIVER=$(DRIVER) KSOURCE=$(KSOURCE) KHEADERS=$(KHEADERS) QEMU=$(QEMU) tests/run $(BUILD)

.PHONY: check check-unit check-static check-driver check-kernels check-lockdep
check: $(call needed,$(SELECTED))
	$(RUN) $(SELECTED)
check-unit: $(call needed,$(filter unit/%,$(TESTS)))
	$(RUN) $(filter unit/%,$(TESTS))
check-driver: all
	$(RUN) $(if $(filter intree,$(DRIVER)),$(BOTH_DRIVERS),$(filter lpar/%,$(SELECTED)))
check-kernels:
	@for kernel in $(shell sed -n 's/^kernel	\([^ ]*\).*/\1/p' lab/kernels); do \
		$(MAKE) --no-print-directory check TEST=lpar,system KERNEL=$$kernel || exit; \
	done
check-lockdep:
	@$(MAKE) --no-print-directory check-driver KERNEL=lockdep
check-static: $(call needed,$(filter static/%,$(TESTS)))
	$(RUN) $(filter static/%,$(TESTS))

.PHONY: soak
soak: $(call needed,system/hostile)
	@mkdir -p $(BUILD)/tests/log
	@echo "a hostile guest, $(or $(SECONDS),600) s"
	@BUILD=$(abspath $(BUILD)) DRIVER=$(DRIVER) LOG=$(BUILD)/tests/log/hostile \
		HOSTILE_SECONDS=$(or $(SECONDS),600) SEED=$(SEED) tests/system/hostile.sh 2>$(BUILD)/tests/log/hostile.log

# On this machine, without QEMU.
$(BUILD)/tests/bench/fairness: tests/bench/fairness.c $(BUILD)/libcex.a
	@mkdir -p $(@D)
	$(show)$(CC) $(CFLAGS) -I. -MMD -MP -MF $@.d -o $@ $< $(BUILD)/libcex.a $(shell pkg-config --libs libcrypto) -pthread

$(BUILD)/tests/bench/aes: tests/bench/aes.c
	@mkdir -p $(@D)
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS),$<,-pthread)
GUEST_FILES += $(BUILD)/tests/bench/aes:/usr/bin/

# In a VM, as its first process.
$(BUILD)/tests/bench/work: tests/bench/work.c
	@mkdir -p $(@D)
	$(call link,$(CROSS_COMPILE)gcc $(CFLAGS) -static,$<)

# Beside swcexd, as VMs that have no QEMU.
$(BUILD)/tests/bench/caller: tests/bench/caller.c $(OBJ)/qemu.a $(BUILD)/libcex.a
	@mkdir -p $(@D)
	$(call link,$(CC) $(CFLAGS) -I. $(shell pkg-config --cflags glib-2.0),$<,\
		$(OBJ)/qemu.a $(BUILD)/libcex.a $(shell pkg-config --libs glib-2.0 libcrypto) -pthread)

# Bare-metal programs, as those of tests/bare.
COSTS := $(addprefix $(BUILD)/tests/bench/costs/,lctlg lowcore svc)
$(COSTS): $(BUILD)/tests/bench/costs/%: tests/bench/costs/%.c tests/bench/costs/costs.c $(BARE_MACHINE) tests/bare/image.ld
	$(call link,$(CROSS_COMPILE)gcc $(BARE_CFLAGS),$(filter %.c %.S,$^),-T tests/bare/image.ld)

BENCH_PRODUCTS := $(addprefix $(BUILD)/tests/bench/,fairness work caller) $(COSTS)
.PHONY: bench performance
bench: all $(BUILD)/bench.host $(BENCH_PRODUCTS)
	@BUILD=$(BUILD) tests/bench/run $(subst $(comma), ,$(BENCH))
performance: $(BUILD)/bench.host
	@tests/bench/document $(BUILD)/bench.json >$(BUILD)/performance.md
	@tests/bench/curves $(BUILD)/bench.json docs/performance
	@mv $(BUILD)/performance.md docs/performance.md

.PHONY: check-newcomer
check-newcomer:
	@tests/newcomer

.PHONY: check-roots
check-roots: all
	@BUILD=$(BUILD) tests/debian-root $(ROOTS)

# A root with Debian's libvirt takes ten minutes the first time.
.PHONY: check-libvirt
check-libvirt: all
	@BUILD=$(abspath $(BUILD)) tests/libvirt/run "$(or $(SUITE),bookworm)" $(CASES)

.PHONY: check-boots
check-boots: all
	@BUILD=$(abspath $(BUILD)) BOOTS=$(or $(BOOTS),10) tests/boots "$(or $(SUITE),trixie)"

# Clients are built for s390x here, and run their own tests in a VM.
.PHONY: check-clients
check-clients: all $(BUILD)/clients.host
	@BUILD=$(abspath $(BUILD)) tests/clients/run $(subst $(comma), ,$(CLIENTS))
