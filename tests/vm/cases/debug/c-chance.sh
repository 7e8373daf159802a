# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: allocations fail by chance, under a storm of execs; and all
# of the module's own, always. In audit nobody may notice; in enforce nothing
# unsigned runs. The gate and the functions are those that b-faults.sh left.

seconds=$EXECGATE_STORM

fail_percent() { set_faults times -1 && set_faults probability "$1"; }

# with_percent NUMBER COMMAND...: and none fail any more after it
with_percent() {
	local status=0
	fail_percent "$1" || return
	"${@:2}" || status=$?
	fail_percent 0 && return "$status"
}

# Requests that change something and that read, as long as $T/asking is there.
ask_on() {
	while [[ -e $T/asking ]]; do
		"$A" netlink-status
		"$A" netlink-events
		"$A" netlink-keys
		"$A" netlink-check "$V/good"
		"$A" netlink-key-add /suite/keys/stranger.der
		"$A" netlink-catalog-add "$T/faults.catalog"
	done
} >"$T/asked" 2>&1

# storm ATTACK SECONDS: signed ones beside unsigned ones, and requests
storm() {
	local asking signed status=0
	: >"$T/asking"
	ask_on &
	asking=$!
	"$A" "$1" "$2" "$V/good" >"$T/storm" &
	signed=$!
	"$A" "$1" "$2" "$V/h9" >"$T/unsigned" || status=$?
	wait "$signed"
	rm "$T/asking"
	wait "$asking"
	cat "$T/storm" "$T/unsigned"
	same status "$status" 3 && says '^ran 0 other [1-9]' "$(<"$T/unsigned")"
}

# The key and the catalog of the requests are not trusted any more.
put_back() {
	execgate key remove /suite/keys/stranger.pem
	execgate catalog remove --no-persist faults
	expect 126 "$T/listed" && expect 9 "$V/good" && expect 126 "$V/h9"
}

within_percent() {
	set_faults task-filter N && only_in_execgate &&
		with_percent "$1" storm storm "$seconds" &&
		says '^ran [1-9]' "$(<"$T/storm")" && put_back
}

# Anywhere in the kernel, of the processes that execute.
anywhere_percent() {
	set_faults task-filter Y && only_anywhere &&
		with_percent "$1" storm fail-storm "$seconds" && put_back
}

# All of the module's own fail.
nothing_works_unsigned() {
	set_faults task-filter N && only_in_execgate &&
		with_percent 100 nothing_unsigned
}

nothing_unsigned() {
	expect 3 "$A" burst "$V/h9" 300 && expect 3 "$A" exec "$V/changed" &&
		expect 3 "$A" map "$V/h9" && expect 3 "$A" map "$V/good" &&
		expect 3 "$A" protect "$V/h9" && expect 3 "$A" attach &&
		expect 3 "$A" finit-module "$V/unsigned.ko" 0 &&
		expect 3 "$A" raw "$(<"$T/disk")"
}

# In audit memory that lacks is the gate's own trouble.
audit_unnoticed() {
	execgate mode audit && set_faults task-filter N && only_in_execgate &&
		with_percent 100 all_works
	local status=$?
	execgate mode enforce && return "$status"
}

all_works() {
	expect 9 "$A" burst "$V/h9" 300 && expect 9 "$A" storm "$seconds" "$V/h9" &&
		expect 7 "$A" map "$V/h9" && expect 7 "$A" call "$V/blob" &&
		expect 7 "$A" protect "$V/blob" && expect 9 "$A" attach &&
		expect 9 "$A" raw "$(<"$T/disk")" && expect 9 "$V/d9" &&
		expect 9 "$A" finit-module "$V/unsigned.ko" 0 && rmmod dummy
}

forget_leaks
for percent in 1 5 20; do
	check "chance-within-$percent-percent" within_percent "$percent"
	check "chance-anywhere-$percent-percent" anywhere_percent "$percent"
done
check chance-nothing-unsigned nothing_works_unsigned
check chance-audit-unnoticed audit_unnoticed
setup set_faults task-filter N
setup only_anywhere
check chance-leaves-no-leak no_leaks
check chance-events-add-up events_add_up
setup unload
check chance-unloaded-leaves-no-leak no_leaks
