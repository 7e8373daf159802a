# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# All rules that are shipped, examples too, in strength deny, but for one: the set-up of lane
# rules, which then boots in enforce.

shipped_lists=(/usr/share/execgate/identities.d/places.conf
	/usr/share/doc/execgate/examples/{scripts,servers}.conf)

# What stays a report: servers.conf says why.
reports='rule = report starts none'

# A list of the administrator's takes the place of a shipped one of the same name.
all_deny() {
	local list
	for list in "${shipped_lists[@]}"; do
		sed "/^$reports\$/! s/^rule = report /rule = /" "$list" \
			>"/etc/execgate/identities.d/${list##*/}" || return
	done
	same "what reports" "$(grep -rh 'rule = report' /etc/execgate/identities.d)" "$reports" &&
		execgate identity list
}
# It finds one file, which a shell reads at each login, and which came with no package here.
# Nor did these scripts, which a shell with rules reads in the boot to come.
rules_setup() {
	expect 12 execgate setup >"$T/said" 2>&1 || { cat "$T/said" && return 1; }
	cat "$T/said"
	says $'\n1 of [0-9]+ files would be denied' "$(<"$T/said")" &&
		says ' /etc/profile.d/execgate.sh ' "$(<"$T/said")" &&
		execgate key enroll /suite/keys/trusted.pem &&
		execgate catalog build --no-cache --name product --sign --key /etc/execgate/local/key.pem \
			--cert /etc/execgate/local/cert.pem -o /root/product.cat /etc/profile.d/execgate.sh \
			"$cases" &&
		execgate catalog install /root/product.cat
}
# The lists agree with the machine; and enforce would break nothing.
rules_lint() { execgate identity lint; }
rules_preflight() { execgate preflight; }
rules_enforce() {
	printf '%s\n' 'SHELL=/bin/sh' '* * * * * root python3 -c "print(6 * 7)" >>/var/lib/cron-ran' \
		>/etc/cron.d/suite && execgate mode enforce --persist && same mode "$(execgate mode)" enforce
}

check rules-deny all_deny
check rules-setup rules_setup
check rules-lint rules_lint
check rules-preflight rules_preflight
check rules-enforce rules_enforce
