# SPDX-License-Identifier: GPL-2.0
# Included by the top Makefile. desktop: the notifications of denials, on a session bus of
# their own.

DESKTOP_PROGRAMS := $(BUILD)/desktop/server $(BUILD)/desktop/deny

.PHONY: desktop

desktop: userspace $(DESKTOP_PROGRAMS)
	tests/desktop/run

$(DESKTOP_PROGRAMS): $(BUILD)/desktop/%: tests/desktop/%.c $(US_LIB)
	@mkdir -p $(@D)
	$(CC) $(US_ALL_CFLAGS) $(US_PKG_CFLAGS) -o $@ $< $(US_LIB) $(US_LIBS)
