# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: each allocation on the way of an operation fails in turn.
# What fails is a denial or an error; nothing unsigned ever runs.

last=$EXECGATE_FAULTS
sets=(/sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc)

# set_faults FILE VALUE: of both kinds of allocations
set_faults() {
	local set
	for set in "${sets[@]}"; do
		echo "$2" >"$set/$1" || return
	done
}

# only_between FROM TO: what fails has an address of these among its callers
only_between() {
	set_faults require-start "$1" && set_faults require-end "$2"
}

only_anywhere() { only_between 0 0xffffffffffffffff; }

# bounds NAME: from and to of that function of the kernel
bounds() {
	read -r from to < <(awk -v name="$1" '
		from && $1 != from { print from, $1; exit }
		$3 == name { from = $1 }' /proc/kallsyms)
	[[ -n $to ]] || { echo "no function $1"; return 1; }
}

# only_in NAME: within that function of the kernel
only_in() {
	local from to
	bounds "$1" && only_between "0x$from" "0x$to"
}

# Within the module: its functions, from the first to before the last.
only_in_execgate() {
	local text
	mapfile -t text < <(awk '$4 == "[execgate]" && $2 ~ /[tT]/ { print $1 }' \
		/proc/kallsyms | sort)
	((${#text[@]} > 100)) || { echo "${#text[@]} functions"; return 1; }
	only_between "0x${text[0]}" "0x${text[-1]}"
}

# Allocations that may wait fail too, and without a trace in the log each; not
# what kmemleak allocates for each of them, which nobody would notice.
faults_ready() {
	local from to
	bounds kmemleak_alloc && set_faults reject-start "0x$from" &&
		set_faults reject-end "0x$to" || return
	set_faults ignore-gfp-wait N && set_faults verbose 0 &&
		echo 0 >/sys/kernel/debug/fail_page_alloc/min-order && only_anywhere
}

load() {
	insmod "$MODULE" mode=off &&
		execgate key enroll /etc/execgate/test/cert.pem &&
		execgate key enroll /suite/keys/trusted.pem &&
		execgate profile strict && execgate mode enforce
}

# fail_load NUMBER: what came of loading, with that allocation failing within the
# module's start: "over" when it makes fewer.
fail_load() {
	local output status=0
	output=$("$A" fail-each "$1" "$1" finit-module "$MODULE" 0) || status=$?
	if [[ $output == *' injected 0' ]]; then
		unload >/dev/null && echo over
	elif ((status == 3)); then
		[[ ! -d /sys/module/execgate ]] && echo refused
	elif ((status == 9)); then
		# Gating, or loudly not: never silently not.
		output=$("$A" netlink-state) || return
		unload >/dev/null && case $output in
		1) echo gating ;;
		2) echo "not gating" ;;
		*) echo "loaded, and in state $output" ;;
		esac
	else
		echo "status $status: $output"
	fi
}

# Each way there is of not coming up takes down what was up.
load_each() {
	local number outcome
	declare -A outcomes=()
	only_in do_init_module || return
	for ((number = 1; number <= last; number++)); do
		outcome=$(fail_load "$number") || outcome="no way back"
		[[ $outcome != over ]] || break
		outcomes[$outcome]=$((${outcomes[$outcome]-0} + 1))
		case $outcome in
		refused | gating | 'not gating') ;;
		*)
			echo "number $number: $outcome"
			return 1
			;;
		esac
	done
	only_anywhere
	declare -p outcomes
	((${outcomes[refused]-0} > 0))
}

disk_mounted() {
	mkdir -p "$T/m" && mount -t ext4 -o loop /suite/scratch.img "$T/m" &&
		disk=$(sed -n "s|^\(/dev/[^ ]*\) $T/m .*|\1|p" /proc/mounts) &&
		[[ -b $disk ]] && echo "$disk" >"$T/disk"
}

# never ATTACK...: the gate refuses it, and with each allocation failing it does
# not work either.
never() {
	says 'refused: EPERM' "$("$A" "$@")" && expect 3 "$A" fail-each 1 "$last" "$@"
}

never_disk() { [[ -s $T/disk ]] && never raw "$(<"$T/disk")"; }

# With the last numbers nothing fails, so that some run works.
signed_at_last() {
	expect 9 "$A" fail-each 1 "$last" exec "$V/good" &&
		expect 9 "$A" fail-each 1 "$last" map "$V/good" &&
		expect 9 "$V/good"
}

# Enrolled is what was said to be, and what is removed is gone.
enrol() {
	local before digest
	digest=$(sha256sum /suite/keys/stranger.der | cut -d' ' -f1)
	before=$(counter keys) &&
		expect 9 "$A" fail-each 1 "$last" netlink-key-toggle \
			/suite/keys/stranger.der "$digest" &&
		same keys "$(counter keys)" "$before"
}

make_catalog() {
	cp "$V/h9" "$T/listed" && printf x >>"$T/listed" &&
		execgate catalog build --no-cache --name faults --sequence 1 \
			--sign --key /etc/execgate/test/key.pem --cert \
			/etc/execgate/test/cert.pem -o "$T/faults.catalog" \
			"$T/listed" &&
		expect 126 "$T/listed"
}

catalog() {
	expect 126 "$T/listed" || return
	expect 9 "$A" fail-each 1 "$last" netlink-catalog-add \
		"$T/faults.catalog" && expect 9 "$T/listed" || return
	execgate catalog remove --no-persist faults && expect 126 "$T/listed"
}

# What must not happen however little memory there is, from wherever it lacks.
attacks_fail() {
	check "faults-$1-exec-unsigned" never exec "$V/h9"
	check "faults-$1-exec-changed" never exec "$V/changed"
	check "faults-$1-map-unsigned" never map "$V/h9"
	check "faults-$1-map-changed" never map "$V/changed"
	check "faults-$1-mprotect" never protect "$V/h9"
	check "faults-$1-module-unsigned" never finit-module "$V/unsigned.ko" 0
	check "faults-$1-raw-disk" never_disk
	check "faults-$1-ptrace" never attach
	check "faults-$1-signed" signed_at_last
	check "faults-$1-enrol" enrol
	check "faults-$1-catalog" catalog
	check "faults-$1-events" expect 9 "$A" fail-each 1 "$last" netlink-events
	check "faults-$1-status" expect 9 "$A" fail-each 1 "$last" netlink-status
	check "faults-$1-check" \
		expect 9 "$A" fail-each 1 "$last" netlink-check "$V/good"
}

# setup FUNCTION: what all cases stand on
setup() {
	"$@" >"$T/out" 2>&1 || not_ok "setup: $*" "status $?"
}

setup faults_ready
forget_leaks
check faults-load load_each
check faults-load-leaves-no-leak no_leaks
setup load
setup disk_mounted
setup make_catalog
forget_leaks
attacks_fail anywhere
setup only_in_execgate
attacks_fail within
setup only_anywhere
check faults-leave-no-leak no_leaks
check faults-events-add-up events_add_up
check faults-still-denies expect 126 "$V/h9"
