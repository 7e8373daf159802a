# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# C. 49: the 32-bit system calls, from a 64-bit program.

# Technique: T1106
deny 49-execve only=x86_64 file=h9 reason=unsigned -- "$A" i386-exec "$U/x"
allow 49-execve-signed only=x86_64 file=good -- "$A" i386-exec "$U/x"
deny 49-mmap2 only=x86_64 file=blob hook=mmap reason=unsigned works=7 \
	-- "$A" i386-map "$U/x"
allow 49-mmap2-signed only=x86_64 file=good-blob works=7 -- "$A" i386-map "$U/x"
# uselib(2) maps writable and executable at once, so a signature does not help.
# Newer kernels do not have it, nor does the debug kernel.
if [[ $(uname -r) != 6.12.*@(cloud|rt)* ]]; then
	allow 49-uselib only=x86_64 file=h9-apart works=3 says=ENOSYS \
		-- "$A" i386-uselib "$U/x"
else
	deny 49-uselib only=x86_64 file=h9-apart hook=mmap reason=wx-mapping \
		-- "$A" i386-uselib "$U/x"
	deny 49-uselib-signed only=x86_64 file=good-h9-apart hook=mmap \
		reason=wx-mapping -- "$A" i386-uselib "$U/x"
fi
