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

# "lock = yes", from the boot on: nothing is loaded, and the daemon does it all.
# What is configured later loosens nothing.
lock_configured() {
	local conf=$T/lock tries
	mkdir -p "$conf/keys" && cp /suite/keys/trusted.pem \
		/etc/execgate/test/cert.pem "$conf/keys" &&
		printf '[gate]\nmode = enforce\nlock = yes\n' >"$conf/execgate.conf" &&
		execgate mode off && rmmod execgate || return
	run_daemon "$conf/log" --config "$conf" --keys "$conf/keys"
	for ((tries = 0; tries < 300; tries++)); do
		[[ $(execgate status --json 2>&1) != *'"locked": true'* ]] || break
		sleep 0.2
	done
	cat "$conf/log"
	says 'locked until the next boot' "$(<"$conf/log")" &&
		says '"locked": true' "$(execgate status --json)" &&
		expect 126 "$V/h9" && expect 9 "$V/good" &&
		expect 8 execgate mode audit && expect 8 execgate mode off &&
		printf '[gate]\nmode = audit\n' >"$conf/execgate.conf" &&
		reload && expect 0 execgate status &&
		expect 126 "$V/h9"
}

# No module comes and none goes.
no_more_modules() {
	execgate lock --modules && same disabled \
		"$(cat /proc/sys/kernel/modules_disabled)" 1 &&
		says 'refused: EPERM' "$("$A" delete-module execgate)" &&
		expect 1 insmod "$V/dummy.ko" && expect 126 "$V/h9" && expect 9 "$V/good"
}

check revoked-list-full full_list
check lock-configured lock_configured
check 96-locked-without-modules no_more_modules
