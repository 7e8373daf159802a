# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The signed policy that was loaded before the reboot is the least of this boot,
# and whoever wants less is told of in the journal.

after_reboot() {
	local json
	json=$(execgate policy show --json | tr -d '\n')
	field "$json" version && same version "$REPLY" 7 &&
		same kept "$(</var/lib/execgate/policy-version)" '7 policy' &&
		same mode "$(execgate mode)" enforce
}

# Not what the daemon would put in force: the kernel is asked past it.
older_refused() {
	execgate policy make --mode off --version 6 --sign "${K[@]}" -o "$S/old" &&
		expect 4 execgate policy load "$S/old" &&
		says 'version 7 is in force' "$(execgate policy load "$S/old" 2>&1)"
}

refused_in_journal() {
	local try
	expect 8 execgate mode off && same mode "$(execgate mode)" enforce || return
	for ((try = 0; try < 100; try++)); do
		denials_of_boot --reason policy-signed --json >"$S/refused" 2>&1 && break
		sleep 0.2
	done
	cat "$S/refused"
	says '"denied":true.*"hook":"policy"' "$(<"$S/refused")" &&
		same "how many" "$(grep -c '"reason"' "$S/refused")" 1 &&
		denials_of_boot --reason policy-version &&
		says 'wanted a mode, profile or gate' "$(journalctl -b -x -t execgated \
			EXECGATE_REASON=policy-signed | tr '\n' ' ')"
}

check services-policy-after-reboot after_reboot
check services-older-policy-refused older_refused
check services-policy-in-journal refused_in_journal
