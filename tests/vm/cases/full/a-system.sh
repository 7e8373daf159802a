# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A Debian in enforce: it boots, it works, nothing of it was denied.

booted() {
	local unit
	unit=$(systemctl list-units --failed --plain --no-legend)
	same "failed units" "$unit" "" &&
		systemctl is-active multi-user.target getty.target \
			execgated.service
}

# The console's unit waits for udev to name the device, which may come late.
login_prompt() {
	local try
	for try in {1..120}; do
		pgrep -x 'agetty|login' && return
		sleep 0.5
	done
	echo "no prompt after $try tries"
	return 1
}

programs_work() {
	python3 -c 'import json, ssl, ctypes, hashlib' &&
		perl -MPOSIX -e 'print "perl\n"' && bash -c true &&
		systemctl list-units && dpkg -l bash && apt-get check &&
		apt-get -s remove perl && id && ps aux && ssh -V
}

nothing_denied() {
	expect 7 execgate denials && expect 7 execgate denials --kernel &&
		same "denials counted" "$(counter events_emitted)" 0
}

mode_off_is_told() {
	local told
	execgate mode off && expect 11 execgate status
	told=$(execgate doctor)
	execgate mode enforce && says 'mode off' "$told" &&
		expect 0 execgate doctor
}

check full-boots booted
check full-login-prompt login_prompt
check full-programs-work programs_work
check full-nothing-denied nothing_denied
check full-doctor expect 0 execgate doctor
check full-status expect 0 execgate status
check full-mode-off-is-told mode_off_is_told
check full-doctor-user expect 8 setpriv --reuid 1000 --clear-groups \
	execgate doctor

# The root disk is an NVMe: its characters' nodes take commands past the disk.
generic_nodes() {
	local node
	# What signed the suite's own programs is no key of this machine.
	execgate key enroll --no-persist /suite/keys/trusted.pem &&
		execgate gate raw-disk on || return
	for node in /dev/ng0n1 /dev/nvme0; do
		take_events && says 'refused: EPERM' "$("$A" raw "$node")" &&
			take_events && same "events of $node" "${#EVENTS[@]}" 1 &&
			event_is "${EVENTS[0]}" reason raw-disk || break
	done
	execgate gate raw-disk off && same node "$node" /dev/nvme0 &&
		expect 9 "$A" raw /dev/ng0n1 &&
		execgate key remove /suite/keys/trusted.pem
}
check full-raw-generic-nodes generic_nodes
