# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A Debian that boots in enforce with $clock in the machine's own clock: its battery is
# dead, or it is years ahead. systemd puts a clock right that is before its own build, so
# the machine's is set once more. What is signed runs and what is not does not, with
# each clock, and with the gate locked as well.

C=$T/clock
mkdir -p "$C"

machine_clock() { cat /sys/class/rtc/rtc0/since_epoch; }

# The kernel has begun with it.
was_false() {
	same "machine's day" "$(date -u -d "@$(machine_clock)" +%F)" "$clock" &&
		says "setting system clock to $clock" "$(dmesg)"
}

# Keys that have ended are keys, and nothing of the boot was denied.
booted() {
	local json
	date
	systemctl is-active multi-user.target execgated &&
		same "failed units" "$(systemctl list-units --failed --plain --no-legend)" "" &&
		same mode "$(execgate mode)" enforce || return
	json=$(execgate status --json | tr -d '\n')
	field "$json" keys && same keys "$REPLY" 2 &&
		same "denials counted" "$(counter events_emitted)" 0
}

# at SECONDS: what was judged before and what is judged now
at() {
	date -s "@$1" && cp "$V/good" "$C/fresh" && cp "$V/h9" "$C/unsigned" &&
		expect 9 "$V/good" && expect 9 "$C/fresh" && take_events &&
		expect 126 "$C/unsigned" && take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unsigned
}

with_each_clock() { at "$(machine_clock)" && at "$right" && at "$(machine_clock)"; }

# When the suite was copied into the guest.
right=$(stat -c %Y /suite/scratch.img)
check clock-was-false was_false
check clock-boots booted
check clock-as-booted at "$(date +%s)"
check clock-set with_each_clock
check clock-lock execgate lock
check clock-set-when-locked with_each_clock
