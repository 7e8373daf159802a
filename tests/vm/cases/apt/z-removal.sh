# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# execgate as a package: taken away in each mode. Last: little is left to test with.

D=/suite/debs
kept=/var/backups

package_state() { dpkg-query -W -f '${db:Status-Status}' "$1"; }

# What of it lies there came with no package, and its scripts were signed.
installs_itself() {
	not_denied dpkg --force-confnew -i $D/execgate_*.deb && same state "$(package_state execgate)" installed &&
		same mode "$(execgate mode)" enforce && systemctl is-active execgated
}

module_gone() {
	grep '^execgate ' /proc/modules || return 0
	modprobe -r execgate
	return 1
}

# It would go on without the tools to stop it.
refused_in_enforce() {
	local how
	for how in remove purge; do
		expect 100 apt-get "$how" -y execgate >"$T/removal" 2>&1 || return
		says 'execgate mode audit --persist' "$(<"$T/removal")" &&
			same state "$(package_state execgate)" installed &&
			same mode "$(execgate mode)" enforce &&
			expect 0 execgate status >/dev/null || return
	done
	systemctl is-active execgated
}

# removed MODE: and installed again it is in audit, as it was before, with its keys
removed() {
	execgate mode enforce --persist && execgate mode "$1" &&
		quiet apt-get remove -y execgate && [[ ! -e /usr/bin/execgate ]] &&
		module_gone &&
		[[ -e /etc/execgate/local/key.pem ]] && quiet dpkg -i $D/execgate_*.deb &&
		systemctl is-active execgated && same mode "$(execgate mode)" audit
}

# A signed policy in force keeps the module, too: in audit, until the next boot. Last
# but for the lock, as it does so for the rest of this boot.
removed_under_policy() {
	cp -a "$T/keys/." /etc/execgate/ && systemctl restart execgated &&
		quiet /usr/libexec/execgate-apt refresh &&
		execgate key enroll --for code,policy /etc/execgate/local/cert.pem &&
		quiet execgate policy make --mode audit --name removal --version 8 --sign \
			--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem \
			-o "$T/removal.policy" &&
		quiet execgate policy load "$T/removal.policy" && execgate mode audit &&
		apt-get remove -y execgate >"$T/removal" 2>&1 || return
	says 'keeps the module in the kernel until the next boot' "$(<"$T/removal")" &&
		grep '^execgate ' /proc/modules && cp "$V/h9" "$T/unsigned" &&
		expect 9 "$T/unsigned" && quiet dpkg -i $D/execgate_*.deb &&
		systemctl is-active execgated && same mode "$(execgate mode)" audit
}

# answered WORD: as the administrator would answer the question
answered() {
	echo "execgate execgate/remove-keys boolean $1" | debconf-set-selections
}

nothing_left() {
	local path
	for path in /etc/execgate /var/{lib,cache}/execgate /run/execgate /usr/libexec/execgate-apt \
		/etc/apt/apt.conf.d/05execgate /etc/dpkg/dpkg.cfg.d/execgate; do
		[[ ! -e $path ]] || { echo "$path is left"; return 1; }
	done
	module_gone
}

# trusts_nothing: installed again, no key, no catalog, not in enforce
trusts_nothing() {
	local json
	quiet dpkg -i $D/execgate_*.deb && systemctl is-active execgated || return
	json=$(execgate status --json | tr -d '\n')
	field "$json" keys && same keys "$REPLY" 0 &&
		[[ $(execgate mode) != enforce ]] &&
		field "$json" catalogs && same catalogs "$REPLY" 0
}

purged_with_keys_kept() {
	answered false && quiet apt-get purge -y execgate && nothing_left || return
	local key
	key=$(echo $kept/execgate-keys.*/local/key.pem)
	same "who may read it" "$(stat -c %a "$(dirname "$(dirname "$key")")")" 700 &&
		[[ -s $key ]] && trusts_nothing
}

# What was kept works when it is put back, by hand.
put_back() {
	cp -a $kept/execgate-keys.*/. /etc/execgate/ && systemctl restart execgated &&
		quiet /usr/libexec/execgate-apt refresh && execgate mode enforce &&
		expect 0 execgate status >/dev/null && execgate mode audit
}

purged() {
	mkdir -p "$T/keys" && cp -a /etc/execgate/. "$T/keys/" && rm -r $kept/execgate-keys.* &&
		answered true && quiet apt-get purge -y execgate && nothing_left &&
		same "what was kept" "$(echo $kept/execgate-keys.*)" "$kept/execgate-keys.*" &&
		trusts_nothing
}

# Nothing takes a locked gate out of enforce, so it keeps its tools.
refused_when_locked() {
	quiet /usr/libexec/execgate-apt refresh && execgate mode enforce &&
		execgate lock && expect 100 apt-get purge -y execgate >"$T/removal" 2>&1 || return
	says 'execgate.mode=audit on the kernel command line' "$(<"$T/removal")" &&
		same state "$(package_state execgate)" installed && same mode "$(execgate mode)" enforce
}

check apt-installs-itself installs_itself
check apt-removal-refused-in-enforce refused_in_enforce
check apt-removed-in-audit removed audit
check apt-removed-in-off removed off
check apt-purged-keys-kept purged_with_keys_kept
check apt-kept-keys-put-back put_back
check apt-purged purged
check apt-removed-under-policy removed_under_policy
check apt-removal-refused-when-locked refused_when_locked
