# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# fapolicyd with its shipped rules, Debian's packages as what is trusted, each file compared by its SHA-256.

put_in_force() {
	local conf=/etc/fapolicyd/fapolicyd.conf
	sed -i -e 's/^permissive *=.*/permissive = 0/' -e 's/^integrity *=.*/integrity = sha256/' "$conf" || return
	drivers | while read -r file; do fapolicyd-cli --file add "$file" || return; done
	systemctl start fapolicyd || return
	local try
	for ((try = 0; try < 240; try++)); do
		! journalctl -b -u fapolicyd -o cat | grep -qi 'starting to listen' || break
		sleep 1
	done
	cat "$conf"
	ls /etc/fapolicyd/rules.d
	systemctl is-active fapolicyd
}
versions() {
	packages fapolicyd
	grep -E '^(trust|integrity|permissive)' /etc/fapolicyd/fapolicyd.conf
	echo "rules $(cd /etc/fapolicyd/rules.d && echo *)"
}
