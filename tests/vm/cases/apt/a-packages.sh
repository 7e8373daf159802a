# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# apt and dpkg in enforce, on a Debian of which not one file was changed: the
# hook signs what is about to be unpacked, and forgets what was removed.

export DEBIAN_FRONTEND=noninteractive
scripted=(wireguard-tools passt hyperv-daemons samba-common radsecproxy
	igtf-policy-mics libdebuginfod-common libpam-passwdqc hopm dhcpcd-base)

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
	local package script info=/var/lib/dpkg/info
	for package; do
		for script in preinst postinst prerm postrm; do
			if [[ -e $info/$package.$script ||
				-e $info/$package:amd64.$script ]]; then
				echo "$package"
				break
			fi
		done
	done
}

# Each of the ten has scripts of its own, which dpkg ran.
installs() {
	quiet apt-get update && quiet apt-get install -y --no-install-recommends \
		"${scripted[@]}" dcfldd || return
	none_denied && same "packages half done" "$(dpkg --audit)" "" &&
		same "packages with scripts" "$(have_scripts "${scripted[@]}" | wc -l)" 10
}

programs_run() {
	quiet dcfldd --version && quiet wg --version && quiet passt --version &&
		quiet radsecproxy -v && quiet dhcpcd --version &&
		trusted_by_catalog /usr/bin/dcfldd /usr/bin/wg && none_denied
}

upgrades() {
	echo 'deb [trusted=yes] file:/srv/new ./' >/etc/apt/sources.list.d/new.list
	versions "${scripted[@]}" dcfldd >"$T/before"
	cp /usr/bin/dcfldd "$T/dcfldd.old" && quiet apt-get update &&
		quiet apt-get dist-upgrade -y --no-install-recommends || return
	versions "${scripted[@]}" dcfldd >"$T/after"
	none_denied && same "packages half done" "$(dpkg --audit)" "" &&
		same "packages as they were" "$(grep -xFf "$T/before" "$T/after")" "" &&
		same "packages installed" "$(grep -c ' installed$' "$T/after")" 11 &&
		programs_run
}

# What an upgrade replaced is trusted no more.
old_version_denied() {
	chmod 755 "$T/dcfldd.old" && take_events && expect 126 "$T/dcfldd.old" --version &&
		take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unsigned
}

# Removed all, and some with their postrm's last call.
removes() {
	local before
	before=$(counter events_emitted)
	cp /usr/bin/dcfldd /usr/bin/wg /usr/sbin/radsecproxy "$T/" &&
		cp /var/lib/dpkg/info/hopm.postinst "$T/postinst" &&
		chmod 755 "$T/postinst" && quiet "$T/dcfldd" --version || return
	quiet apt-get remove -y "${scripted[@]}" dcfldd &&
		quiet apt-get purge -y hopm radsecproxy samba-common || return
	same "new denials" "$(($(counter events_emitted) - before))" 0 &&
		! versions "${scripted[@]}" dcfldd 2>/dev/null | grep ' installed$'
}

removed_denied() {
	local file many=1
	for file in dcfldd wg radsecproxy postinst; do
		# A shell with rules opens the script that it could not execute, to see what it is.
		[[ $lane != rules || $file != postinst ]] || many=2
		take_events && expect 126 "$T/$file" --version && take_events &&
			same "events of $file" "${#EVENTS[@]}" "$many" &&
			event_is "${EVENTS[0]}" reason unsigned || return
	done
	((many == 1)) || event_is "${EVENTS[1]}" reason script
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

# What cannot be signed is not unpacked, and what was trusted stays so.
key_lost() {
	local status before
	before=$(sha256sum </etc/execgate/catalogs/local.cat)
	mv /etc/execgate/local/key.pem "$T/key" && echo damaged >/etc/execgate/local/key.pem
	apt-get install -y --no-install-recommends dcfldd
	status=$?
	mv "$T/key" /etc/execgate/local/key.pem
	((status)) && [[ ! -e /usr/bin/dcfldd ]] && same "the catalog" \
		"$(sha256sum </etc/execgate/catalogs/local.cat)" "$before" &&
		trusted_by_catalog /usr/bin/dpkg && python3 -c 'import ssl'
}

# package VERSION: $T/pkg.deb with a program, a script of dpkg's, and with what
# is in $T/pkg/usr/share already
package() {
	mkdir -p "$T/pkg/DEBIAN" "$T/pkg/usr/bin" && cp "$V/h9" "$T/pkg/usr/bin/suite-h9" &&
		printf '%s' "$1" >>"$T/pkg/usr/bin/suite-h9" &&
		printf '#!/bin/sh\n/usr/bin/suite-h9\n[ $? = 9 ]\n' >"$T/pkg/DEBIAN/postinst" &&
		printf '#!/bin/sh\nexit 0 # %s\n' "$1" >"$T/pkg/DEBIAN/prerm" &&
		chmod 755 "$T"/pkg/DEBIAN/p* && printf '%s\n' 'Package: suite-h9' \
			"Version: $1" 'Architecture: amd64' 'Maintainer: x <x@example.org>' \
			'Description: of the test suite' >"$T/pkg/DEBIAN/control" &&
		quiet dpkg-deb -Zgzip --root-owner-group -b "$T/pkg" "$T/pkg.deb"
}

# with_catalog KEYDIR VERSION: the package, with a catalog of it inside
with_catalog() {
	local shipped=$T/pkg/usr/share/execgate/catalogs
	rm -rf "$T/pkg" && package "$2" && mkdir -p "$shipped" &&
		execgate catalog build --name "suite-h9-$2" --sequence 1 \
			--deb "$T/pkg.deb" --sign --key "$1/key.pem" \
			--cert "$1/cert.pem" -o "$shipped/suite-h9-$2.cat" &&
		package "$2"
}

# Signed elsewhere: a machine that signs nothing takes the catalogs that come
# inside packages, of keys that it trusts, and drops them with the package.
shipped_catalogs() {
	local status=0 before
	mv /etc/execgate/local "$T/local" && mkdir "$T/vendor" "$T/other" || return
	{
		quiet execgate key generate --no-passphrase --name vendor --out "$T/vendor" &&
			quiet execgate key generate --no-passphrase --name other --out "$T/other" &&
			quiet execgate key enroll "$T/vendor/cert.pem" &&
			before=$(counter events_emitted) &&
			with_catalog "$T/vendor" 1 && quiet dpkg -i "$T/pkg.deb" &&
			expect 9 suite-h9 && with_catalog "$T/vendor" 2 &&
			quiet dpkg -i "$T/pkg.deb" && expect 9 suite-h9 &&
			cp /usr/bin/suite-h9 "$T/suite-h9" && quiet dpkg -r suite-h9 &&
			same "new denials" "$(($(counter events_emitted) - before))" 0 &&
			expect 126 "$T/suite-h9"
	} || status=1
	mv "$T/local" /etc/execgate/local
	return $status
}

# One whose signer is not trusted makes nothing trusted.
shipped_by_stranger() {
	local status=0
	mv /etc/execgate/local "$T/local" && with_catalog "$T/other" 3 || status=1
	((status == 0)) && ! dpkg -i "$T/pkg.deb" && expect 126 suite-h9 || status=1
	mv "$T/local" /etc/execgate/local
	dpkg --force-all --purge suite-h9
	return $status
}

# Setup was the first, and each change since another.
sequence_grows() {
	local json
	json=$(execgate catalog show --json local) && field "$json" sequence || return
	same sequences "$(grep ' local$' /var/lib/execgate/sequences)" "$REPLY local" &&
		((REPLY > 4))
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
check apt-shipped-catalogs shipped_catalogs
check apt-shipped-by-stranger shipped_by_stranger
check apt-sequence-grows sequence_grows
check apt-older-put-back older_put_back
