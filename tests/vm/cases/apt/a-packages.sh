# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# apt and dpkg in enforce, on a Debian of which not one file was changed: the
# hook signs what is about to be unpacked, and forgets what was removed.

export DEBIAN_FRONTEND=noninteractive
upgraded=(exim4-config exim4-base exim4-daemon-light dhcpcd-base libpam-passwdqc
	libdebuginfod-common hopm mdnsd dcfldd ngrep)
others=(logrotate anacron at chrony memcached rsyslog)

# Since the boot.
none_denied() {
	same "denials counted" "$(counter events_emitted)" 0 ||
		{ execgate denials --kernel | tail -n 20; return 1; }
}

booted() {
	trusted_by_catalog /usr/bin/dpkg && trusted_by_catalog /usr/sbin/sshd &&
		! grep -q 'EXECGATE SIGNATURE' /usr/bin/dpkg &&
		systemctl is-active execgated && none_denied
}

versions() { dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' "$@"; }

have_scripts() {
	local package script
	for package; do
		for script in preinst postinst prerm postrm; do
			[[ ! -e /var/lib/dpkg/info/$package.$script ]] ||
				{ echo "$package"; break; }
		done
	done
}

installs() {
	quiet apt-get update && quiet apt-get install -y --no-install-recommends \
		"${upgraded[@]}" "${others[@]}" || return
	none_denied && same "packages half done" "$(dpkg --audit)" "" &&
		(($(have_scripts "${upgraded[@]}" "${others[@]}" | tee "$T/scripted" | wc -l) >= 10))
}

programs_run() {
	quiet dcfldd --version && quiet /usr/sbin/exim4 -bV &&
		quiet logrotate --version && quiet chronyd --version &&
		quiet memcached --version && quiet rsyslogd -v && trusted_by_catalog /usr/bin/dcfldd &&
		trusted_by_catalog /usr/sbin/exim4 && none_denied
}

# At least ten get a later version; one that needs what is not there may not.
upgrades() {
	echo 'deb [trusted=yes] file:/srv/new ./' >/etc/apt/sources.list.d/new.list
	dpkg-query -W >"$T/all-before"
	cp /usr/bin/dcfldd "$T/dcfldd.old" && quiet apt-get update &&
		quiet apt-get dist-upgrade -y --no-install-recommends || return
	dpkg-query -W >"$T/all-after"
	grep -vxFf "$T/all-before" "$T/all-after" | tee "$T/upgraded"
	none_denied && (($(wc -l <"$T/upgraded") >= 10)) &&
		grep -q '^dcfldd' "$T/upgraded" && grep -q '^exim4-config' "$T/upgraded" &&
		quiet dcfldd --version && quiet /usr/sbin/exim4 -bV && none_denied
}

# What an upgrade replaced is trusted no more.
old_version_denied() {
	chmod 755 "$T/dcfldd.old" && take_events && expect 126 "$T/dcfldd.old" --version &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unsigned
}

removes() {
	local before
	before=$(counter events_emitted)
	cp /usr/bin/dcfldd /usr/sbin/chronyd /usr/sbin/logrotate "$T/" &&
		cp /var/lib/dpkg/info/anacron.postinst "$T/postinst" &&
		chmod 755 "$T/postinst" && "$T/dcfldd" --version || return
	quiet apt-get remove -y "${upgraded[@]}" && quiet apt-get purge -y "${others[@]}" \
		"${upgraded[@]}" || return
	same "new denials" "$(($(counter events_emitted) - before))" 0 &&
		! versions "${upgraded[@]}" "${others[@]}" 2>/dev/null | grep ' installed$'
}

removed_denied() {
	local file
	for file in dcfldd chronyd logrotate postinst; do
		take_events && expect 126 "$T/$file" --version && take_events &&
			same "events of $file" "${#EVENTS[@]}" 1 &&
			event_is "${EVENTS[0]}" reason unsigned || return
	done
}

dpkg_alone() {
	local before deb
	before=$(counter events_emitted)
	deb=$(echo /srv/old/dcfldd_*.deb)
	(cd /srv/old && dpkg -i "$(basename "$deb")") && dcfldd --version &&
		cp /usr/bin/dcfldd "$T/dcfldd" && dpkg -P dcfldd &&
		same "new denials" "$(($(counter events_emitted) - before))" 0 &&
		expect 126 "$T/dcfldd" --version
}

# What cannot be signed is not unpacked.
key_lost() {
	mv /etc/execgate/local/key.pem "$T/key" && echo damaged >/etc/execgate/local/key.pem
	apt-get install -y --no-install-recommends dcfldd
	local status=$?
	mv "$T/key" /etc/execgate/local/key.pem
	((status)) && [[ ! -e /usr/bin/dcfldd ]]
}

# Setup was the first, and each change since another.
sequence_grows() {
	local json
	json=$(execgate catalog show --json local) && field "$json" sequence || return
	same sequences "$(grep ' local$' /var/lib/execgate/sequences)" "$REPLY local" &&
		((REPLY > 4))
}

# A file of Debian on a file system that checks its pages: judged unread.
by_verity() {
	local json
	mkdir -p /root/verity && cp /usr/bin/python3.13 /root/verity/x &&
		printf x >>/root/verity/x && take_events && expect 126 /root/verity/x -c 'exit(9)' &&
		(cd /root/verity && execgate sign --verity -o x.cat \
			--key /etc/execgate/test/key.pem --cert /etc/execgate/test/cert.pem x) &&
		execgate catalog install --no-persist /root/verity/x.cat &&
		expect 9 /root/verity/x -c 'exit(9)' &&
		json=$(execgate check --json /root/verity/x) && field "$json" carrier &&
		same carrier "$REPLY" verity && ! printf y >>/root/verity/x
}

older_put_back() {
	cp /etc/execgate/catalogs/local.cat "$T/old.cat" &&
		/usr/libexec/execgate-apt refresh &&
		cp /etc/execgate/catalogs/local.cat "$T/new.cat" &&
		cp "$T/old.cat" /etc/execgate/catalogs/local.cat &&
		systemctl reload execgated && sleep 1 &&
		journalctl -t execgated -o cat | grep -q 'an older one was put back'
	local status=$?
	cp "$T/new.cat" /etc/execgate/catalogs/local.cat
	return $status
}

check apt-boots-unchanged booted
# What the cases are written with carries its own signature.
execgate key enroll /suite/keys/trusted.pem >/dev/null
check apt-install installs
check apt-programs-run programs_run
check apt-upgrade upgrades
check apt-old-version-denied old_version_denied
check apt-remove removes
check apt-removed-denied removed_denied
check apt-dpkg-alone dpkg_alone
check apt-key-lost key_lost
check apt-sequence-grows sequence_grows
check apt-verity by_verity
check apt-older-put-back older_put_back
