# SPDX-License-Identifier: GPL-2.0
# Included by the top Makefile. unit: every test program, each under the address
# and undefined behaviour sanitizers. coverage: lines of kernel/format that
# these tests reach; below COVERAGE_MIN percent it fails. vectors: the vectors
# alone, remade if they are old. mutate: is each comparison of the gate tested?

BUILD ?= build
UNIT := $(BUILD)/unit
COVERAGE := $(BUILD)/coverage
COVERAGE_MIN ?= 95
VECTORS := $(BUILD)/vectors

# Of the formats, and of what user space builds on them.
UNIT_TESTS := der cms cmdline descriptor detached manifest rules policy x509 trailer armor vectors \
	      mutation
UNIT_USER_TESTS := $(filter-out $(UNIT_TESTS),\
		     $(patsubst tests/unit/test_%.c,%,\
		       $(wildcard tests/unit/test_*.c)))
UNIT_SHARED := tests/unit/support.c tests/unit/judge.c
UNIT_FORMAT := $(wildcard kernel/format/*.c)
UNIT_HEADERS := $(wildcard kernel/format/*.h tests/unit/*.h tests/unit/*.inc)
UNIT_FLAGS := -D_GNU_SOURCE -std=gnu11 -Wall -Wextra -Werror -g \
	      -Ikernel/uapi -Ikernel -Itests/unit
UNIT_SANITIZE := -O1 -fsanitize=address,undefined \
		 -fno-sanitize-recover=all -fno-omit-frame-pointer
UNIT_LIBS := -lcmocka -lcrypto

UNIT_USER_OBJECTS := $(patsubst %.c,$(UNIT)/obj/%.o,$(UNIT_FORMAT) \
		       $(wildcard userspace/lib/*/*.c))
UNIT_USER_FLAGS = $(UNIT_FLAGS) $(UNIT_SANITIZE) -Iuserspace \
		  -DEXECGATE_VERSION='"$(VERSION)"' $(US_PKG_CFLAGS)

# The gate's own units, against a kernel of tests/unit/kernel/shim.
UNIT_GATE := gate rules/constrained rules/mark rules/operands rules/origin rules/rule_set $(patsubst kernel/carriers/%.c,carriers/%,\
	       $(wildcard kernel/carriers/*.c)) \
	     $(addprefix core/, asker cache counter event filesystem flight \
	       policy) \
	     $(addprefix trust/, catalog catalog_index floor paths refusal \
	       revocation signed_policy sorted_list verify)
UNIT_GATE_TESTS := $(patsubst tests/unit/kernel/test_%.c,%,\
		     $(wildcard tests/unit/kernel/test_*.c))
UNIT_GATE_OBJECTS := $(UNIT_GATE:%=$(UNIT)/gate/kernel/%.o) \
		     $(UNIT_FORMAT:%.c=$(UNIT)/gate/%.o)
UNIT_GATE_SHARED := $(patsubst %.c,$(UNIT)/gate/%.o,\
		      $(filter-out %/shim.c,$(filter-out tests/unit/kernel/test_%,\
			$(wildcard tests/unit/kernel/*.c))) \
		      tests/unit/kernel/shim/shim.c tests/unit/support.c)
# Warnings as the kernel has them; and of compat.h, which knows no kernel of
# shims, no more than that overlays can be judged.
UNIT_GATE_FLAGS := -D__KERNEL__ -DEG_COMPAT_H -D_GNU_SOURCE -std=gnu11 \
		   -Wall -Wextra -Wno-sign-compare -Wno-unused-parameter \
		   -Wno-missing-field-initializers -Werror -g \
		   $(UNIT_SANITIZE) -Itests/unit -Itests/unit/kernel \
		   -Itests/unit/kernel/shim -Ikernel/uapi -Ikernel
UNIT_GATE_LIBS := -lcmocka -lcrypto
UNIT_GATE_PROGRAMS := $(UNIT_GATE_TESTS:%=$(UNIT)/gate/test_%)

UNIT_PROGRAMS := $(UNIT_TESTS:%=$(UNIT)/test_%)
UNIT_USER_PROGRAMS := $(UNIT_USER_TESTS:%=$(UNIT)/test_%)
COVERAGE_PROGRAMS := $(UNIT_TESTS:%=$(COVERAGE)/test_%)
COVERAGE_OBJECTS := $(UNIT_FORMAT:kernel/format/%.c=$(COVERAGE)/%.o)

.PHONY: unit coverage vectors mutate
.SECONDARY: $(COVERAGE_OBJECTS) $(UNIT_USER_OBJECTS) $(UNIT_GATE_SHARED)
.SECONDARY: $(UNIT_GATE_TESTS:%=$(UNIT)/gate/tests/unit/kernel/test_%.o)

unit: $(UNIT_PROGRAMS) $(UNIT_USER_PROGRAMS) $(UNIT_GATE_PROGRAMS) $(VECTORS)/made
	tests/unit/run-all $(UNIT_PROGRAMS) $(UNIT_USER_PROGRAMS) \
		$(UNIT_GATE_PROGRAMS)

vectors: $(UNIT)/test_vectors $(VECTORS)/made
	CMOCKA_MESSAGE_OUTPUT=TAP $<

# Made by openssl, the kernel's sign-file and python, never by our own code.
$(VECTORS)/made: $(wildcard tests/vectors/*)
	tests/vectors/generate $(VECTORS)
	touch $@

$(UNIT_PROGRAMS): $(UNIT)/test_%: tests/unit/test_%.c $(UNIT_SHARED) $(UNIT_FORMAT) \
		$(UNIT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(UNIT_FLAGS) $(UNIT_SANITIZE) -o $@ $< $(UNIT_SHARED) \
		$(UNIT_FORMAT) $(UNIT_LIBS)

$(UNIT_USER_PROGRAMS): $(UNIT)/test_%: tests/unit/test_%.c \
		$(UNIT_USER_OBJECTS) $(UNIT_HEADERS)
	$(CC) $(UNIT_USER_FLAGS) -o $@ $< $(UNIT_USER_OBJECTS) -lcmocka \
		$(US_LIBS)

$(UNIT)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_USER_FLAGS) -MMD -MP -c -o $@ $<

-include $(UNIT_USER_OBJECTS:.o=.d)

$(UNIT)/gate/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_GATE_FLAGS) -MMD -MP -c -o $@ $<

# An archive: what a test has of its own takes the place of a unit. "q": units
# of two folders may have one name.
$(UNIT)/gate/gate.a: $(UNIT_GATE_OBJECTS)
	rm -f $@
	$(AR) qcs $@ $^

$(UNIT_GATE_PROGRAMS): $(UNIT)/gate/test_%: \
		$(UNIT)/gate/tests/unit/kernel/test_%.o $(UNIT_GATE_SHARED) \
		$(UNIT)/gate/gate.a
	$(CC) $(UNIT_SANITIZE) -o $@ $^ $(UNIT_GATE_LIBS)

# In the place of what the others have: those are weak.
$(UNIT)/gate/test_writers: $(UNIT)/gate/kernel/core/writers.o

-include $(wildcard $(UNIT)/gate/*/*.d $(UNIT)/gate/*/*/*.d \
	   $(UNIT)/gate/*/*/*/*.d $(UNIT)/gate/*/*/*/*/*.d)

# By name only: each comparison takes a second or two.
mutate: $(UNIT_GATE_PROGRAMS)
	tests/unit/mutate --compile "$(CC) $(UNIT_GATE_FLAGS) -w" \
		--link "$(CC) $(UNIT_SANITIZE)" --libs "$(UNIT_GATE_LIBS)" \
		--build $(UNIT)/gate $(MUTATE)

$(COVERAGE)/%.o: kernel/format/%.c $(UNIT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(UNIT_FLAGS) -O0 --coverage -c -o $@ $<

$(COVERAGE)/test_%: tests/unit/test_%.c $(UNIT_SHARED) $(COVERAGE_OBJECTS) \
		$(UNIT_HEADERS)
	$(CC) $(UNIT_FLAGS) -O0 -o $@ $< $(UNIT_SHARED) $(COVERAGE_OBJECTS) \
		--coverage $(UNIT_LIBS)

coverage: $(COVERAGE_PROGRAMS) $(VECTORS)/made
	rm -f $(COVERAGE)/*.gcda
	tests/unit/run-all $(COVERAGE_PROGRAMS)
	tests/unit/coverage $(COVERAGE) $(COVERAGE_MIN)
