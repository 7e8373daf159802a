# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: loading and unloading, some of it under load; then the leaks.

cycles=$EXECGATE_CYCLES

one_cycle() {
	busybox insmod "$MODULE" mode=off &&
		expect 9 "$A" netlink-key-add /suite/keys/trusted.der &&
		set_mode enforce || return
	expect 126 "$V/h9" && expect 9 "$V/good" || return
	unload
}

# Each fourth cycle has a storm of execs beside it.
load_cycles() {
	local round storm status=0
	for ((round = 1; round <= cycles && !status; round++)); do
		storm=''
		if ((round % 4 == 0)); then
			"$A" storm 2 "$V/good" >"$T/storm" &
			storm=$!
		fi
		one_cycle 2>"$T/cycle" || {
			echo "cycle $round: $(<"$T/cycle")"
			status=1
		}
		[[ -z $storm ]] || expect 9 wait "$storm" || status=1
	done
	return "$status"
}

forget_leaks
check "load-and-unload-$cycles-times" load_cycles
check cycles-leave-no-leak no_leaks
