# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: allocations fail by chance, under a storm of execs; and all
# of the module's own, always. In audit nobody may notice; in enforce nothing
# unsigned runs. The gate and the functions are those that a-systematic.sh left.

seconds=$EXECGATE_STORM

# In per cent, of the tasks that ask for it (Y) or of all (N).
fail_percent() {
	set_faults task-filter "$2" && set_faults times -1 &&
		set_faults probability "$1"
}

# In this order, or all tasks had the chance for a moment: this shell, too.
fail_no_more() { set_faults probability 0 && set_faults task-filter N; }

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

# until_runs PID: it is the attack program
until_runs() {
	until [[ /proc/$1/exe -ef $A ]]; do
		kill -0 "$1" || return
	done
}

# storm ATTACK PERCENT FILTER: of signed ones beside unsigned ones, and requests.
# Once it fails, no program can be counted on: this shell only.
storm() {
	local asking signed unsigned status=0
	: >"$T/asking"
	ask_on &
	asking=$!
	"$A" "$1" "$seconds" "$V/good" >"$T/signed" &
	signed=$!
	"$A" "$1" "$seconds" "$V/h9" >"$T/unsigned" &
	unsigned=$!
	until_runs "$signed" && until_runs "$unsigned" &&
		fail_percent "$2" "$3" || return
	wait "$signed"
	wait "$unsigned" || status=$?
	fail_no_more || return
	rm "$T/asking"
	wait "$asking"
	echo "signed: $(<"$T/signed"), unsigned: $(<"$T/unsigned")"
	same status "$status" 3 && says '^ran 0 other [1-9]' "$(<"$T/unsigned")"
}

# The key and the catalog of the requests are not trusted any more.
put_back() {
	execgate key remove /suite/keys/stranger.pem
	execgate catalog remove --no-persist faults
	expect 126 "$T/listed" && expect 9 "$V/good" && expect 126 "$V/h9"
}

within_percent() {
	only_in_execgate && storm storm "$1" N &&
		says '^ran [1-9]' "$(<"$T/signed")" && put_back
}

# Anywhere in the kernel, of the processes that execute.
anywhere_percent() {
	only_anywhere && storm fail-storm "$1" Y && put_back
}

# All of the module's own fail.
nothing_unsigned() {
	local status=0
	only_in_execgate && fail_percent 100 Y || return
	expect 3 "$A" fail-all exec "$V/h9" &&
		expect 3 "$A" fail-all exec "$V/good" &&
		expect 3 "$A" fail-all exec "$V/changed" &&
		expect 3 "$A" fail-all map "$V/h9" &&
		expect 3 "$A" fail-all map "$V/good" &&
		expect 3 "$A" fail-all protect "$V/h9" &&
		expect 3 "$A" fail-all attach &&
		expect 3 "$A" fail-all finit-module "$V/unsigned.ko" 0 &&
		expect 3 "$A" fail-all raw "$(<"$T/disk")" || status=$?
	fail_no_more && return "$status"
}

# In audit memory that lacks is the gate's own trouble.
audit_unnoticed() {
	local status=0
	set_mode audit && only_in_execgate && fail_percent 100 N || return
	all_works || status=$?
	fail_no_more && set_mode enforce && return "$status"
}

all_works() {
	expect 9 "$A" burst "$V/h9" 300 && expect 9 "$A" exec "$V/changed" &&
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
check chance-nothing-unsigned nothing_unsigned
check chance-audit-unnoticed audit_unnoticed
setup only_anywhere
check chance-leaves-no-leak no_leaks
check chance-events-add-up events_add_up
setup unload
check chance-unloaded-leaves-no-leak no_leaks
