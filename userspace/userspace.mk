# SPDX-License-Identifier: GPL-2.0
# User space: libexecgate, execgate, execgated. Included by the top Makefile;
# every .c file of a folder and its rooms belongs to that folder's program.

BUILD ?= build
PREFIX ?= /usr
VERSION ?= $(shell sed -n 's/^\#define EXECGATE_VERSION "\(.*\)"$$/\1/p' \
		      kernel/version.h)
PKG_CONFIG ?= pkg-config

US_LIB_SRC := $(wildcard userspace/lib/*/*.c) $(wildcard kernel/format/*.c)
US_CLI_SRC := $(wildcard userspace/cli/*.c userspace/cli/*/*.c)
US_DAEMON_SRC := $(wildcard userspace/daemon/*.c userspace/daemon/*/*.c)

US_LIB_OBJ := $(US_LIB_SRC:%.c=$(BUILD)/obj/%.o)
US_CLI_OBJ := $(US_CLI_SRC:%.c=$(BUILD)/obj/%.o)
US_DAEMON_OBJ := $(US_DAEMON_SRC:%.c=$(BUILD)/obj/%.o)

US_LIB := $(BUILD)/lib/libexecgate.a
US_PROGRAMS := $(BUILD)/bin/execgate \
	       $(if $(US_DAEMON_SRC),$(BUILD)/bin/execgated)

US_PACKAGES := libcrypto libelf jansson libmnl libsystemd inih libkmod libkeyutils mount zlib

# Asked only when something of user space is built. Of the TPM's the headers alone: the
# library is loaded while the program runs, as libcurl is.
US_TPM = $(shell $(PKG_CONFIG) --exists tss2-esys tss2-tctildr tss2-rc && \
	    echo -DEXECGATE_TPM_BUILT)
US_PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(US_PACKAGES)) $(US_TPM)
# libunistring has no .pc file.
US_LIBS = $(shell $(PKG_CONFIG) --libs $(US_PACKAGES)) -lunistring -pthread

US_CFLAGS ?= -O2 -g -fstack-protector-strong -fPIE
US_LDFLAGS ?= -pie -Wl,-z,relro,-z,now
US_ALL_CFLAGS = -D_GNU_SOURCE -std=gnu11 -Wall -Wextra -Werror -pthread \
		-Ikernel/uapi -Iuserspace -Ikernel \
		-DEXECGATE_VERSION='"$(VERSION)"' \
		$(US_CFLAGS) $(CPPFLAGS) $(CFLAGS)

userspace: $(US_LIB) $(US_PROGRAMS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(US_ALL_CFLAGS) $(US_PKG_CFLAGS) -MMD -MP -c -o $@ $<

# "q": files of two rooms may have one name.
$(US_LIB): $(US_LIB_OBJ)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) qcs $@ $^

$(BUILD)/bin/execgate: $(US_CLI_OBJ) $(US_LIB)
	@mkdir -p $(@D)
	$(CC) $(US_ALL_CFLAGS) $(US_LDFLAGS) $(LDFLAGS) -o $@ $^ $(US_LIBS)

$(BUILD)/bin/execgated: $(US_DAEMON_OBJ) $(US_LIB)
	@mkdir -p $(@D)
	$(CC) $(US_ALL_CFLAGS) $(US_LDFLAGS) $(LDFLAGS) -o $@ $^ $(US_LIBS)

install-userspace: userspace
	install -D -m 755 $(BUILD)/bin/execgate $(DESTDIR)$(PREFIX)/bin/execgate
ifneq ($(US_DAEMON_SRC),)
	install -D -m 755 $(BUILD)/bin/execgated \
		$(DESTDIR)$(PREFIX)/sbin/execgated
endif
	for n in 1 5 7 8; do \
		for f in userspace/man/*.$$n; do \
			[ -e "$$f" ] || continue; \
			install -D -m 644 -t \
				$(DESTDIR)$(PREFIX)/share/man/man$$n "$$f" || \
				exit 1; \
		done; \
	done
	install -D -m 755 userspace/completion/complete \
		$(DESTDIR)$(PREFIX)/share/execgate/complete
	install -D -m 644 userspace/completion/execgate.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/execgate
	install -D -m 644 userspace/completion/execgate.zsh \
		$(DESTDIR)$(PREFIX)/share/zsh/vendor-completions/_execgate
	install -D -m 644 userspace/completion/execgate.fish \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/execgate.fish
	for f in userspace/systemd/*; do \
		case $$f in \
		*.service|*.socket|*.target|*.timer) d=systemd/system;; \
		*.catalog) d=systemd/catalog;; \
		*.rules) d=udev/rules.d;; \
		*.preset) d=systemd/system-preset;; \
		*.sysusers) d=sysusers.d;; \
		*.tmpfiles) d=tmpfiles.d;; \
		*) continue;; \
		esac; \
		install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/$$d "$$f" || \
			exit 1; \
	done
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/user \
		userspace/systemd/user/*.service
	install -D -m 755 userspace/apt/execgate-apt \
		$(DESTDIR)$(PREFIX)/libexec/execgate-apt
	install -D -m 644 -t $(DESTDIR)/etc/apt/apt.conf.d \
		userspace/apt/05execgate
	install -D -m 644 userspace/apt/execgate.dpkg \
		$(DESTDIR)/etc/dpkg/dpkg.cfg.d/execgate
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/execgate/identities.d \
		userspace/identities/*.conf
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/execgate/examples \
		userspace/identities/examples/*.conf
	cd userspace/ansible && find . -name '*.yml' -exec install -D -m 644 '{}' \
		'$(DESTDIR)$(PREFIX)/share/doc/execgate/examples/ansible/{}' \;
	install -D -m 755 userspace/hooks/05-execgate \
		$(DESTDIR)/etc/update-motd.d/05-execgate
	install -D -m 644 userspace/hooks/execgate.sh \
		$(DESTDIR)/etc/profile.d/execgate.sh
	for d in postinst.d header_postinst.d; do \
		install -D -m 755 userspace/hooks/zz-execgate \
			$(DESTDIR)/etc/kernel/$$d/zz-execgate || exit 1; \
	done
	install -D -m 644 -t $(DESTDIR)/etc/apt/apt.conf.d \
		userspace/hooks/95execgate-boot
	install -D -m 755 userspace/early/initramfs/hook \
		$(DESTDIR)$(PREFIX)/share/initramfs-tools/hooks/execgate
	install -D -m 755 userspace/early/initramfs/init-bottom \
		$(DESTDIR)$(PREFIX)/share/initramfs-tools/scripts/init-bottom/execgate
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/lib/dracut/modules.d/95execgate \
		userspace/early/dracut/module-setup.sh
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/dracut/modules.d/95execgate \
		userspace/early/dracut/execgate-early.service
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/dracut/dracut.conf.d \
		userspace/early/dracut/60-execgate.conf
	install -d -m 755 $(DESTDIR)/etc/execgate/keys \
		$(DESTDIR)/etc/execgate/identities.d \
		$(DESTDIR)/etc/execgate/catalogs \
		$(DESTDIR)$(PREFIX)/share/execgate/catalogs
	[ -e $(DESTDIR)/etc/execgate/execgate.conf ] || \
		install -D -m 644 userspace/systemd/execgate.conf \
			$(DESTDIR)/etc/execgate/execgate.conf

.PHONY: userspace install-userspace

-include $(US_LIB_OBJ:.o=.d) $(US_CLI_OBJ:.o=.d) $(US_DAEMON_OBJ:.o=.d)
