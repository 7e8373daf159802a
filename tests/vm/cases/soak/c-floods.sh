# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Denials by the thousand, and who still gets a word in.

# Whatever that user runs, and what those make meanwhile.
kill_user() {
	setpriv --reuid="$1" --clear-groups bash -c 'kill -9 -1' 2>/dev/null
	! grep -qs "^Uid:[[:space:]]*$1" /proc/[0-9]*/status
}

# R3: as many processes as the limit lets be, each making more, signed and unsigned
# in turn. In a session of their own, as another user's login is.
fork_bomb() {
	local before after bomb start answered=0 took longest=0 most=0 end tasks
	before=$("$A" netlink-next)
	(
		ulimit -u 2000
		exec setsid /usr/bin/setpriv --reuid=65534 --clear-groups bash -c '
			bomb() {
				while :; do
					"$1" &
					"$2" &
					bomb "$@" &
				done
			}
			bomb "$@"' bomb "$V/good" "$V/h9"
	) >/dev/null 2>&1 &
	bomb=$!
	end=$((SECONDS + each))
	while ((SECONDS < end || answered < 3)); do
		sleep 1
		start=$(now)
		expect 9 timeout 120 "$V/good" || return
		took=$(($(now) - start))
		((took <= longest)) || longest=$took
		answered=$((answered + 1))
		read -r _ _ _ tasks _ </proc/loadavg
		((${tasks#*/} <= most)) || most=${tasks#*/}
	done
	wait_for kill_user 65534 || return
	wait "$bomb" 2>/dev/null
	after=$("$A" netlink-next)
	note "R3 up to $most tasks; $answered answers of a signed program, the slowest" \
		"after $longest us (target 5000000); $((after - before)) denials"
	((answered > 0 && after > before)) && events_add_up
}

# kernel_lines MARK: what the module has said in the log since then
kernel_lines() {
	dmesg >"$T/dmesg"
	sed "1,/$1/d" "$T/dmesg" | grep -c 'execgate:' || true
	grep -q "$1" "$T/dmesg"
}

# flooded COUNT [PAUSE]: a flood, with a reader that takes so long over each
# message; sets denied, received and missing. Without a PAUSE nobody reads.
flooded() {
	local reader='' line
	received=0 missing=0 overruns=0
	if (($# > 1)); then
		"$A" netlink-listen "$2" >"$T/reader" &
		reader=$!
		wait_for grep -q listening "$T/reader" || return
	fi
	expect 3 "$A" flood $((each / 3)) "$1" "$V/h9" >"$T/flood" || return
	read -r _ denied _ <"$T/flood"
	[[ -n $reader ]] || return 0
	kill "$reader" && expect 9 wait "$reader" || return
	line=$(tail -n 1 "$T/reader")
	echo "$line"
	says 'disorder 0$' "$line" || return
	read -r _ received _ missing _ overruns _ <<<"$line"
	same 'received and missing' $((received + missing)) "$denied"
}

# R4: every deny is enforced and accounted for, whoever reads them, or nobody.
deny_flood() {
	local mark=soak-R4-$RANDOM before denied received missing overruns lines
	echo "$mark" >/dev/kmsg
	before=$(unreclaimable)
	flooded 4500 && events_add_up || return
	note "R4 nobody reads: $denied denials, kernel memory $before kB before," \
		"$(unreclaimable) kB with $(counter events_held) held"
	same held "$(counter events_held)" 4096 || return
	flooded 2000 20000 && events_add_up || return
	note "R4 slow reader: $denied denials, $received came, $missing missing by number," \
		"$overruns overruns"
	((overruns > 0 && missing > 0)) || {
		echo 'the slow reader was not too slow'
		return 1
	}
	flooded 500 0 && events_add_up || return
	note "R4 fast reader: $denied denials, $received came, $missing missing by number"
	((received > 0)) && (($(counter events_held) <= 4096)) || return
	lines=$(kernel_lines "$mark") || { echo 'the mark left the log'; return 1; }
	note "R4 $lines lines in the kernel's log (at most 10)"
	((lines <= 10)) && expect 126 "$V/h9"
}

# R5: what another user was denied amid a flood is still there after it.
fair_under_flood() {
	local flood others status=0
	skip_events
	"$A" flood "$each" 1 "$V/h9" >"$T/flood" &
	flood=$!
	sleep 1
	setpriv --reuid=65533 --clear-groups "$A" exec "$V/h9"
	expect 3 wait "$flood" || return
	take_events || return
	others=$(grep -c '"uid": *65533[,}]' "$T/events") || status=1
	note "R5 $(head -n 1 "$T/flood") times; of the other user $others event among" \
		"${#EVENTS[@]}"
	((status == 0)) && same "events of the other user" "$others" 1 && events_add_up
}

# Technique: T1499
row R3-fork-bomb fork_bomb
# Technique: T1562.006
row R4-deny-flood deny_flood
row R5-fair-under-flood fair_under_flood
