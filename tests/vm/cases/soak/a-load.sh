# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The second table of ATTACKS: load and faults, each for its share of
# SOAK_MINUTES. What fails is a broken invariant, never a slow machine.

each=$((${SOAK_MINUTES:-20} * 60 / 10)) # seconds a case
figures() { echo "# $*" >>"$T/figures"; }

# R1: cached verdicts under parallel execs; not one of them is denied.
exec_storm() {
	local pids=() pid
	take_events || return
	for _ in 1 2 3 4; do
		"$A" storm "$each" "$V/good" >>"$T/storms" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do expect 9 wait "$pid" || return; done
	take_events && same denials "${#EVENTS[@]}" 0 || return
	figures "R1 $(awk '{ n += $2 } END { print n }' "$T/storms") execs in $each s"
}

# R3: as many processes as the limit lets be, signed and unsigned in turn.
fork_bomb() {
	local before after
	before=$(counter events_emitted)
	(
		ulimit -u 200
		exec setpriv --reuid=65534 --clear-groups timeout "$each" \
			bash -c 'while :; do "$1" & "$2" & done' \
			bomb "$V/good" "$V/h9"
	) >/dev/null 2>&1 &
	sleep $((each / 2))
	expect 0 timeout 60 "$A" netlink-next
	wait
	after=$(counter events_emitted)
	figures "R3 $((after - before)) events of denials"
	((after > before)) && events_add_up
}

# R4, nobody reads, then one reads: every deny is enforced and accounted for.
deny_flood() {
	local end=$((SECONDS + each)) floods=0
	while ((SECONDS < end)); do
		expect 3 "$A" burst "$V/h9" 6000 || return
		floods=$((floods + 1))
		((floods % 2)) || take_events || return
	done
	same held "$(counter events_held)" 4096 || return
	figures "R4 $((floods * 6000)) denials, $(counter events_suppressed) suppressed"
	events_add_up
}

# R5: what another user was denied before and amid the floods is still there.
fair_under_flood() {
	local flood event others=0
	take_events || return
	"$A" burst "$V/h9" 30000 >/dev/null &
	flood=$!
	sleep 1
	setpriv --reuid=65534 --clear-groups "$A" exec "$V/h9"
	wait "$flood"
	expect 3 "$A" burst "$V/h9" 6000 && take_events || return
	for event in "${EVENTS[@]}"; do
		field "$event" uid && [[ $REPLY == 0 ]] || others=$((others + 1))
	done
	figures "R5 $others event of the other user among ${#EVENTS[@]}"
	same "events of the other user" "$others" 1 && events_add_up
}

# R10: a key comes and goes; what another key signed runs, unsigned never does.
swaps_under_storm() {
	local end=$((SECONDS + each)) probe storm swaps=0
	(
		while [[ ! -e $T/enough ]]; do
			"$V/h9"
			(($? == 126)) || echo "it ran"
		done
	) >"$T/probe" 2>/dev/null &
	probe=$!
	"$A" storm "$each" "$V/good" >/dev/null &
	storm=$!
	while ((SECONDS < end)); do
		execgate key enroll /suite/keys/second.pem &&
			execgate key remove /suite/keys/second.pem || return
		swaps=$((swaps + 1))
	done >/dev/null
	touch "$T/enough"
	expect 9 wait "$storm" && wait "$probe" || return
	figures "R10 $swaps key swaps"
	((swaps > 0)) && same "unsigned runs" "$(grep -c ran "$T/probe")" 0
}

# R7: the daemon is stopped, with a socket that nobody empties; no exec waits for it.
daemon_stopped() {
	local pid storm
	printf '[gate]\nmode = enforce\n' >"$T/conf"
	execgated --config "$T/conf" >"$T/daemon" 2>&1 &
	pid=$!
	sleep 3
	kill -STOP "$pid" || return
	"$A" storm "$each" "$V/good" &
	storm=$!
	while kill -0 "$storm" 2>/dev/null; do
		expect 3 "$A" burst "$V/h9" 1000 || return
	done
	expect 9 wait "$storm" || return
	kill -0 "$pid" && kill -KILL "$pid" && expect 126 "$V/h9" &&
		figures "R7 stopped for $each s and killed" && events_add_up
}

# R13: killed while it is judged, again and again; then it is judged and runs.
killed_mid_verify() {
	local end=$((SECONDS + each)) kills=0 pid
	mkdir -p "$U" && cp "$V/h9" "$U/huge" &&
		head -c 40000000 /dev/zero >>"$U/huge" &&
		execgate sign --key /etc/execgate/test/key.pem --cert \
			/etc/execgate/test/cert.pem "$U/huge" >/dev/null || return
	while ((SECONDS < end)); do
		"$A" exec "$U/huge" >/dev/null &
		pid=$!
		sleep "0.0$((kills % 9))"
		kill -9 "$pid"
		wait "$pid" 2>/dev/null
		expect 9 "$A" change "$U/huge" write || return
		kills=$((kills + 1))
	done
	figures "R13 $kills kills"
	((kills > 0))
}

# R25: more verdicts than are kept; how many there are is bounded.
cache_attack() {
	local n=0 end=$((SECONDS + each)) most=0 now
	mkdir -p "$U/many"
	while ((SECONDS < end && n < 100000)); do
		cp "$V/good" "$U/many/$((n % 500))" && expect 9 "$U/many/$((n % 500))" ||
			return
		n=$((n + 1))
		((n % 100)) || {
			now=$(counter cache_entries)
			((now > most)) && most=$now
		}
	done
	rm -rf "$U/many"
	figures "R25 $n files, at most $most verdicts held, then $(counter cache_entries)"
	((n > 0 && $(counter cache_entries) <= most + 10))
}

check soak-key execgate key enroll /suite/keys/trusted.pem
check R1-exec-storm exec_storm
check R3-fork-bomb fork_bomb
check R4-deny-flood deny_flood
check R5-fair-under-flood fair_under_flood
check R10-swaps-under-storm swaps_under_storm
check R7-daemon-stopped daemon_stopped
check R13-killed-mid-verify killed_mid_verify
check R25-cache-attack cache_attack
cat "$T/figures"
