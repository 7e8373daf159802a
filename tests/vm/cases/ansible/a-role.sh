# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The Ansible role, on a Debian that has never seen execgate and is controller and host at once.

# shellcheck source=tests/vm/cases/unseen.sh
. "$cases/unseen.sh"

export DEBIAN_FRONTEND=noninteractive
P=/root/play
examples=/usr/share/doc/execgate/examples/ansible

controller() {
	unseen && quiet apt-get update && quiet apt-get install -y --no-install-recommends ansible-core &&
		mkdir "$P" && for deb in /suite/debs/execgate_*.deb; do dpkg-deb -x "$deb" "$P/package"; done &&
		cp -r "$P/package$examples/." "$P/" && cp /root/test/cert.pem "$P/guest.pem" &&
		cp /suite/keys/trusted.pem "$P/house.pem"
}
# plays RECAP VARIABLE=VALUE...: what it says at last matches; lists are JSON
plays() {
	local recap=$1 output status=0 variables='"execgate_keys": ["/root/play/guest.pem", "/root/play/house.pem"]'
	local debs
	debs=$(printf '"%s", ' /suite/debs/execgate-dkms_*.deb /suite/debs/execgate_*.deb)
	shift
	output=$(cd "$P" && ansible-playbook -i localhost, -c local \
		-e "{$variables, \"execgate_debs\": [${debs%, }]}" "${@/#/-e}" site.yml 2>&1 </dev/null) || status=$?
	tail -n 30 <<<"$output"
	says "$recap" "$(tail -n 3 <<<"$output")" && return "$status"
}
installed() {
	plays 'failed=0' && systemctl is-active execgated && systemctl is-enabled execgated &&
		same mode "$(execgate mode)" audit && says 'guest|house|2 |3 ' "$(execgate key list)" &&
		expect 0 execgate check /usr/bin/bash && expect 0 execgate check "$V/good"
}
changes_nothing() { plays 'changed=0 .*failed=0'; }
enforces() {
	plays 'failed=0' execgate_mode=enforce && same mode "$(execgate mode)" enforce &&
		cp "$V/h9" "$P/unsigned" && says 'Operation not permitted' "$("$P/unsigned" 2>&1)" &&
		plays 'changed=0 .*failed=0' execgate_mode=enforce
}
# A program that each login needs, changed: enforce is not put in force, and it says why.
keeps_from_lockout() {
	local status=0
	plays 'failed=0' && same mode "$(execgate mode)" audit && cp -p /usr/sbin/agetty "$P/agetty" || return
	printf changed >>/usr/sbin/agetty
	plays 'failed=1' execgate_mode=enforce || status=$?
	cp -p "$P/agetty" /usr/sbin/agetty
	((status == 2)) && same mode "$(execgate mode)" audit
}
settings() {
	plays 'failed=0' execgate_profile=strict '{"execgate_gate":{"boot_attempts":5,"anon-exec":"off"},"execgate_sections":{"users":{"terminal":"no"}}}' &&
		says 'strict' "$(execgate profile)" && says 'anon-exec +off' "$(execgate gate)" &&
		says 'terminal = no' "$(</etc/execgate/execgate.conf.d/95-ansible.conf)"
}

check ansible-controller controller
check ansible-installs installed
check ansible-changes-nothing changes_nothing
check ansible-enforces enforces
check ansible-keeps-from-lockout keeps_from_lockout
check ansible-settings settings
