# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# After the reboot, which keeps what README said it would: then execgate goes.

kept() {
	local json
	json=$(execgate policy show --json | tr -d '\n')
	field "$json" mode && same "mode of the policy" "$REPLY" enforce &&
		same mode "$(execgate mode)" enforce && expect 0 execgate status && expect 9 /opt/tool/bin/tool
}

# It says what comes first, as README does.
not_removed() {
	expect 100 apt-get purge -y execgate execgate-dkms >"$T/removal" 2>&1 || return
	says 'execgate mode audit --persist' "$(<"$T/removal")"
}

uninstalled() {
	typed Uninstall && ! type -P execgate && same traces "$(traces)" "" &&
		same packages "$(dpkg-query -W -f '${Package} ' 'execgate*' 2>/dev/null)" ""
}

# Every block was typed, in one of the two boots; the checks have their order.
all_typed() {
	same "blocks" "$(python3 "$cases/readme/type.py" $README --titles | sort)" "$(sed -n \
		"s/.*typed '\([A-Z][^']*\)'.*/\1/p; s/.*typed \(Enforce\|Uninstall\) .*/\1/p" \
		"$cases"/readme/[az]-*.sh | sort)"
}

check readme-kept-over-reboot kept
check readme-removal-refused not_removed
check readme-uninstall uninstalled
check readme-all-blocks all_typed
