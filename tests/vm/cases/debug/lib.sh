# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the lanes of the debug kernel share: its leaks, and loading and unloading.

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

unload() { set_mode off && busybox rmmod execgate; }
