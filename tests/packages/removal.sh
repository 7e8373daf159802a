# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Removed and purged: what is left of them, and of the keys that only this machine has.

key=/etc/execgate/local/key.pem

# apt_get ARG...: nobody is there to answer; sudo, which dkms recommends, goes with it
apt_get() { on_machine env INITRD=No SUDO_FORCE_REMOVE=yes apt-get -qy "$@"; }

has_key() {
	on_machine execgate key generate --out /etc/execgate/local --no-passphrase --name 'this machine'
}

# Keys and the configuration stay, as a package that comes back finds them.
removed() {
	apt_get remove execgate execgate-dkms && on_machine test -s $key &&
		same "modules" "$(module_files 2>/dev/null)" "" &&
		same "what runs" "$(on_machine find /usr /lib -xdev -iname '*execgate*')" ""
}

# left: how the machine differs from the one before, without kept keys and their folder, and
# without what others leave: netbase makes /etc/hosts, and dkms keeps the key that it made
left() {
	diff <(echo "$before") <(state) | grep '^[<>]' |
		grep -vE ' /(var/backups/execgate-keys\.|etc/hosts( |$)|var/lib/dkms( |$|/mok\.))' || true
}

purged_unasked() {
	local folder
	apt_get purge execgate execgate-dkms >"$work/purge" 2>&1 || { cat "$work/purge"; return 1; }
	folder=$(on_machine sh -c 'echo /var/backups/execgate-keys.*')
	says "are kept in $folder" "$work/purge" &&
		same "who may read them" "$(on_machine stat -c '%a %U' "$folder")" "700 root" &&
		on_machine test -s "$folder/local/key.pem"
}

# new_packages: came with ours; apt keeps those that others recommend
new_packages() { diff <(echo "$before") <(state) | sed -nE 's/^> [a-z]{2}  ([^ ]+)$/\1/p'; }

# others_purged: what is left then is ours
others_purged() {
	local packages
	mapfile -t packages < <(new_packages)
	((${#packages[@]} == 0)) || apt_get purge "${packages[@]}"
}

no_trace() {
	others_purged && same "left" "$(left)" ""
}

# Installed once more, with a key, and the question is answered.
purged_with_yes() {
	on_machine sh -exc 'rm -r /var/backups/execgate-keys.*
		apt-get install -qy --no-install-recommends /src/execgate_*.deb' && has_key &&
		on_machine sh -ec 'echo execgate execgate/remove-keys boolean true | debconf-set-selections' &&
		apt_get purge execgate && others_purged &&
		same "kept" "$(on_machine find / -xdev -name 'key.pem')" "" && same "left" "$(left)" ""
}

# Without a key there is nothing to ask, and nothing to keep.
purged_without_keys() {
	on_machine sh -exc 'apt-get install -qy --no-install-recommends /src/execgate_*.deb' &&
		apt_get purge execgate && others_purged && same "left" "$(left)" "" &&
		same "kept" "$(on_machine find /var/backups -name 'execgate*')" ""
}

judges "the machine has a key of its own" has_key
judges "removed: nothing that runs, and the key stays" removed
judges "purged, and nobody was asked: the key is kept for root" purged_unasked
judges "nothing else is left" no_trace
judges "purged with yes: the key goes, too" purged_with_yes
judges "purged without keys: nothing is kept" purged_without_keys
