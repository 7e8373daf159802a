# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# C. Code that is in memory only: sealed memfds, which are judged as files are, and
# anonymous memory of each kind, by each way to it.

# Unsealed, and with any of the seals missing, its content may change yet.
for seals in '' sgk swk gwk sgw sgfk; do
	# Technique: T1620
	deny 44-memfd-seals-"${seals:-none}" file=good reason=memfd target='' \
		-- "$A" sealed "$U/x" "$seals" exec
done
deny 44-memfd-unsealed-map file=good-blob hook=mmap reason=memfd target='' \
	works=7 -- "$A" sealed "$U/x" sgfk map
allow 44-sealed-exec file=good -- "$A" sealed "$U/x" sgwk exec
allow 44-sealed-map file=good-blob works=7 -- "$A" sealed "$U/x" sgwk map
deny 44-sealed-unsigned file=h9 reason=unsigned target='' \
	-- "$A" sealed "$U/x" sgwk exec
deny 44-sealed-unsigned-map file=blob hook=mmap reason=unsigned target='' \
	works=7 -- "$A" sealed "$U/x" sgwk map
deny 44-sealed-changed file=changed-blob hook=mmap reason=digest-mismatch \
	target='' works=7 -- "$A" sealed "$U/x" sgwk map
deny 44-sealed-not-judged file=good-blob hook=mprotect reason=mprotect \
	target='' works=7 -- "$A" sealed "$U/x" sgwk protect
hugetlb() { echo 8 >/proc/sys/vm/nr_hugepages; }
deny 44-sealed-huge prepare=hugetlb hook=mmap reason=memfd target='' \
	-- "$A" sealed-huge

# What was refused before it was sealed is judged anew.
if [[ $mode == enforce ]]; then
	sealed_later() {
		expect 7 "$A" sealed-later "$V/good-blob" && take_events &&
			same events "${#EVENTS[@]}" 1 &&
			event_is "${EVENTS[0]}" reason memfd
	}
	check "$mode/44-sealed-later" sealed_later
fi
# The kernel's own promises, which the gate's verdict stands on. Some of the ways
# are the gate's to refuse, too: as any file's that is mapped and runs.
sealed_stays() { expect 7 "$A" sealed-change "$V/good-blob" && take_events; }
check "$mode/44-sealed-stays" sealed_stays
sealed_held() {
	local out
	out=$("$A" sealed-held "$V/good-blob")
	says EBUSY "$out"
}
check "$mode/44-held-is-not-sealed" sealed_held
# A check has seen its own events; those that come here are seen now.
take_events >/dev/null

# A rule for each kind; the way to it makes no difference.
anonymous=(private shared huge huge-shared)
every=(rwx rw-rx rx-rw-rx)
memory_counted() {
	local before
	hugetlb
	[[ $mode != off ]] || { expect 9 "$A" memory "$@"; return; }
	before=$(counter anon_exec)
	take_events
	expect 9 "$A" memory "$@" && (($(counter anon_exec) > before)) &&
		take_events && same events "${#EVENTS[@]}" 0
}
# memory_refused [WORD=VALUE...]: what no profile lets through
memory_refused() {
	deny 40-memfd-rwx hook=mmap reason=wx-mapping target='' \
		-- "$A" memory memfd rwx
	deny 40-memfd-rx-rw-rx hook=mmap reason=memfd target='' \
		-- "$A" memory memfd rx-rw-rx
	deny 40-memfd-rw-rx hook=mprotect reason=mprotect target='' \
		-- "$A" memory memfd rw-rx
	deny 40-memfd-double hook=mmap reason=memfd target='' \
		-- "$A" memory memfd double
	deny 40-memfd-implied hook=mmap reason=wx-mapping target='' \
		-- "$A" memory memfd implied
	deny 40-memfd-private-rw-rx hook=mprotect reason=exec-modified target='' \
		-- "$A" memory memfd-private rw-rx
	deny 40-sysv-rwx hook=mmap reason=wx-mapping target='' \
		-- "$A" memory sysv rwx
	deny 40-sysv-rw-rx hook=mprotect reason=mprotect target='' \
		-- "$A" memory sysv rw-rx
	deny 40-sysv-double hook=mmap reason=memfd target='' \
		-- "$A" memory sysv double
	deny 42-zero-rwx hook=mmap reason=not-regular target=/dev/zero \
		-- "$A" memory zero rwx
	deny 42-zero-rw-rx hook=mprotect reason=exec-modified target=/dev/zero \
		-- "$A" memory zero rw-rx
	deny 42-zero-shared-rwx hook=mmap reason=not-regular target=/dev/zero \
		-- "$A" memory zero-shared rwx
}

for kind in "${anonymous[@]}"; do
	for way in "${every[@]}"; do
		check "$mode/40-$kind-$way-counted" memory_counted "$kind" "$way"
	done
done
check "$mode/40-shared-double-counted" memory_counted shared double
check "$mode/40-zero-shared-rw-rx-counted" memory_counted zero-shared rw-rx
memory_refused

with_blob() { cp "$V/good-blob" "$U/blob"; }
with_unsigned() { cp "$V/blob" "$U/blob"; }
# may_jit: whatever a program writes it may run, in each profile
may_jit() {
	local kind way
	for kind in "${anonymous[@]}" zero zero-shared memfd; do
		for way in "${every[@]}"; do
			allow "40-may-jit-$1-$kind-$way" file=attack-jit prepare=hugetlb \
				-- "$U/x" memory "$kind" "$way"
		done
	done
	for kind in shared zero-shared memfd sysv; do
		allow "40-may-jit-$1-$kind-double" file=attack-jit \
			-- "$U/x" memory "$kind" double
	done
	allow "40-may-jit-$1-sysv-rwx" file=attack-jit -- "$U/x" memory sysv rwx
	allow "40-may-jit-$1-sysv-rw-rx" file=attack-jit -- "$U/x" memory sysv rw-rx
	# Of a file that is a copy of its own; not what others read, or write.
	for way in rwx modify modify-mapped add-write; do
		allow "37-may-jit-$1-$way" file=attack-jit prepare=with_blob \
			-- "$U/x" "$way" "$U/blob"
	done
	deny "37-may-jit-$1-rwx-shared" file=attack-jit prepare=with_blob hook=mmap \
		reason=wx-mapping target="$U/blob" -- "$U/x" rwx-shared "$U/blob"
	deny "34-may-jit-$1-map" file=attack-jit prepare=with_unsigned hook=mmap \
		reason=unsigned target="$U/blob" works=7 -- "$U/x" call "$U/blob"
	# To be executed it takes a program that is signed, whoever asks.
	deny "44-may-jit-$1-exec" file=attack-jit reason=memfd target='' \
		-- "$U/x" memfd "$V/h9"
}
may_jit standard

execgate profile strict >"$T/out" 2>&1 || not_ok "$mode/strict" "cannot be set"
take_events >/dev/null
for kind in "${anonymous[@]}"; do
	for way in rwx rx-rw-rx; do
		deny "40-strict-$kind-$way" prepare=hugetlb hook=mmap reason=anon-exec \
			target="$A" -- "$A" memory "$kind" "$way"
	done
	deny "40-strict-$kind-rw-rx" prepare=hugetlb hook=mprotect reason=anon-exec \
		target="$A" -- "$A" memory "$kind" rw-rx
done
deny 40-strict-shared-double hook=mprotect reason=anon-exec target="$A" \
	-- "$A" memory shared double
deny 40-strict-zero-shared-rw-rx hook=mprotect reason=anon-exec target="$A" \
	-- "$A" memory zero-shared rw-rx
memory_refused
may_jit strict
allow 44-sealed-exec-strict file=good -- "$A" sealed "$U/x" sgwk exec
execgate profile standard >"$T/out" 2>&1 ||
	not_ok "$mode/standard" "cannot be set"
take_events >/dev/null
