# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# C. Code that comes in through a mapping.

verified_x() { expect 7 "$A" call "$U/x"; }

# Technique: T1129
deny 33-dlopen file=evil.so hook=mmap reason=unsigned evil='evil ran' \
	refused='failed to map segment' -- "$V/loader" "$U/x"
deny 33-dlopen-user file=evil.so hook=mmap reason=unsigned evil='evil ran' \
	uid=1000 refused='failed to map segment' \
	-- "$A" as 1000 "$V/loader" "$U/x"
allow 33-dlopen-signed file=good.so says='evil ran' -- "$V/loader" "$U/x"

# Technique: T1620
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

# Technique: T1129
# The loader makes the code writable to write there; the event names it.
deny 50-text-relocations file=good-textrel.so hook=mprotect \
	reason=wx-mapping evil='evil ran' refused='.' \
	-- "$V/loader" "$U/x"
# Another loader's way: writable first, then executable again.
deny 50-text-relocations-in-steps file=good-textrel.so hook=mprotect \
	reason=exec-modified -- "$A" modify-mapped "$U/x"

# Technique: T1620
deny 40-sysv-written hook=mmap reason=wx-mapping target='' -- "$A" shm-write
deny 40-sysv-read-only hook=mmap reason=memfd target='' -- "$A" shm-read

# What profile standard leaves open works, and is counted.
counted() {
	local counter=$1 before
	shift
	[[ $mode != off ]] || return 0
	before=$(counter "$counter")
	expect 9 "$@" && (($(counter "$counter") > before))
}
check "$mode/40-counted-protect" counted anon_exec "$A" anon
check "$mode/40-counted-map" counted anon_exec "$A" anon-rwx
on_tmpfs() { cp "$V/good-blob" /run/suite/x; }
on_tmpfs
check "$mode/40-counted-userfaultfd" counted anon_exec \
	"$A" fill-executable /run/suite/x
# Technique: T1055.009
check "$mode/46-counted-self" counted injections "$A" self-mem
# Technique: T1055.008
check "$mode/47-counted-attach" counted injections "$A" attach
check "$mode/47-counted-traceme" counted injections "$A" traceme
allow 40-execstack-standard file=good-execstack

execgate profile strict >"$T/out" 2>&1 || not_ok "$mode/strict" "cannot be set"
take_events >/dev/null

# Technique: T1620
deny 40-protect hook=mprotect reason=anon-exec target="$A" -- "$A" anon
deny 40-map hook=mmap reason=anon-exec target="$A" -- "$A" anon-rwx
deny 40-map-shared hook=mmap reason=anon-exec target="$A" -- "$A" anon-shared
deny 40-read-implies-exec hook=mmap reason=anon-exec target="$A" \
	-- "$A" anon-implied
# No output: the kernel is past the point where execve could still fail.
deny 40-exec-stack file=good-execstack hook=mmap reason=anon-exec left=139 \
	refused=''
allow 40-may-jit file=attack-jit -- "$U/x" anon
allow 40-may-jit-map file=attack-jit -- "$U/x" anon-rwx
allow 40-may-jit-stack file=good-execstack-jit
deny 40-brk-after-personality hook=mmap-addr reason=anon-exec target="$A" \
	refused=sbrk -- "$A" brk-implied
deny 40-brk-after-personality-user hook=mmap-addr reason=anon-exec uid=1000 \
	target="$A" refused=sbrk -- "$A" as 1000 "$A" brk-implied
deny 40-brk-added hook=mmap-addr reason=anon-exec target="$A" refused=sbrk \
	-- "$A" brk-implied-late
deny 40-brk-i386 only=x86_64 hook=mmap-addr reason=anon-exec target="$A" refused=brk \
	-- "$A" i386-brk
allow 40-brk-may-jit file=attack-jit -- "$U/x" brk-implied

# Programs without a segment of code: the loader maps code, or nothing does.
with_loader() { cp "$V/good-stackcode" "$U/i"; }
# EXIT_9 of attacks/machine.h
case $machine in
aarch64) exit_9=$'\xc8\x0b\x80\x52\x20\x01\x80\x52\x01\x01\x01\xd4' ;;
*) exit_9=$'\x6a\x09\x5f\x31\xc0\xb0\xe7\x0f\x05' ;;
esac
deny 40-exec-stack-loader file=good-bare prepare=with_loader hook=mmap \
	reason=anon-exec left=139 refused='' -- "$U/x" "$exit_9"
deny 40-exec-stack-alone file=good-barest hook=mmap reason=anon-exec left=139 \
	refused='' -- "$A" exec-fixed "$U/x"

hugetlb() { echo 8 >/proc/sys/vm/nr_hugepages; }
deny 40-hugetlb prepare=hugetlb hook=mmap reason=anon-exec target="$A" \
	-- "$A" hugetlb

# Technique: T1055
# Signed code, mapped as it may be, and its page filled with other code.
deny 40-userfaultfd prepare=on_tmpfs hook=userfaultfd reason=anon-exec uid=1000 \
	target="$A" -- "$A" as 1000 "$A" fill-executable /run/suite/x
allow 40-userfaultfd-may-jit file=attack-jit prepare=on_tmpfs \
	-- "$U/x" fill-executable /run/suite/x

# Technique: T1055.009
deny 46-self-mem hook=open reason=inject target='' -- "$A" self-mem
deny 46-other-mem hook=open reason=inject target='' -- "$A" other-mem
# Technique: T1055.008
deny 47-attach hook=ptrace reason=inject target="$A" -- "$A" attach
deny 47-traceme hook=traceme reason=inject target="$A" pid=child \
	-- "$A" traceme
# Technique: T1055
deny 47-vm-write hook=ptrace reason=inject target="$A" -- "$A" vm-write
# Technique: T1036
deny 47-pass-for-another hook=prctl reason=inject target="$A" \
	-- "$A" exe-file "$V/good"
allow 47-debugger-attach file=attack-debugger -- "$U/x" attach
allow 47-debugger-traceme file=attack-debugger -- "$U/x" traceme
allow 47-debugger-mem file=attack-debugger -- "$U/x" other-mem
# Technique: T1055.008
deny 47-may-jit-is-no-debugger file=attack-jit hook=ptrace reason=inject \
	-- "$U/x" attach

# A shell that lets dd write over the code at which the shell waits for dd.
ddexec() {
	exec bash -c 'cat /proc/$$/syscall >"$1" || exit 3
		read -r -a call <"$1"
		printf %s "$2" | cat >"$1.code"
		dd if="$1.code" of=/proc/$$/mem bs=1 conv=notrunc \
			seek=$((call[8])) 2>&1 || exit 3
		exit 3' bash "$U/x" "$exit_9"
}
# Debian's 7.x lets only a tracer write to code in this way (CONFIG_PROC_MEM_*):
# the kernel itself has closed it, with the gate off too.
if kernel_from 7 0; then
	closed_by_kernel() {
		local status=0
		rm -rf "${U:?}"/* && (ddexec) || status=$?
		same status "$status" 3
	}
	# Technique: T1055.009
	check "$mode/81-ddexec-closed-by-kernel" closed_by_kernel
	take_events >/dev/null
else
	deny 81-ddexec hook=ptrace reason=inject target='' pid=child -- ddexec
fi

execgate profile standard >"$T/out" 2>&1 ||
	not_ok "$mode/standard" "cannot be set"
take_events >/dev/null
