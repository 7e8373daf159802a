# SPDX-License-Identifier: GPL-2.0
# Included by the top Makefile. fleet: the program that makes, of the library's own
# functions, what a machine with the module would tell.

.PHONY: fleet

fleet: $(BUILD)/fleet/made

$(BUILD)/fleet/made: tests/fleet/made.c $(US_LIB)
	@mkdir -p $(@D)
	$(CC) $(US_ALL_CFLAGS) $(US_PKG_CFLAGS) $(US_LDFLAGS) $(LDFLAGS) -o $@ $^ $(US_LIBS)
