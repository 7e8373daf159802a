# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: loading and unloading, some of it under load; then its leaks.

cycles=$EXECGATE_CYCLES

# What kmemleak holds now is not ours.
forget_leaks() { echo clear >/sys/kernel/debug/kmemleak; }

# An object is only told of when two scans, apart, found no pointer to it.
no_leaks() {
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak && sleep 6 &&
		echo scan >/sys/kernel/debug/kmemleak || return
	cat /sys/kernel/debug/kmemleak
	same leaks "$(grep -c '^unreferenced object' /sys/kernel/debug/kmemleak)" 0
}

# set_mode off|audit|enforce: by a program without libraries to load and judge
set_mode() {
	case $1 in
	off) expect 9 "$A" netlink-mode 0 ;;
	audit) expect 9 "$A" netlink-mode 1 ;;
	enforce) expect 9 "$A" netlink-mode 2 ;;
	esac
}

one_cycle() {
	busybox insmod "$MODULE" mode=off &&
		expect 9 "$A" netlink-key-add /suite/keys/trusted.der &&
		set_mode enforce || return
	expect 126 "$V/h9" && expect 9 "$V/good" || return
	set_mode off && busybox rmmod execgate
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
