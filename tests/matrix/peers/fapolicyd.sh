# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# fapolicyd with the rules that its package ships as examples, in the set "known-libs" of their README, which is also
# upstream's own; Debian installs none, and without some the service does not start. Left out of that set is
# 20-dracut, which lets root run anything from /var/tmp. Debian's packages are what is trusted, each file is compared by its
# SHA-256 (dpkg has MD5 alone, so fapolicyd takes it once, of files whose MD5 is right), and file systems are watched
# in all mount namespaces.

rules=(10-languages 21-updaters 30-patterns 40-bad-elf 41-shared-obj 42-trusted-elf 70-trusted-lang 72-shell
	90-deny-execute 95-allow-open)

trusted() {
	local file
	drivers | while read -r file; do
		echo "$file $(stat -c %s "$file") $(sha256sum <"$file" | cut -d ' ' -f 1)"
	done
}
listens() { journalctl -b -u fapolicyd -o cat --grep 'starting to listen'; }

put_in_force() {
	local conf=/etc/fapolicyd/fapolicyd.conf rule try
	mkdir -p /etc/fapolicyd/rules.d
	for rule in "${rules[@]}"; do
		cp "/usr/share/fapolicyd/sample-rules/$rule.rules" /etc/fapolicyd/rules.d/ || return
	done
	sed -i -e 's/^integrity *=.*/integrity = sha256/' -e 's/^trust *=.*/trust = debdb,file/' \
		-e 's/^allow_filesystem_mark *=.*/allow_filesystem_mark = 1/' "$conf" || return
	trusted >/etc/fapolicyd/trust.d/drivers
	systemctl start fapolicyd || { journalctl -b -u fapolicyd -o cat; return 1; }
	# First it computes the digests of all that is installed.
	for ((try = 0; try < 360; try++)); do
		! listens || break
		sleep 5
	done
	systemctl is-active fapolicyd && listens || { journalctl -b -u fapolicyd -o cat | tail -n 20; return 1; }
}
versions() {
	packages fapolicyd
	grep -E '^(trust|integrity|permissive|allow_filesystem_mark|watch_fs)' /etc/fapolicyd/fapolicyd.conf
	echo "rules ${rules[*]}"
}
