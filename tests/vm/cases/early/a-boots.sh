# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# An initramfs arms the gate in enforce, over five boots. In each of them a unit starts an unsigned
# program before the daemon is there: it runs where the initramfs has a reason not to
# enforce, and is refused where it has none. The machine comes up each time.

patience=300
C=/etc/execgate
L=/var/lib/execgate
mark=/run/early-attack-ran
needed=/usr/sbin/fsck # by a boot, though not by this one

# said EVENT PATTERN: in the journal, by the initramfs of this boot
said() {
	journalctl -q -b -o cat -t execgated "EXECGATE_EVENT=$1" |
		grep -E "^before the root switch: .*($2)"
}

# healthy: the boot has come to its good end, and is counted so
healthy() {
	eventually systemctl -q is-active execgate-boot-ok && grep -x 'attempts 0' "$L/boots"
}

# what came of the program, by what it left and by what its unit says
attack_ran() { [[ -e $mark ]] && systemctl -q is-active early-attack; }

attack_refused() {
	[[ ! -e $mark ]] || { echo "it ran"; return 1; }
	same "status" "$(systemctl show -p ExecMainStatus --value early-attack)" 203
}

# attack_events MODE: one event of this boot, by process 1 or what it forked
attack_events() {
	local event found=()
	position=1
	take_events || return
	for event in "${EVENTS[@]}"; do
		[[ $event != *'"/opt/early-attack"'* ]] || found+=("$event")
	done
	same events "${#found[@]}" 1 && event_is "${found[0]}" mode "$1" &&
		event_is "${found[0]}" reason unsigned && event_is "${found[0]}" hook exec
}

# enforces: by the daemon, whoever armed the gate
enforces() { same mode "$(execgate mode)" enforce && systemctl is-active execgated; }

not_armed() {
	said not-armed-early 'does NOT enforce yet' && said "$1" "$2" &&
		says 'warn +early boot: ' "$(execgate doctor)"
}

armed() {
	said armed-early 'mode enforce; keys: [12],' && says 'ok +early boot: ' "$(execgate doctor)"
}

# Nobody set another mode since: all changes of it were the initramfs's.
taken_over() {
	enforces && healthy && ! journalctl -q -b -o cat -t execgated EXECGATE_EVENT=mode-changed |
		grep -v '^before the root switch: '
}

unjudged_told() { said unjudged-programs '[0-9]+ processes run already'; }

# pcr: as the kernel tells it; replayed: as the record makes it
pcr() { tr '[:upper:]' '[:lower:]' </sys/class/tpm/tpm0/pcr-sha256/15; }
replayed() {
	python3 -c '
import hashlib
value = bytes(32)
for line in open("/run/execgate/measured"):
    number, text = line.rstrip("\n").split(" ", 1)
    assert number == "15"
    value = hashlib.sha256(value + hashlib.sha256(text.encode()).digest()).digest()
print(value.hex())'
}

# lines N: so many measurements are on record
lines() { (($(wc -l </run/execgate/measured) == $1)); }

# By the initramfs, which has one key, and by the daemon, which has two.
measured() {
	said measured 'PCR 15' || return
	eventually lines 2 || { journalctl -q -b -o cat -t execgated EXECGATE_EVENT=not-measured; return 1; }
	grep -x '15 execgate policy 0 keys [0-9a-f]*' /run/execgate/measured &&
		same PCR "$(pcr)" "$(replayed)"
}

# What is trusted for a moment stays in the PCR.
measured_again() {
	local before
	before=$(pcr)
	execgate key enroll --for modules /suite/keys/modules.pem && eventually lines 3 && same PCR "$(pcr)" "$(replayed)" && [[ $(pcr) != "$before" ]]
}

# The initramfs is not in the disk's /boot here; its age alone is asked about.
age_told() {
	local image status=0
	image=/boot/initrd.img-$(uname -r)
	: >"$image" && says 'ok +initramfs: ' "$(execgate doctor)" && sleep 1.1 &&
		: >"$C/keys/new.pem" && says 'warn +initramfs: it is older than ' "$(execgate doctor)" ||
		status=1
	rm -f "$image" "$C/keys/new.pem"
	return $status
}

no_secret() {
	local files
	cp /suite/keys/trusted.key "$C/keys/secret.pem" && files=$(execgated --early-files) || return
	rm "$C/keys/secret.pem"
	says '/etc/execgate/keys/test.pem' "$files" && [[ $files != *secret* ]]
}

fell_back() {
	same mode "$(execgate mode)" audit && said boot-fallback '3 boots in mode enforce failed' &&
		says 'FAIL +boots: 3 boots' "$(execgate doctor)"
}

next_boot() {
	echo "$((boot + 1)) $total $failures" >"$first_boot"
	sync
	systemctl reboot
	exec sleep infinity
}

sign_needed() {
	execgate sign --key "$C/test/key.pem" --cert "$C/test/cert.pem" "$needed" >"$T/out" 2>&1
}

case $boot in
1)
	# Nothing counts its boots yet.
	# Technique: T1543.002
	check early-attack-works attack_ran
	check early-attack-works-would-deny attack_events audit
	# Technique: none
	check early-not-counted not_armed boots-not-counted 'this boot is not counted'
	check early-daemon-enforces-later enforces
	check early-first-boot-healthy healthy
	next_boot
	;;
2)
	# Technique: T1543.002
	check early-attack-refused attack_refused
	check early-attack-refused-event attack_events enforce
	# Technique: none
	check early-armed armed
	check early-taken-over taken_over
	check early-unjudged unjudged_told
	check early-measured measured
	check early-measured-again measured_again
	check early-age age_told
	check early-no-secret no_secret
	echo 'not a catalog' >"$C/catalogs/junk.cat"
	next_boot
	;;
3)
	check early-bad-catalog-said said catalog-rejected junk.cat
	check early-bad-catalog-refused attack_refused
	check early-bad-catalog-taken-over taken_over
	rm "$C/catalogs/junk.cat"
	execgate unsign "$needed" >"$T/out" 2>&1
	next_boot
	;;
4)
	check early-not-ready not_armed not-armed-early "the boot needs (/usr)?/sbin/fsck, and .* unsigned"
	check early-not-ready-attack-ran attack_ran
	check early-not-ready-enforces-later enforces
	check early-not-ready-healthy healthy
	sign_needed
	printf 'execgate-boots 1\nboot -\nattempts 3\nfell-back 0\n' >"$L/boots"
	next_boot
	;;
5)
	check early-fell-back fell_back
	check early-fell-back-attack-ran attack_ran
	;;
esac
