# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A denial in the journal, and what becomes of it when the daemon is killed.

journal() { journalctl -o cat -t execgated "$@"; }

denied_in_journal() {
	execgate denials --json --reason "$1" | tail -n 1 >"$T/line" &&
		event_is "$(<"$T/line")" ino "$(stat -c %i "$2")"
}

explained() {
	journalctl -x _COMM=execgated | grep -iq unsigned
}

one_denial() {
	mkdir -p "$U" && cp "$V/h9" "$U/x"
	expect 126 "$U/x" && eventually denied_in_journal unsigned "$U/x" &&
		eventually explained
}

unit_in_journal() {
	journalctl -o cat --output-fields=EXECGATE_PATH EXECGATE_UNIT=held.service | grep -xF "$1" &&
		execgate denials --json --unit held | tail -n 1 >"$T/line" &&
		event_is "$(<"$T/line")" cgroup_path /system.slice/held.service &&
		event_is "$(<"$T/line")" ppid 1
}

# By then the process, its cgroup and the unit are gone.
denial_of_unit() {
	cp "$V/h9" "$U/of-unit" &&
		! systemd-run --quiet --wait --collect --unit=held "$U/of-unit" &&
		eventually unit_in_journal "$U/of-unit"
}

# Numbers of the journal's denials since a cursor, one a line, in order.
numbers() {
	journalctl --after-cursor "$1" -o json -t execgated |
		sed -n 's/.*"EXECGATE_SEQUENCE" *: *"\([0-9]*\)".*/\1/p'
}

restarted() { systemctl is-active execgated && [[ $(daemon_pid) != "$1" ]]; }
daemon_pid() { systemctl show -p MainPID --value execgated; }

# Different files, or the daemon would show them once, with a count.
burst_of_files() {
	local i
	for ((i = 0; i < 300; i++)); do
		cp "$V/h9" "$U/burst$i"
	done
	for ((i = 0; i < 300; i++)); do
		"$U/burst$i" 2>/dev/null && return 1
		((i != 100)) || kill -9 "$1"
	done
	return 0
}

all_came() {
	numbers "$1" >"$T/numbers"
	(($(wc -l <"$T/numbers") >= 300))
}

killed_in_burst() {
	local cursor pid
	pid=$(daemon_pid)
	((pid > 1)) || { echo "execgated is not running"; return 1; }
	cursor=$(journalctl -n 1 --show-cursor -o cat | sed -n 's/^-- cursor: //p')
	burst_of_files "$pid" && eventually restarted "$pid" &&
		eventually all_came "$cursor" || return
	sort -n "$T/numbers" | cmp - "$T/numbers" &&
		same "distinct numbers" "$(sort -nu "$T/numbers" | wc -l)" 300 &&
		same "a range without a gap" \
			$(($(tail -n 1 "$T/numbers") - $(head -n 1 "$T/numbers"))) 299
}

daemon_dead() {
	systemctl stop execgated && expect 126 "$U/x" &&
		expect 9 "$V/good" && expect 0 execgate status &&
		expect 1 execgate doctor && systemctl start execgated
}

# Names that would break a line, a terminal or a parser: one record each.
hostile_names() {
	local name long
	printf -v long '%0250d' 7
	take_events
	mkdir -p "$U/names" && for name in $'a\nb' $'\e[31mred' $'q"\\q' \
		$'\xff\xfe' ' ' '{"x":1}' "$long" $'\u202e'; do
		cp "$V/h9" "$U/names/$name" && expect 126 "$U/names/$name" ||
			return
	done
	execgate denials --kernel --json -n 8 >"$T/names" &&
		same lines "$(wc -l <"$T/names")" 8 &&
		python3 - "$U/names" "$T/names" <<-'EOF'
			import json, os, sys
			want = {os.stat(e.path).st_ino: os.fsencode(e.path)
			        for e in os.scandir(sys.argv[1])}
			for line in open(sys.argv[2], encoding="ascii"):
			    event = json.loads(line)
			    path = event.get("path_hex")
			    path = bytes.fromhex(path) if path else \
			        event["path"].encode()
			    assert want.pop(event["ino"]) == path, line
			assert not want, want
		EOF
}

execgate key enroll /suite/keys/trusted.pem >/dev/null
check full-denial-in-journal one_denial
check full-denial-names-unit denial_of_unit
# Technique: T1562.001
check 95-daemon-stopped daemon_dead
# Technique: T1036
check 101-hostile-names hostile_names
# Technique: T1562.001
check full-daemon-killed-in-burst killed_in_burst
