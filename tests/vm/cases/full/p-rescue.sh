# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A Debian whose administrator cannot be locked out. The mode is enforce again
# at the end.

R=$T/rescue
K=(--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem)

# A boot that has reached multi-user.target in enforce is not counted as failed.
boot_is_good() {
	systemctl is-active execgate-boot-ok.service &&
		says 'attempts 0' "$(</var/lib/execgate/boots)"
}

critical_is_fine() {
	local json
	json=$(execgate preflight --critical --json | tr -d '\n')
	field "$json" denied && same denied "$REPLY" 0 &&
		field "$json" files && ((REPLY > 60))
}

# preflight_says PATTERN: of the file that is about to be made unsigned
preflight_says() {
	execgate preflight "$2" >"$R/out"
	cat "$R/out"
	says "$1" "$(<"$R/out")"
}

# Of a package: not the file is signed, but what the package installed listed.
package_named() {
	cp -p /usr/bin/less "$R/less" && execgate unsign /usr/bin/less || return
	expect 12 execgate preflight /usr/bin/less &&
		preflight_says less: /usr/bin/less &&
		preflight_says 'execgate setup' /usr/bin/less
}

package_mended() { mv "$R/less" /usr/bin/less && execgate check /usr/bin/less; }

unit_named() {
	cp "$V/h9" /usr/local/lib/helper
	# %p is for the manager to say.
	printf '[Service]\nExecStart=-/usr/local/lib/%%p\n' \
		>/etc/systemd/system/helper.service
	execgate preflight --json >"$R/out"
	rm /etc/systemd/system/helper.service /usr/local/lib/helper
	says '"/usr/local/lib/helper"' "$(<"$R/out")"
}

# login could not check a password without this one.
refused_without() {
	local mode status=0
	cp -p "$1" "$R/saved" && execgate mode audit || return
	execgate unsign "$1" || return
	execgate mode enforce >"$R/out" 2>&1 || status=$?
	cat "$R/out"
	mode=$(execgate mode)
	mv "$R/saved" "$1"
	execgate mode enforce && same status "$status" 12 &&
		same mode "$mode" audit && says "$1" "$(<"$R/out")"
}

pam_module() { find /usr/lib -name pam_unix.so -type f; }

tried_and_confirmed() {
	execgate mode audit && expect 0 execgate mode enforce --for 60s &&
		expect 0 execgate mode confirm && same mode "$(execgate mode)" enforce
}

tried_and_back() {
	execgate mode audit && expect 0 execgate mode enforce --for 5s &&
		eventually back && eventually told deadline-passed
}

back() { same mode "$(execgate mode)" audit; }
told() { journalctl -o cat -t execgated EXECGATE_EVENT="$1" | grep -q .; }

# The daemon is killed while enforce is on trial; systemd brings it back.
tried_and_killed() {
	execgate mode audit && expect 0 execgate mode enforce --for 10s &&
		systemctl kill -s KILL execgated && eventually back
}

reviewed() {
	execgate mode enforce && mkdir -p "$R/bin" &&
		cp "$V/h9" "$R/bin/wanted" || return
	expect 126 "$R/bin/wanted" &&
		eventually denied_in_journal unsigned "$R/bin/wanted" || return
	printf 's\nq\n' | expect 0 execgate review "${K[@]}" &&
		expect 9 "$R/bin/wanted"
}

mkdir -p "$R"
check full-boot-is-good boot_is_good
check full-preflight-critical critical_is_fine
check full-preflight-names-package package_named
check full-preflight-package-mended package_mended
check full-preflight-names-unit unit_named
check full-refused-without-shell refused_without /usr/bin/bash
check full-refused-without-pam refused_without "$(pam_module)"
check full-refused-without-sshd refused_without /usr/sbin/sshd
check full-tried-and-confirmed tried_and_confirmed
check full-tried-and-back tried_and_back
check full-tried-and-killed tried_and_killed
check full-reviewed reviewed
execgate mode enforce >/dev/null
