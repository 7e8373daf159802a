# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# D. Who changes the bytes after, or while, they are verified.

etxtbsy='ETXTBSY|Text file busy'

new_version() { cp "$V/good-blob" "$U/new"; }

on_tmpfs() { cp "$V/good-blob" /run/suite/x; }

deny_change() {
	deny "$1" file=good-blob hook="$2" reason=sealed refused="$etxtbsy" \
		-- "$A" mapped "$U/x" "$3"
}

# The kernel's own rule, with or without a gate.
allow 51-write-running-program file=attack works=3 says="$etxtbsy" \
	-- "$U/x" change "$U/x" write
deny_change 52-write-mapped-library open write
deny_change 52-append open append
deny_change 52-map-shared open map-shared
deny_change 56-truncate-on-open open truncate-open
deny_change 56-truncate-on-read-open truncate truncate-open-read
deny_change 56-truncate truncate truncate
deny_change 56-ftruncate open ftruncate
deny_change 56-punch-hole open punch
deny_change 56-collapse-range open collapse
deny 56-truncate-tmpfs prepare=on_tmpfs hook=truncate reason=sealed \
	refused="$etxtbsy" target=/run/suite/x \
	-- "$A" mapped /run/suite/x truncate
# The dynamic loader runs in every process and nothing of the kernel guards it.
deny 52-write-loader hook=open reason=sealed refused="$etxtbsy" \
	target=/lib64/ld-linux-x86-64.so.2 works=0 \
	-- dd if=/dev/null of=/lib64/ld-linux-x86-64.so.2 conv=notrunc

deny 53-writer-before-map file=good-blob hook=mmap reason=writer-open \
	-- "$A" writer "$U/x"
deny 53-shared-mapping-before-map file=good-blob hook=mmap \
	reason=writer-open -- "$A" shared-writer "$U/x"

# What must go on working: a file that nobody runs, and updates by rename.
allow 56-write-unmapped file=good-blob -- "$A" change "$U/x" write
allow 56-truncate-unmapped file=good-blob -- "$A" change "$U/x" truncate
allow 56-replace-by-rename file=good-blob prepare=new_version \
	-- "$A" replace "$U/x" "$U/new"
