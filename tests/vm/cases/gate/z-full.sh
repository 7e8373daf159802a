# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Last in this guest: what it fills stays full, what it locks stays locked.

# 8192 fit; the next is refused and said to be, and all others still count.
full_list() {
	expect 9 "$A" netlink-revoke-fill 8192 &&
		same revocations "$(counter revocations)" 8192 &&
		says 'refused: ENOSPC' "$("$A" netlink-revoke-fill 8193)" &&
		expect 1 revoke digest --no-persist "$(sha256sum "$V/h9" | cut -d' ' -f1)" &&
		says 'list is full' "$(cat "$T/out")" &&
		same revocations "$(counter revocations)" 8192 && expect 9 "$V/good"
}

# No module comes and none goes.
no_more_modules() {
	execgate lock --modules && same disabled \
		"$(cat /proc/sys/kernel/modules_disabled)" 1 &&
		says 'refused: EPERM' "$("$A" delete-module execgate)" &&
		expect 1 insmod "$V/dummy.ko" && expect 126 "$V/h9" && expect 9 "$V/good"
}

check revoked-list-full full_list
check 96-locked-without-modules no_more_modules
