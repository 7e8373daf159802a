# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# README, typed as it stands, on a Debian that has never seen execgate: all of its blocks
# about a real machine, in their order. The reader is a user who has root by sudo. The
# lock ends with a reboot; z-second.sh goes on after it.

README=/suite/README.md
folder=/srv/reader/execgate

typed() { python3 "$cases/readme/type.py" $README "$1"; }

# shellcheck source=tests/vm/cases/unseen.sh
. "$cases/unseen.sh"

never_seen() {
	unseen && useradd --create-home --home-dir /srv/reader --shell /bin/bash reader && mkdir $folder &&
		cp /suite/debs/execgate{,-dkms}_*.deb /srv/reader/ && chown reader: $folder
}

installed() {
	local json
	typed 'Build and install' && systemctl is-active execgated || return
	json=$(execgate status --json | tr -d '\n')
	field "$json" keys && same keys "$REPLY" 0 && same mode "$(execgate mode)" audit
}

# What the guest runs to tell what came of it has a signature of these.
guest_trusted() {
	execgate key enroll /root/test/cert.pem && execgate key enroll /suite/keys/trusted.pem
}

# Interrupted, as by ^C, it has changed nothing that keeps the next run from going on.
setup_interrupted() {
	expect 124 timeout -s INT 8 execgate setup && same mode "$(execgate mode)" audit
}

trusted_by_setup() {
	typed 'Trust what Debian installed' && same mode "$(execgate mode)" enforce &&
		trusted_by_catalog /usr/bin/bash /usr/bin/passwd
}

# Again: nothing is made twice, and it says how enforce is kept.
setup_again() {
	local before said
	before=$(sha256sum /etc/execgate/local/*) &&
		said=$(execgate setup 2>&1) && echo "$said" &&
		same "key and certificate" "$(sha256sum /etc/execgate/local/*)" "$before" &&
		says 'the key in /etc/execgate/local/ is kept' "$said" &&
		says 'the mode is enforce, as it was' "$said" &&
		same "the last that it says" "$(tail -n 1 <<<"$said")" \
			'    execgate mode enforce --persist' && execgate mode audit
}

# Programs that no package brought: the reader's own, and one that is not signed.
own_programs() {
	mkdir -p /opt/tool/bin /opt/other && cp "$V/h9" /opt/tool/bin/tool &&
		cp "$V/h9" /opt/tool/bin/old && cp "$V/h9" /opt/other/program &&
		printf old >>/opt/tool/bin/old && printf other >>/opt/other/program &&
		chown -R reader: /opt/tool && expect 9 /opt/other/program
}

signed_runs() {
	typed 'Sign what packages did not bring, and watch in audit mode' &&
		expect 9 /opt/tool/bin/tool
}

enforces() {
	typed Enforce && same mode "$(execgate mode)" enforce && expect 9 /opt/tool/bin/tool &&
		cp "$V/h9" /opt/other/new && says 'Operation not permitted' "$(/opt/other/new 2>&1)"
}

tightened() {
	typed 'Take trust back, and tighten' &&
		says 'Operation not permitted' "$(/opt/tool/bin/old 2>&1)" &&
		expect 9 /opt/tool/bin/tool
}

bound() {
	typed 'Bind root' && expect 8 execgate mode audit && same mode "$(execgate mode)" enforce
}

if [[ ! -e $first_boot ]]; then
	check readme-never-seen never_seen
	check readme-install installed
	check readme-key typed 'Enroll a key'
	check readme-guest-trusted guest_trusted
	check readme-setup-interrupted setup_interrupted
	check readme-setup trusted_by_setup
	check readme-setup-again setup_again
	check readme-own-programs own_programs
	check readme-sign signed_runs
	check readme-enforce enforces
	check readme-tighten tightened
	check readme-bind bound
	echo "$total $failures" >$first_boot
	systemctl reboot
	exec sleep infinity
fi
read -r total failures <$first_boot
