# SPDX-License-Identifier: GPL-2.0
# Included by the top Makefile. tpm: what the TPM keeps, against a TPM of software, and with
# the sanitizers of unit.mk. Apart from "unit", since a build of the package has no swtpm.

TPM_TESTS := $(patsubst tests/tpm/%.c,$(UNIT)/tpm/%,$(wildcard tests/tpm/test_*.c))

.PHONY: tpm

tpm: $(TPM_TESTS)
	tests/unit/run-all $(TPM_TESTS)

$(TPM_TESTS): $(UNIT)/tpm/%: tests/tpm/%.c $(UNIT_USER_OBJECTS) $(UNIT_HEADERS) \
		$(wildcard tests/tpm/*.h)
	@mkdir -p $(@D)
	$(CC) $(UNIT_USER_FLAGS) -Itests/tpm -o $@ $< $(UNIT_USER_OBJECTS) \
		-lcmocka $(US_LIBS)
