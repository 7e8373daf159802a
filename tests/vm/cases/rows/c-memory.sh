# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# C. Code that comes in through a mapping.

verified_x() { expect 7 "$A" call "$U/x"; }

deny 33-dlopen file=evil.so hook=mmap reason=unsigned evil='evil ran' \
	refused='failed to map segment' -- "$V/loader" "$U/x"
deny 33-dlopen-user file=evil.so hook=mmap reason=unsigned evil='evil ran' \
	uid=1000 refused='failed to map segment' \
	-- "$A" as 1000 "$V/loader" "$U/x"
allow 33-dlopen-signed file=good.so says='evil ran' -- "$V/loader" "$U/x"

deny 34-map file=blob hook=mmap reason=unsigned works=7 \
	-- "$A" call "$U/x"
deny 34-map-shared file=blob hook=mmap reason=unsigned works=7 \
	-- "$A" call-shared "$U/x"
deny 34-map-read-implies-exec file=blob hook=mmap reason=unsigned works=7 \
	-- "$A" call-implied "$U/x"
deny 34-map-changed file=changed-blob hook=mmap reason=digest-mismatch \
	works=7 -- "$A" call "$U/x"
allow 34-map-signed file=good-blob works=7 -- "$A" call "$U/x"

deny 35-mprotect file=blob hook=mprotect reason=mprotect works=7 \
	-- "$A" protect "$U/x"
deny 35-pkey-mprotect file=blob hook=mprotect reason=mprotect works=7 \
	-- "$A" pkey-protect "$U/x"
# Signed, but nothing has verified it, and this hook may not read a file.
deny 35-mprotect-not-judged file=good-blob hook=mprotect reason=mprotect \
	works=7 -- "$A" protect "$U/x"
allow 35-mprotect-of-verified file=good-blob works=7 \
	-- "$A" protect-again "$U/x"

deny 36-modified file=good-blob hook=mprotect reason=exec-modified \
	prepare=verified_x -- "$A" modify "$U/x"
deny 36-modified-mapped file=good-blob hook=mprotect reason=exec-modified \
	-- "$A" modify-mapped "$U/x"
deny 37-wx file=good-blob hook=mmap reason=wx-mapping \
	-- "$A" rwx "$U/x"
deny 37-wx-shared file=good-blob hook=mmap reason=wx-mapping \
	-- "$A" rwx-shared "$U/x"
deny 37-wx-by-mprotect file=good-blob hook=mprotect reason=wx-mapping \
	-- "$A" add-write "$U/x"
deny 39-remap-file-pages file=blob hook=mmap reason=writer-open works=7 \
	-- "$A" remap "$U/x"
allow 40-anonymous-compat -- "$A" anon

deny 42-dev-zero hook=mmap reason=not-regular target=/dev/zero \
	-- "$A" rwx /dev/zero
deny 44-memfd file=h9 reason=memfd target='' -- "$A" memfd "$U/x"
deny 44-memfd-of-signed file=good reason=memfd target='' \
	-- "$A" memfd "$U/x"
deny 44-memfd-map hook=mmap reason=memfd target='' -- "$A" memfd-map
