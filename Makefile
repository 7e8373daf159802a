# SPDX-License-Identifier: GPL-2.0
# First time here: "make demo" shows it, "make check" tests it.

VERSION := $(shell sed -n 's/^\#define EXECGATE_VERSION "\(.*\)"$$/\1/p' kernel/version.h)
KDIR ?= /lib/modules/$(shell uname -r)/build
PREFIX ?= /usr
DESTDIR ?=
SRCDIR = $(DESTDIR)/usr/src/execgate-$(VERSION)
BUILD := build

.PHONY: all userspace module install install-userspace install-dkms deps
.PHONY: unit tpm fuzz deb lint check check-debug demo bench prove soak clean
.DEFAULT_GOAL := all

all: userspace

# userspace.mk: userspace, install-userspace; unit.mk: unit; tpm.mk: tpm; fuzz.mk: fuzz;
# desktop.mk: desktop; fleet.mk: fleet.
include userspace/userspace.mk tests/unit/unit.mk tests/tpm/tpm.mk tests/fuzz/fuzz.mk
include tests/desktop/desktop.mk tests/fleet/fleet.mk

module:
	$(MAKE) -C $(KDIR) M=$(CURDIR)/kernel modules

install: install-userspace

# The sources as dkms wants them: no objects, nothing that only we need.
install-dkms:
	for file in $$(find kernel \( -name '*.[ch]' -o -name '*.mk' -o -name Kbuild \) \
			! -name '*.mod.c'); do \
		install -D -m 0644 $$file $(SRCDIR)/$$file || exit; \
	done
	install -m 0755 kernel/dkms-btf $(SRCDIR)/kernel/
	install -m 0644 COPYING dkms.conf $(SRCDIR)/

deps:
	tests/deps

# Packages for Debian 13, in build/debs, without its build dependencies here.
deb:
	tests/vm/builder run --out build/debs -- tests/lint/deb

lint:
	tests/run lint

check:
	tests/run

# By name only, for they take their time: a kernel that looks for bugs (its build
# alone is most of an hour), load and faults for SOAK_MINUTES, and proofs.
check-debug:
	tests/run vm-debug

soak:
	tests/run soak-6.12 soak-latest

prove:
	tests/run prove

demo:
	tests/vm/demo

bench:
	tests/vm/bench

clean:
	rm -rf $(BUILD)
	find kernel \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '.*.d' \
		-o -name Module.symvers -o -name modules.order \) -delete
