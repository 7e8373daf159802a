# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The daemon killed, stopped, or too slow: nothing waits for it, nothing gets lost
# without being counted. A program of ours plays the journal, to count with.

# What the daemon writes is in $T/journal: name, number, count, "1" if repeated.
start_journal() {
	mkdir -p /run/systemd/journal
	# As on the first start in a boot: it has all to tell since the module came.
	rm -rf /run/execgate
	"$A" journal /run/systemd/journal/socket >"$T/journal" &
	journal=$!
	wait_for test -S /run/systemd/journal/socket
}

stop_journal() {
	kill "$journal"
	wait "$journal" 2>/dev/null
	rm -f /run/systemd/journal/socket
}

# Nobody else joins the group in these rows.
subscribed() { awk '$2 == 16 && $4 != "00000000"' /proc/net/netlink | grep -q .; }
nobody_subscribed() { ! subscribed; }
daemon_drops() { awk '$2 == 16 && $4 != "00000000" { print $9 }' /proc/net/netlink; }

start_daemon() {
	execgated >>"$T/daemon" 2>&1 &
	daemon=$!
}

# One denial of a file that it has not seen yet is shown at once: when that one
# came, all before it did. Ended, it shows what it held back.
end_daemon() {
	local last
	cp "$V/h9" "$U/last" && expect 126 "$U/last" || return
	last=$(($("$A" netlink-next) - 1))
	wait_for grep -q "^denial $last " "$T/journal" && kill -TERM "$daemon" &&
		expect 0 wait "$daemon" && rm "$U/last"
}

# Every denial since the module was loaded is in the journal, or counted there as
# lost. $1: how many may be counted twice, for the daemon was killed amid sending.
accounted() {
	local total told lost ranges
	total=$(($("$A" netlink-next) - 1))
	read -r told lost ranges < <(awk '
		$1 == "denial" { told += $3 }
		$1 == "events-lost" { lost += $3; ranges++ }
		END { print told + 0, lost + 0, ranges + 0 }' "$T/journal")
	note "$2: $total denials, $told in the journal, $lost lost and counted in" \
		"$ranges entries"
	echo "$total denials, $told told, $lost lost"
	((told + lost >= total && told + lost <= total + $1))
}

# No entry but a summary comes after one with a higher number.
in_order() {
	awk '$1 == "denial" && $4 != "1" { if ($2 < last) exit 1; last = $2 }' \
		"$T/journal" || { echo 'entries out of order'; return 1; }
}

# No number is in two reports of losses.
lost_once() {
	awk '$1 == "events-lost" { if ($2 < next_free) exit 1; next_free = $2 + $3 }' \
		"$T/journal" || { echo 'a loss was told of twice'; return 1; }
}

# R6: killed again and again amid a flood; the next one takes up where it was.
daemon_killed() {
	local end=$((SECONDS + each)) kills=0 flood journal daemon n
	mkdir -p "$U/d"
	for ((n = 0; n < 100; n++)); do cp "$V/h9" "$U/d/$n"; done
	start_journal || return
	"$A" flood "$each" 1 "$U/d"/* >"$T/flood" &
	flood=$!
	while ((SECONDS < end || kills < 3)); do
		start_daemon
		wait_for subscribed || return
		sleep "0.$((kills * 7 % 10))"
		kill -9 "$daemon"
		wait "$daemon" 2>/dev/null
		kills=$((kills + 1))
	done
	expect 3 wait "$flood" || return
	wait_for nobody_subscribed && start_daemon && wait_for subscribed && end_daemon ||
		return
	stop_journal
	rm -rf "$U/d"
	accounted $((kills * 200)) "R6 $kills kills" && in_order && lost_once &&
		events_add_up
}

stopped() { grep -qE '^State:[[:space:]]+[Tt]' "/proc/$daemon/status"; }

# storm_beside NAME: denials and signed execs, while the daemon does nothing
storm_beside() {
	local flood
	"$A" flood "$each" 1 "$V/h9" >"$T/flood" &
	flood=$!
	storms "$each" 1 "$V/good" && expect 3 wait "$flood" || return
	note "R7 $1 for $each s: $ran execs, the longest $longest us, $(head -n 1 "$T/flood")"
}

# R7: stopped by a signal, then by a tracer; no exec waits for it.
daemon_stopped() {
	local journal daemon ran longest tracer
	start_journal && start_daemon && wait_for subscribed || return
	storm_beside 'daemon running' || return
	kill -STOP "$daemon" && wait_for stopped && subscribed &&
		storm_beside 'daemon stopped' && stopped && subscribed || return
	kill -CONT "$daemon"
	"$A" trace "$daemon" $((each + 5)) &
	tracer=$!
	wait_for stopped && storm_beside 'daemon traced' && stopped &&
		expect 9 wait "$tracer" && end_daemon || return
	stop_journal
	accounted 0 R7 && in_order && lost_once && events_add_up
}

# R8: its socket holds next to nothing, so it overruns all the time.
small_buffer() {
	local journal daemon drops round
	mkdir -p "$U/d"
	for ((n = 0; n < 100; n++)); do cp "$V/h9" "$U/d/$n"; done
	start_journal && start_daemon && wait_for subscribed || return
	expect 9 "$A" small-buffer "$daemon" || return
	for round in 1 2 3; do
		echo "round $round"
		kill -STOP "$daemon"
		expect 3 "$A" burst "$U/d/1" 500 || return
		kill -CONT "$daemon"
		expect 3 "$A" flood $((each / 3)) 1 "$U/d"/* || return
	done
	drops=$(daemon_drops)
	end_daemon || return
	stop_journal
	rm -rf "$U/d"
	((drops > 0)) || { echo 'nothing was dropped'; return 1; }
	accounted 0 "R8 $drops messages dropped by the socket" && in_order && lost_once &&
		events_add_up
}

row R6-daemon-killed daemon_killed
row R7-daemon-stopped daemon_stopped
row R8-small-buffer small_buffer
