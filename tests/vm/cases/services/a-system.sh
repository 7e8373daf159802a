# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The boot in enforce of a Debian of which not one file was changed: what it
# runs runs, and nothing of it is denied.

S=$T/services
units=(systemd-journald systemd-logind systemd-udevd dbus ssh cron nginx
	postgresql postgresql@17-main execgated execgate-boot-ok)

# started UNIT: microseconds from the boot to where it was up
started() {
	systemctl show -p ActiveEnterTimestampMonotonic --value "$1"
}

# As configured, by the daemon, before anything that is not needed for that.
enforced_from_early_boot() {
	local json before unit
	json=$(execgate mode --json | tr -d '\n')
	field "$json" mode && same mode "$REPLY" enforce &&
		! grep -q 'execgate\.' /proc/cmdline && expect 0 execgate status || return
	before=$(started execgated.service)
	for unit in sysinit.target basic.target ssh.service nginx.service \
		postgresql@17-main.service cron.service; do
		((before > 0 && before < $(started "$unit"))) ||
			{ echo "$unit was up before the gate"; return 1; }
	done
}

all_started() {
	same "failed units" \
		"$(systemctl list-units --failed --plain --no-legend)" "" &&
		systemctl is-active "${units[@]}"
}

# By catalogs alone: dpkg finds its files as it installed them.
nothing_changed() {
	same "changed files" "$(dpkg --verify bash coreutils dpkg systemd \
		openssh-server cron nginx postgresql-17 python3.13 perl-base \
		libc6 libpam-modules)" "" &&
		trusted_by_catalog /usr/bin/bash /usr/sbin/sshd /usr/sbin/nginx \
			/usr/lib/postgresql/17/bin/postgres /usr/bin/python3.13 \
			/usr/lib/x86_64-linux-gnu/libc.so.6
}

# In the journal are those of the boot in audit, too.
denials_of_boot() { execgate denials --since "$(uptime -s)" "$@"; }

none_denied() {
	same "denials counted" "$(counter events_emitted)" 0 &&
		expect 7 execgate denials --kernel && expect 7 denials_of_boot &&
		same "denials in the journal" "$(journalctl -q -b -o cat \
			-t execgated EXECGATE_VERDICT=denied \
			EXECGATE_VERDICT=would-deny)" ""
}

# ssh_as USER COMMAND: over the network, with a key
ssh_as() {
	ssh -n -i "$S/key" -o StrictHostKeyChecking=no -o BatchMode=yes \
		-o UserKnownHostsFile="$S/hosts" "$1@127.0.0.1" "$2"
}

may_log_in() {
	local home
	home=$(getent passwd "$1" | cut -d: -f6) && mkdir -p "$home/.ssh" &&
		cp "$S/key.pub" "$home/.ssh/authorized_keys" &&
		chown -R "$1:" "$home/.ssh" && chmod -R go= "$home/.ssh"
}

logs_in() {
	mkdir -p "$S" && ssh-keygen -q -t ed25519 -N '' -f "$S/key" &&
		useradd --create-home --shell /bin/bash someone &&
		may_log_in root && may_log_in someone || return
	says 'uid=0.root.' "$(ssh_as root id)" &&
		says '^someone .*bash' "$(ssh_as someone 'echo $USER $SHELL; id; ls /usr')"
}

serves_pages() {
	says 'Welcome to nginx' "$(ssh_as someone 'curl -sS http://127.0.0.1/')" &&
		same "the same by Python" "$(ssh_as someone "python3 -c '
import urllib.request
print(urllib.request.urlopen(\"http://127.0.0.1/\").status)'")" 200
}

sql() { runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 "$@"; }

# PL/pgSQL and the digest are libraries that the server loads when asked.
answers_queries() {
	says '^PostgreSQL 17' "$(sql -c 'select version()')" &&
		same "a query" "$(sql <<-'EOF2'
			create table numbers as select generate_series(1, 1000) as n;
			do $$ begin perform count(*) from numbers; end $$;
			select sum(n), count(distinct md5(n::text)) from numbers;
		EOF2
		)" '500500|1000'
}

cron_ran() {
	local try
	for ((try = 0; try < 200; try++)); do
		[[ ! -s /var/lib/cron-ran ]] || break
		sleep 0.5
	done
	same "what cron ran" "$(head -n 1 /var/lib/cron-ran)" 42 &&
		journalctl -b -t CRON -o cat | grep -q 'CMD (python3'
}

runs_languages() {
	same python3 "$(ssh_as someone "python3 -c 'import ssl, ctypes, hashlib,\
 json; print(hashlib.sha256(b\"\").hexdigest()[:8])'")" e3b0c442 &&
		same perl "$(ssh_as someone "perl -MPOSIX -MDigest::SHA=sha1_hex\
 -e 'print POSIX::floor(9.5), sha1_hex(\"\")'")" \
			9da39a3ee5e6b4b0d3255bfef95601890afd80709
}

compiles() {
	printf '%s\n' '#include <stdio.h>' \
		'int main(void) { return puts("compiled") < 0 ? 1 : 9; }' >"$S/c.c" &&
		gcc -O2 -Wall -o "$S/compiled" "$S/c.c" && file_is_elf "$S/compiled"
}

file_is_elf() { same magic "$(head -c 4 "$1")" $'\x7fELF'; }

serves_units() {
	quiet systemctl restart nginx cron ssh && quiet systemctl reload nginx &&
		quiet systemd-run --wait --pipe -q /usr/bin/id &&
		quiet systemctl daemon-reload && quiet loginctl list-sessions
}

check services-enforced-from-early-boot enforced_from_early_boot
check services-all-started all_started
check services-nothing-changed nothing_changed
check services-none-denied-at-boot none_denied
check services-ssh-login logs_in
check services-nginx serves_pages
check services-postgresql answers_queries
check services-python-and-perl runs_languages
check services-gcc compiles
check services-restarted serves_units
check services-cron cron_ran
check services-none-denied none_denied
