# SPDX-License-Identifier: GPL-2.0
# Included by the top Makefile. fuzz-short: each parser for a few seconds from
# its saved corpus. fuzz: the same up to FUZZ, keeping what it finds in
# build/fuzz/corpus: FUZZ=20s each, FUZZ=10m or FUZZ=100000000 inputs in all;
# FUZZ_JOBS at a time. fuzz-seeds: new seeds from the test vectors.

BUILD ?= build
FUZZ_DIR := $(BUILD)/fuzz
FUZZ_PARSERS := der cms manifest policy trailer armor cmdline netlink oci
FUZZ_CC ?= clang
FUZZ ?= 60m
FUZZ_SHORT ?= 4s
FUZZ_FLAGS := -D_GNU_SOURCE -std=gnu11 -Wall -Wextra -Werror -g -O1 \
	      -Ikernel/uapi -Ikernel -Itests/fuzz \
	      -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_FORMAT := $(wildcard kernel/format/*.c)
FUZZ_HEADERS := $(wildcard kernel/format/*.h tests/fuzz/*.h)
FUZZ_PROGRAMS := $(FUZZ_PARSERS:%=$(FUZZ_DIR)/fuzz_%)

.PHONY: fuzz fuzz-short fuzz-seeds

fuzz: $(FUZZ_PROGRAMS)
	tests/fuzz/run $(FUZZ_DIR) $(FUZZ) $(FUZZ_PARSERS)

fuzz-short: $(FUZZ_PROGRAMS)
	tests/fuzz/run $(FUZZ_DIR) $(FUZZ_SHORT) $(FUZZ_PARSERS)

fuzz-seeds: $(BUILD)/vectors/made
	tests/fuzz/seed $(BUILD)/vectors

# What the netlink client and the journal's side of the daemon are made of.
FUZZ_NETLINK := $(addprefix userspace/lib/, netlink/parse.c \
		  netlink/event_field.c base/escape.c base/digits.c base/names.c \
		  events/record.c events/message.c events/container.c config/constrained.c \
		  catalog/kept.c base/array.c base/error.c base/copy.c base/io.c base/replace.c)

$(FUZZ_DIR)/fuzz_netlink: tests/fuzz/fuzz_netlink.c $(FUZZ_NETLINK) \
		$(wildcard userspace/lib/*/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -Iuserspace -o $@ $< $(FUZZ_NETLINK) -lunistring

# The documents of images of containers.
FUZZ_OCI := $(addprefix userspace/lib/, oci/parse.c base/error.c base/digits.c)

$(FUZZ_DIR)/fuzz_oci: tests/fuzz/fuzz_oci.c $(FUZZ_OCI) \
		$(wildcard userspace/lib/*/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -Iuserspace $(shell $(PKG_CONFIG) --cflags jansson) \
		-o $@ $< $(FUZZ_OCI) $(shell $(PKG_CONFIG) --libs jansson)

$(FUZZ_DIR)/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_FORMAT) $(FUZZ_HEADERS)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $< $(FUZZ_FORMAT)
