# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What preflight finds, held against what ran: of a boot and of logins, and of
# programs that are planted wherever a system is configured to start some.

P=/opt/suite

# ssh_visit USER [OPTION...]: as a person would; commands on standard input
ssh_visit() {
	ssh -i "$T/visit" -o StrictHostKeyChecking=no -o BatchMode=yes \
		-o UserKnownHostsFile="$T/visited" "${@:2}" "$1@127.0.0.1"
}

may_visit() {
	local home
	home=$(getent passwd "$1" | cut -d: -f6) && mkdir -p "$home/.ssh" &&
		cp "$T/visit.pub" "$home/.ssh/authorized_keys" &&
		chown -R "$1:" "$home/.ssh" && chmod -R go= "$home/.ssh"
}

logins() {
	local user
	ssh-keygen -q -t ed25519 -N '' -f "$T/visit" &&
		useradd --create-home --shell /bin/bash visitor || return
	for user in root visitor; do
		may_visit "$user" &&
			says 'uid=' "$(ssh_visit "$user" -T <<<'id; exit')" &&
			says 'programs included' "$(ssh_visit "$user" -tt <<<exit)" ||
			return
	done
}

# Nothing is trusted yet, so all that ran since the boot is in the journal, and all
# that preflight looks at is in its report. That something runs just now, or is
# mapped, is no way to find it again.
found_before() {
	logins && execgate denials --json -n 1000000 >"$T/recorded" &&
		expect 12 execgate preflight --json >"$T/found" || return
	python3 - "$T/recorded" "$T/found" <<-'EOF2'
		import json, os, sys
		ran = {}
		for line in open(sys.argv[1]):
		    event = json.loads(line)
		    ran.setdefault(event["path"], set()).add(event["ino"])
		found = set()
		for group in json.load(open(sys.argv[2]))["groups"]:
		    for file in group["files"]:
		        if set(file["sources"]) - {"process", "mapping"}:
		            found.add(os.stat(file["path"]).st_ino)
		missed = sorted(path for path in ran if not ran[path] & found)
		print(len(ran), "files ran,", len(found), "were found")
		print("missed:", *missed)
		sys.exit(len(ran) < 80 or bool(missed))
	EOF2
}

# plant ROLE PATH: a program that nobody signed; what breaks without it
plant() {
	mkdir -p "$(dirname "$2")"
	{ cat "$V/h9" && echo "$2"; } >"$2" && chmod 755 "$2"
	echo "$1 $2" >>"$T/planted"
}

# configure FILE LINE...: a file of configuration
configure() {
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "${@:2}" >"$1"
	echo "$1" >>"$T/configured"
}

plant_logins() {
	configure /etc/ssh/sshd_config.d/suite.conf \
		"AuthorizedKeysCommand $P/keys %u" 'AuthorizedKeysCommandUser nobody' \
		"Subsystem suite $P/subsystem -x" 'Include suite.d/*' 'Banner no'
	configure /etc/ssh/suite.d/x 'Match User nobody' " ForceCommand $P/forced -c y"
	configure /etc/pam.d/suite "session optional pam_exec.so quiet $P/pam" \
		'session [success=ignore default=ignore] pam_suite.so'
	cp /etc/pam.d/sshd "$T/sshd"
	echo 'session substack suite' >>/etc/pam.d/sshd
	cp /etc/nsswitch.conf "$T/nsswitch"
	echo 'suite: files [NOTFOUND=return] suite' >>/etc/nsswitch.conf
	useradd --no-create-home --shell "$P/shell" planted
	plant login $P/subsystem
	plant login $P/forced
	plant login $P/pam
	plant login $P/inner
	plant login /usr/lib/x86_64-linux-gnu/libnss_suite.so.2
	plant login /usr/lib/x86_64-linux-gnu/security/pam_suite.so
	plant login /etc/update-motd.d/99-suite
	plant shell $P/shell
	# A script, which starts another program.
	echo "login $P/keys" >>"$T/planted"
	printf '#!/bin/sh\nexec %s key\n' "$P/inner" >$P/keys && chmod 755 $P/keys
}

plant_boot() {
	plant boot /etc/systemd/system-generators/suite
	plant boot $P/install
	configure /etc/modprobe.d/suite.conf "install suite $P/install \$CMDLINE_OPTS"
	plant repair /etc/kernel/postinst.d/suite
	plant repair /etc/initramfs-tools/hooks/suite
	plant other $P/udev
	configure /etc/udev/rules.d/99-suite.rules "ACTION==\"suite\", RUN+=\"$P/udev x\""
	plant other $P/binfmt
	configure /etc/binfmt.d/suite.conf ":suite:E::suite::$P/binfmt:"
	plant other $P/unit
	configure /etc/systemd/system/suite.service '[Service]' \
		"ExecStart=/bin/sh -c '$P/unit x'"
	plant other $P/dropin
	configure /etc/systemd/system/cron.service.d/suite.conf '[Service]' \
		"ExecStopPost=-$P/dropin"
	plant network /etc/network/if-up.d/suite
	plant network /etc/NetworkManager/dispatcher.d/suite
	plant network $P/pre-up
	configure /etc/network/interfaces.d/suite 'iface suite0 inet manual' \
		"  pre-up $P/pre-up || true"
}

plant_others() {
	local home
	home=$(getent passwd visitor | cut -d: -f6)
	plant repair $P/apt
	configure /etc/apt/apt.conf.d/99suite "DPkg { Pre-Invoke:: \"$P/apt x\"; };"
	plant repair $P/dpkg
	configure /etc/dpkg/dpkg.cfg.d/suite "pre-invoke=test ! -x $P/dpkg || $P/dpkg"
	plant other $P/cron
	configure /etc/cron.d/suite-planted "0 0 1 1 * root $P/cron"
	plant other $P/user
	configure "$home/.config/systemd/user/suite.service" '[Service]' \
		"ExecStart=$P/user" 'ExecStartPre=%h/.local/bin/suite' \
		'ExecStop=%E/suite/stop'
	plant other "$home/.local/bin/suite"
	plant other "$home/.config/suite/stop"
	# One that everybody has: in each home that has the program.
	configure /etc/systemd/user/suite.service '[Service]' 'ExecStart=%h/suite-of-all'
	plant other "$home/suite-of-all"
	plant other $P/polkit
	configure /usr/share/polkit-1/actions/suite.policy \
		"<annotate key=\"org.freedesktop.policykit.exec.path\">$P/polkit</annotate>"
	plant other $P/dbus
	configure /usr/share/dbus-1/system-services/suite.service '[D-BUS Service]' \
		"Exec=$P/dbus"
	plant other $P/autostart
	configure /etc/xdg/autostart/suite.desktop '[Desktop Entry]' \
		"Exec=$P/autostart %U"
	plant other /usr/lib/cups/backend/suite
	# Never needed, whatever a user says.
	plant other $P/command
	echo "command=\"$P/command\" ssh-ed25519 AAAA" >>"$home/.ssh/authorized_keys"
}

unplant() {
	xargs -r rm <"$T/configured"
	sed 's/^[a-z]* //' "$T/planted" | xargs -r rm
	mv "$T/sshd" /etc/pam.d/sshd && mv "$T/nsswitch" /etc/nsswitch.conf &&
		userdel planted
}

# Each, with what breaks without it, and nothing besides.
planted_named() {
	: >"$T/planted" && : >"$T/configured"
	plant_logins && plant_boot && plant_others || return
	expect 12 execgate preflight --json >"$T/found" || return
	python3 - "$T/planted" "$T/found" <<-'EOF2'
		import json, os, sys
		want = {}
		for line in open(sys.argv[1]):
		    role, path = line.split()
		    want[os.path.realpath(path)] = role
		got = {}
		for group in json.load(open(sys.argv[2]))["groups"]:
		    for file in group["files"]:
		        got[file["path"]] = file.get("role", "other")
		for path in sorted(want.keys() | got.keys()):
		    if want.get(path) != got.get(path):
		        print(path, "wanted", want.get(path), "got", got.get(path))
		sys.exit(want != got or len(want) < 18)
	EOF2
}

enforce_refused_by_planted() {
	expect 12 execgate mode enforce >"$T/said" 2>&1 || return
	says "$P/keys" "$(<"$T/said")" && says "$P/inner" "$(<"$T/said")" &&
		same mode "$(execgate mode)" audit && unplant &&
		expect 0 execgate preflight
}

# In enforce already: a profile that judges more asks first.
profile_refused() {
	: >"$T/planted" && plant login /etc/update-motd.d/99-suite &&
		expect 12 execgate profile strict &&
		same profile "$(execgate profile)" standard &&
		expect 0 execgate profile --force strict &&
		expect 0 execgate profile standard
	local status=$?
	rm /etc/update-motd.d/99-suite
	return $status
}
