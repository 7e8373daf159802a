# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Kernel lockdown of either kind: the hooks are attached anew, and they gate. Not
# by lockdown= on the kernel command line: this kernel would not load our module
# then, which nobody has signed for it.

# attaches LEVEL: it can be raised, never lowered
attaches() {
	echo "$1" >/sys/kernel/security/lockdown &&
		says "\[$1\]" "$(cat /sys/kernel/security/lockdown)" || return
	execgate mode off && expect 9 "$V/h9" && execgate mode enforce &&
		expect 0 execgate status && take_events &&
		expect 126 "$V/h9" && take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unsigned && expect 9 "$V/good"
}

# The groups that are attached later are too.
locks_down() { execgate lock && expect 126 "$V/h9" && expect 9 "$V/good"; }

[[ -e /sys/kernel/security/lockdown ]] ||
	mount -t securityfs none /sys/kernel/security
execgate key enroll /suite/keys/trusted.pem >/dev/null || not_ok lockdown/setup enrol
check lockdown-integrity attaches integrity
check lockdown-confidentiality attaches confidentiality
check lockdown-locks locks_down
