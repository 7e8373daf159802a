# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# All of it at once, twice: the second time takes no more memory than the first.

# mixed SECONDS: R1, R4, R6 and R10 beside each other
mixed() {
	local end=$((SECONDS + $1)) storm flood daemon
	"$A" storm "$1" "$V/good" >"$T/storm" &
	storm=$!
	"$A" flood "$1" 1 "$V/h9" >"$T/flood" &
	flood=$!
	while ((SECONDS < end)); do
		start_daemon
		execgate key enroll /suite/keys/second.pem &&
			execgate profile strict && execgate profile standard &&
			execgate key remove /suite/keys/second.pem || return
		kill -9 "$daemon"
		wait "$daemon" 2>/dev/null
	done >/dev/null
	expect 9 wait "$storm" && expect 3 wait "$flood"
}

# R24: slabs grow by less than 1 MB once all is warm.
slab_growth() {
	local kmalloc all journal
	start_journal && mixed $((each / 2)) || return
	settle
	kmalloc=$(kmalloc_kb) all=$(unreclaimable)
	mixed "$each" || return
	settle
	kmalloc=$(($(kmalloc_kb) - kmalloc))
	note "R24 $(<"$T/storm"), $(head -n 1 "$T/flood"): kmalloc grew by $kmalloc kB," \
		"all slabs by $(($(unreclaimable) - all)) kB (target 1024)"
	stop_journal
	((kmalloc < 1024)) && events_add_up
}

row R24-slab-growth slab_growth
