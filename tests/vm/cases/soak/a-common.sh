# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Load and faults. This script has what the rows of this lane share.
#
# Each row has its share of SOAK_MINUTES and prints figures, as comments. What
# fails is a broken invariant, never a slow machine: no figure of time is judged,
# and where something has to come about, the wait for it is generous.

each=$((${SOAK_MINUTES:-20} * 60 / 15)) # seconds a row
((each >= 4)) || each=4
mine=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)

# row NAME FUNCTION: a check that prints its figures, if it has any
row() {
	selected "$1" || return 0
	: >"$T/figures"
	check "$@"
	sed 's/^/# /' "$T/figures"
}

note() { echo "$*" >>"$T/figures"; }
sign() { execgate sign "${mine[@]}" "$@" >/dev/null; }
now() { echo "${EPOCHREALTIME/./}"; } # microseconds
skip_events() { position=$("$A" netlink-next); }

# Whoever opens a file for writing drops the verdict on it; nothing is written.
forget_verdict() { : >>"$1"; }

# nap MICROSECONDS N: the Nth of a hundred points in that time, in no order
nap() { sleep "$(awk -v t="$1" -v n="$2" 'BEGIN { printf "%.4f", t * (n * 37 % 100) / 1e8 }')"; }

# wait_for COMMAND...: until it succeeds
wait_for() {
	local end=$((SECONDS + 120))
	until "$@"; do
		((SECONDS < end)) || {
			echo "waited in vain for: $*"
			return 1
		}
		sleep 0.1
	done
}

# storms SECONDS COUNT FILE: so many loops of execs; sets ran and longest
storms() {
	local pids=() pid status=0 i
	: >"$T/storms"
	for ((i = 0; i < $2; i++)); do
		"$A" storm "$1" "$3" >>"$T/storms" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do expect 9 wait "$pid" || status=1; done
	read -r ran longest < <(awk '{ n += $2; if ($6 > m) m = $6 }
		END { print n + 0, m + 0 }' "$T/storms")
	return "$status"
}

# denied_once REASON: of the events since the last look there is one, of that
denied_once() {
	take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason "$1"
}

# Kernel memory in kB: all that cannot be given back, and what kmalloc gave out,
# which is where everything comes from that the module allocates.
unreclaimable() { awk '/^SUnreclaim:/ { print $2 }' /proc/meminfo; }
kmalloc_kb() {
	awk '/^kmalloc-/ { n += $2 * $4 } END { print int(n / 1024) }' /proc/slabinfo
}
settle() {
	local cache
	sleep 3
	for cache in /sys/kernel/slab/kmalloc-*; do echo 1 >"$cache/shrink"; done
}

execgate key enroll /suite/keys/trusted.pem >"$T/out" 2>&1 ||
	not_ok soak-key "cannot be enrolled"
: >"$T/out"
