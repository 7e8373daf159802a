# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: each allocation on the way of an operation fails in turn.
# What fails is a denial or an error; nothing unsigned ever runs.

last=${EXECGATE_FAULTS:-200}

# Allocations that may wait fail too, and without a trace in the log each.
faults_ready() {
	local set
	for set in failslab fail_page_alloc; do
		echo N >"/sys/kernel/debug/$set/ignore-gfp-wait" &&
			echo 0 >"/sys/kernel/debug/$set/verbose" || return
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order &&
		insmod "$MODULE" mode=off &&
		execgate key enroll /etc/execgate/test/cert.pem &&
		execgate key enroll /suite/keys/trusted.pem &&
		execgate mode enforce && forget_leaks
}

unsigned_never() {
	expect 3 "$A" fail-each 1 "$last" "$@"
}

# With the last numbers nothing fails, so that some run works.
signed_at_last() {
	expect 9 "$A" fail-each 1 "$last" exec "$V/good" &&
		expect 9 "$A" fail-each 1 "$last" map "$V/good" &&
		expect 9 "$V/good"
}

# An enrolment that says it failed did not enrol.
enrol() {
	local number keys status before
	before=$(counter keys) || return
	for ((number = 1; number <= last; number++)); do
		status=0
		"$A" fail-each "$number" "$number" netlink-key-add /suite/keys/stranger.der \
			>"$T/enrol" || status=$?
		keys=$(counter keys)
		if ((keys != before)); then
			execgate key remove /suite/keys/stranger.pem || return
		elif ((status == 9)); then
			echo "number $number: enrolled, but is not there"
			return 1
		fi
	done
	same keys "$(counter keys)" "$before"
}

catalog() {
	cp "$V/h9" "$T/listed" &&
		execgate catalog build --no-cache --name faults --sequence 1 \
			--sign --key /etc/execgate/test/key.pem --cert \
			/etc/execgate/test/cert.pem -o "$T/faults.catalog" \
			"$T/listed" &&
		expect 126 "$T/listed" || return
	expect 9 "$A" fail-each 1 "$last" netlink-catalog-add \
		"$T/faults.catalog" && expect 9 "$T/listed"
}

check faults-ready faults_ready
check faults-exec-unsigned unsigned_never exec "$V/h9"
check faults-exec-changed unsigned_never exec "$V/changed"
check faults-map-unsigned unsigned_never map "$V/h9"
check faults-signed signed_at_last
check faults-enrol enrol
check faults-catalog catalog
check faults-events expect 9 "$A" fail-each 1 "$last" netlink-events
check faults-leave-no-leak no_leaks
check faults-still-denies expect 126 "$V/h9"
