# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What is counted, what is hashed, what is kept of a flood.

M=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)

# 1 MB that 64 processes want at once: read by one of them, for all. No more, as who
# has waited a second judges for himself.
hashed_once() {
	local size before after
	mkdir -p "$U" && cp "$V/h9" "$U/big" &&
		head -c 262144 /dev/zero >>"$U/big" || return
	size=$(stat -c %s "$U/big")
	execgate sign "${M[@]}" "$U/big" >/dev/null && expect 9 "$A" anon ||
		return
	before=$(counter bytes_hashed)
	expect 9 "$A" parallel "$U/big" 64 || return
	after=$(counter bytes_hashed)
	same "bytes hashed" $((after - before)) "$size" &&
		expect 9 "$A" change "$U/big" write
}

# in_kernel PID: it has spent a tenth of a second there, as only hashing does; or
# it has ended
in_kernel() {
	local stat
	read -ra stat <"/proc/$1/stat" && [[ ${stat[2]} == Z ]] || ((stat[14] >= 10))
}

# SIGKILL ends a verification; the next one starts anew. Of the file nothing was
# found out: that is counted, and is no event.
killed_while_verified() {
	local pid before
	before=$(counter interrupted) && mkdir -p "$U" && cp "$V/h9" "$U/huge" &&
		head -c 100000000 /dev/zero >>"$U/huge" &&
		execgate sign "${M[@]}" "$U/huge" >/dev/null && take_events ||
		return
	"$A" exec "$U/huge" &
	pid=$!
	until in_kernel "$pid"; do
		sleep 0.1
	done
	kill -9 "$pid"
	expect 137 wait "$pid" && take_events || return
	same events "${#EVENTS[@]}" 0 &&
		same interrupted "$(counter interrupted)" $((before + 1)) &&
		says '' "$(events_add_up)" && expect 9 "$U/huge" && rm "$U/huge"
}

# Numbers without a gap, in order, all of one process; the sums agree.
burst_in_order() {
	local event number=0 denied
	take_events && denied=$(counter events_emitted) || return
	expect 3 "$A" burst "$V/h9" 1000 && take_events || return
	same events "${#EVENTS[@]}" 1000 || return
	for event in "${EVENTS[@]}"; do
		field "$event" sequence || return
		((number == 0 || REPLY == number + 1)) || {
			echo "after $number comes $REPLY"
			return 1
		}
		number=$REPLY
	done
	same emitted "$(counter events_emitted)" $((denied + 1000))
}

# Nobody reads: each is denied, the last 4096 are kept, what went is countable.
ring_is_bounded() {
	local next
	expect 3 "$A" burst "$V/h9" 6000 || return
	next=$(counter event_next)
	take_events && same kept "${#EVENTS[@]}" 4096 &&
		field "${EVENTS[0]}" sequence &&
		same oldest "$REPLY" $((next - 4096)) &&
		same "oldest counted" "$(counter event_oldest)" $((next - 4096))
}

# One user's flood pushes out its own events; another's single one stays.
fair_between_users() {
	local event others=0 next
	take_events || return
	setpriv --reuid=65534 --clear-groups "$A" exec "$V/h9"
	expect 3 "$A" burst "$V/h9" 6000 || return
	next=$(counter event_next)
	take_events && same held "$(counter events_held)" 4096 || return
	for event in "${EVENTS[@]}"; do
		field "$event" uid && [[ $REPLY == 0 ]] || others=$((others + 1))
	done
	same "events of the other user" "$others" 1 &&
		event_is "${EVENTS[0]}" uid 65534 &&
		event_is "${EVENTS[0]}" sequence $((next - 6001)) &&
		events_add_up
}

# Hostile lengths cost no memory to speak of and no line of the log.
lengths_are_quiet() {
	local file lines
	dmesg >"$T/before"
	for file in "$V"/length-* "$V"/{huge-length,nested,issuer-60k,pad}; do
		expect 126 "$file" || return
	done
	dmesg >"$T/after"
	lines=$(($(wc -l <"$T/after") - $(wc -l <"$T/before")))
	same "new lines in the kernel log" "$lines" 0 || {
		tail -n "$lines" "$T/after"
		return 1
	}
}

anonymous_counted() {
	local before
	before=$(counter anon_exec)
	expect 9 "$A" anon && (($(counter anon_exec) > before))
}

check 64-hashed-once hashed_once
check killed-while-verified killed_while_verified
check burst-in-order burst_in_order
check 9-lengths-are-quiet lengths_are_quiet
check 40-anonymous-counted anonymous_counted
# Technique: T1562.006
check ring-is-bounded ring_is_bounded
check 5-fair-between-users fair_between_users
