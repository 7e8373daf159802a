# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# G. Ways around the hooks that exist only on some kernels.

if kernel_from 6 14; then
	deny at-execve-check file=h9 hook=exec-check reason=unsigned works=0 \
		-- "$A" exec-check "$U/x"
	allow at-execve-check-signed file=good works=0 \
		-- "$A" exec-check "$U/x"
	deny at-execve-check-script file=script hook=exec-check reason=unsigned \
		works=0 -- "$A" exec-check "$U/x"
fi
