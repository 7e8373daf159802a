# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A kernel started with an lsm= list that lacks bpf: hooks would never fire.

refused_without_bpf() {
	grep -q bpf /sys/kernel/security/lsm && return 1
	expect 1 insmod "$MODULE" || return
	says 'bpf is not an active' "$(dmesg | grep execgate)" &&
		expect 6 execgate status
}

check module-without-bpf-lsm refused_without_bpf
