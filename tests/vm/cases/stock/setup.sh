# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A Debian as its packages installed it, in audit: the administrator's three
# commands, and the reboot that lands in enforce. The lanes services and apt
# begin with this; "run" goes on with them in the boot that follows.

# Nothing is trusted before the first command: enforce would be the end.
refused_before() {
	same mode "$(execgate mode)" audit && expect 12 execgate mode enforce &&
		same mode "$(execgate mode)" audit
}

first_command() {
	execgate setup >"$T/said" 2>&1 || { cat "$T/said" && return 1; }
	cat "$T/said"
	says '.4/4. what would enforce break' "$(<"$T/said")" &&
		same mode "$(execgate mode)" audit &&
		same "the last that it says" "$(tail -n 1 "$T/said")" '    execgate mode enforce --persist'
}

no_finding() {
	local json
	execgate preflight || return
	json=$(execgate preflight --json | tr -d '\n')
	field "$json" denied && same denied "$REPLY" 0 &&
		field "$json" files && ((REPLY > 1000))
}

third_command() {
	execgate mode enforce --persist && same mode "$(execgate mode)" enforce
}

# What the lanes look at after the reboot has to be there before it.
for_later() {
	printf '%s\n' 'SHELL=/bin/sh' \
		'* * * * * root python3 -c "print(6 * 7)" >>/var/lib/cron-ran' \
		>/etc/cron.d/suite && execgate key enroll /suite/keys/trusted.pem
}

# A policy for the boots to come: the least of what the configuration says.
policy_for_later() {
	execgate key enroll --for code,policy /etc/execgate/local/cert.pem &&
		execgate policy make --mode audit --name stock --version 7 --sign \
		--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem \
		-o /root/stock.policy &&
		execgate policy load --persist /root/stock.policy &&
		same mode "$(execgate mode)" audit && execgate mode enforce
}

# shellcheck source=tests/vm/cases/stock/preflight.sh
. "$cases/stock/preflight.sh"
# shellcheck source=tests/vm/cases/stock/hints.sh
. "$cases/stock/hints.sh"

check stock-ran-was-found found_before
check stock-refused-before-setup refused_before
check stock-hint-before-setup hint_before_setup
check stock-setup first_command
check stock-hint-file-of-nobody hint_of_nobodys
check stock-hint-preflight hint_of_preflight
check stock-hint-quoted hint_quoted
check stock-hint-package hint_of_package
check stock-hint-enforce hint_of_enforce
check stock-hint-doctor hints_of_doctor
check stock-preflight no_finding
check stock-planted-named planted_named
check stock-planted-refused enforce_refused_by_planted
check stock-enforce-persist third_command
check stock-profile-refused profile_refused
check stock-for-later for_later
# With one in force, nothing but a boot takes the module away.
[[ $lane == apt ]] || check stock-policy policy_for_later
