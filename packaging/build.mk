# SPDX-License-Identifier: GPL-2.0-only
#
# make install           programs, man pages and what `swcex run` needs, to $(DESTDIR)/usr
# make deb               Debian packages of all, in $(BUILD)/deb, after a look of lintian: docs/install.md
# make check-packages    installs, uses, upgrades and purges them in fresh Debian trees: SUITES='bookworm trixie'

# What needs no kit to be built.
PROGRAMS := $(addprefix $(BUILD)/,swcex swcexd swcex.so run/supervisor apctl)
.PHONY: programs install deb check-packages
programs: $(PROGRAMS)

SWCEX_LIB = $(DESTDIR)/usr/lib/swcex
COMPLETIONS = $(DESTDIR)/usr/share/bash-completion/completions
MAN := $(foreach s,1 5 7 8,$(filter-out %/apctl.8,$(wildcard docs/man/*.$(s))))

# What run/kit and run/image execute and read.
LAB_PROGRAMS := lab/fetch lab/kit-name
LAB_FILES := $(wildcard lab/*.sh) lab/parts lab/kernels $(wildcard lab/*.config)

install: programs install-driver install-apctl
	install -D -t $(DESTDIR)/usr/bin $(BUILD)/swcex
	install -D -t $(DESTDIR)/usr/sbin $(BUILD)/swcexd
	install -D -m 644 -t $(SWCEX_LIB) $(BUILD)/swcex.so
	install -D -t $(SWCEX_LIB)/run $(BUILD)/run/supervisor $(addprefix run/,image kit tarball unpack)
	install -D -t $(SWCEX_LIB)/lab $(LAB_PROGRAMS)
	install -D -m 644 -t $(SWCEX_LIB)/lab $(LAB_FILES)
	install -D -m 644 -t $(DESTDIR)/etc/swcex packaging/machine
	install -D -m 644 -t $(DESTDIR)/etc/apparmor.d packaging/apparmor/swcexd
	$(foreach m,$(MAN),install -D -m 644 -t $(DESTDIR)/usr/share/man/man$(subst .,,$(suffix $(m))) $(m) &&) :
	install -d $(COMPLETIONS)
	$(BUILD)/swcex run --print-completion >$(COMPLETIONS)/swcex

deb: $(BUILD)/deb.host
	@packaging/deb $(BUILD)/deb

check-packages: $(BUILD)/deb.host
	@tests/packages $(SUITES)
