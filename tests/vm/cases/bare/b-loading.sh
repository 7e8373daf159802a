# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Loading and unloading, again and again, alone and under load.

# Nothing left to attach with: the hooks are attached by a kernel worker.
few_files() {
	"$A" few-files 4 /sbin/insmod "$MODULE" || return
	execgate key enroll /etc/execgate/test/cert.pem &&
		execgate key enroll /suite/keys/trusted.pem &&
		expect 10 execgate status && take_events &&
		expect 9 "$V/h9" && take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" mode audit &&
		event_is "${EVENTS[0]}" reason unsigned
}

off_and_out() {
	expect 1 rmmod execgate && execgate mode off &&
		expect 11 execgate status && rmmod execgate &&
		expect 6 execgate status
}

rounds() {
	local round
	for ((round = 1; round <= $1; round++)); do
		echo "round $round"
		insmod "$MODULE" && execgate mode off && rmmod execgate ||
			return
	done
}

rounds_under_storm() {
	local storm status=0
	"$A" storm "$2" "$V/good" >"$T/storm" &
	storm=$!
	rounds "$1" || status=$?
	expect 9 wait "$storm" && return "$status"
}

# Debian's kernels let root unload by force: the gate goes, nothing breaks.
forced_under_storm() {
	local storm round status=0
	"$A" storm 10 "$V/good" >"$T/storm" &
	storm=$!
	for round in 1 2 3; do
		echo "round $round"
		insmod "$MODULE" && rmmod -f execgate &&
			expect 6 execgate status || status=1
	done
	expect 9 wait "$storm" && return "$status"
}

# No key, no exec: insmod's child "enforce" must already be refused.
enforce_at_once() {
	insmod "$MODULE" mode=enforce
	# Nothing can run here but this shell: what it is told is enough.
	"$V/good" 2>/dev/null && return 1
	"$V/h9" 2>/dev/null && return 1
	return 0
}

check insmod-with-few-files few_files
check off-and-out off_and_out
check load-20-times rounds 20
check load-under-storm rounds_under_storm 5 20
check 96-forced-under-storm forced_under_storm
check enforce-without-a-key enforce_at_once
