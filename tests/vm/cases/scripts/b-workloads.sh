# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What such a machine does all day: nothing of it is denied.

mode=enforce
export DEBIAN_FRONTEND=noninteractive

# workload NAME COMMAND...: it works, and nothing is told of
workload() {
	local name=$1
	shift
	check "scripts-$name" unrefused "$@"
}
unrefused() {
	take_events || return
	"$@" || { tell_events; return 1; }
	tell_events
}
tell_events() {
	take_events && ((${#EVENTS[@]} == 0)) && return
	printf '%s\n' "${EVENTS[@]:0:12}"
	return 1
}

ssh_to() {
	ssh -i "$S/key" -o StrictHostKeyChecking=no -o BatchMode=yes \
		-o UserKnownHostsFile="$S/hosts" "${@:2}" "$1@127.0.0.1"
}
may_come() {
	local home
	home=$(getent passwd "$1" | cut -d: -f6) && mkdir -p "$home/.ssh" &&
		cp "$S/key.pub" "$home/.ssh/authorized_keys" &&
		chown -R "$1:" "$home/.ssh" && chmod -R go= "$home/.ssh"
}
# The skeleton of its home is known by content.
new_user() {
	ssh-keygen -q -t ed25519 -N '' -f "$S/key" &&
		useradd --create-home --shell /bin/bash someone && may_come root && may_come someone
}
logs_in() {
	local user
	for user in root someone; do
		says 'uid=' "$(ssh_to "$user" -T <<<'id; exit')" &&
			says 'programs included' "$(ssh_to "$user" -tt <<<exit)" || return
	done
}
becomes_user() {
	same user "$(su - someone -c 'id -un')" someone &&
		says someone "$(runuser -l someone -c 'bash -ic "id -un" 2>/dev/null')"
}
shells() {
	local shell
	for shell in sh dash bash; do
		same "$shell" "$("$shell" -lc 'for i in 1 2 3; do echo $i; done | tr -d "\n"')" 123 ||
			return
	done
	same here "$(sh <<<'echo here')" here
}

python_modules='argparse asyncio base64 bisect bz2 calendar cmd codecs collections concurrent.futures
	configparser contextlib copy csv ctypes dataclasses datetime decimal difflib email.mime.text enum
	fileinput fnmatch fractions ftplib functools getpass gettext glob gzip hashlib heapq hmac html.parser
	http.client http.server imaplib inspect io ipaddress itertools json locale logging.config lzma mimetypes
	multiprocessing optparse os pathlib pickle platform plistlib pprint queue random re sched secrets shelve
	shlex shutil smtplib socket socketserver sqlite3 ssl statistics string struct subprocess tarfile tempfile
	textwrap threading timeit tomllib traceback typing unittest urllib.request uuid venv wave weakref
	xml.etree.ElementTree xmlrpc.client zipfile zoneinfo'
python() {
	# shellcheck disable=SC2086 # a word each
	same modules "$(python3 -c 'import importlib, sys
for name in sys.argv[1:]: importlib.import_module(name)
print(len(sys.argv) - 1)' $python_modules)" "$(wc -w <<<"$python_modules")" &&
		says '"a": 1' "$(echo '{"a":1}' | python3 -m json.tool)" &&
		quiet python3 -m zipfile -h && quiet python3 -m compileall -h &&
		says 2 "$(python3 -m calendar 2024 2)"
}
# A zip archive, a table: data, whatever stands in it.
python_data() {
	printf 'a,b\n1,2\n' >"$S/data.csv" && printf 'print("no")\n' >"$S/text.txt" &&
		same data "$(python3 -c 'import csv, sys
print(sum(1 for _ in csv.reader(open(sys.argv[1]))))' "$S/data.csv")" 2 &&
		same text "$(python3 -c 'import sys; print(len(open(sys.argv[1]).read()))' "$S/text.txt")" 12
}
perl_modules() {
	local module
	for module in POSIX Data::Dumper Digest::SHA Encode File::Find File::Temp Getopt::Long IO::Socket \
		List::Util Storable Text::Wrap Time::HiRes Unicode::Normalize charnames utf8 bigint; do
		quiet perl -M"$module" -e 1 || { echo "$module"; return 1; }
	done
	# shellcheck disable=SC2016 # perl's
	printf 'b 2\na 1\n' >"$S/data" && same sorted "$(perl -lane 'push @a, $F[1]; END { print sort @a }' "$S/data")" 12 &&
		same letter "$(perl -CSDA -e 'print "\x{e9}"')" é &&
		quiet perl -pi.bak -e 's/a/c/' "$S/data" && quiet pod2text /usr/bin/pod2text
}
filters() {
	# shellcheck disable=SC2016 # awk's
	same awk "$(printf '1 2\n3 4\n' | awk '{ s += $2 } END { print s }')" 6 &&
		same awk "$(awk 'END { print NR }' "$S/data.csv")" 2 &&
		same sed "$(sed -n '/b/s/a,//p' "$S/data.csv")" b && quiet sed -i s/1/3/ "$S/data.csv"
}
php_and_lua() {
	# shellcheck disable=SC2016 # php's
	same php "$(php -r 'echo array_sum(array_map(fn($n) => $n * $n, [1, 2, 3]));')" 14 &&
		same luajit "$(luajit -e 'print(("x"):rep(3))')" xxx
}
# Its own Python, with the printers of libraries that it loads as it finds them.
debugger() {
	says 6 "$(gdb -q -batch -ex 'python print(2 * 3)')" &&
		quiet gdb -q -batch -ex 'break main' -ex starti -ex 'info sharedlibrary' --args /usr/bin/true
}
compiler() {
	printf 'int main(void) { return 9; }\n' >"$S/c.c" && quiet gcc -O2 -o "$S/c" "$S/c.c" && quiet make -v
}
services() {
	quiet systemctl restart nginx cron ssh && quiet systemctl reload nginx &&
		quiet systemctl restart postgresql && quiet service --status-all &&
		says 17 "$(runuser -u postgres -- psql -XAtqc 'show server_version')" &&
		says 17 "$(pg_lsclusters)"
}
cron_ran() {
	local try
	printf '%s\n' 'SHELL=/bin/sh' '* * * * * root python3 -c "print(6 * 7)" >>/var/lib/cron-ran' \
		>/etc/cron.d/suite
	for ((try = 0; try < 200; try++)); do
		[[ ! -s /var/lib/cron-ran ]] || break
		sleep 0.5
	done
	rm /etc/cron.d/suite
	same "what cron ran" "$(head -n 1 /var/lib/cron-ran)" 42 &&
		quiet run-parts --report /etc/cron.daily
}
units() {
	quiet systemd-run --wait --pipe -q /bin/sh -c id && quiet systemctl daemon-reload &&
		quiet udevadm trigger --settle --subsystem-match=block && quiet dpkg-reconfigure debconf
}
administers() {
	quiet adduser --disabled-password --gecos '' another && quiet deluser another &&
		quiet update-alternatives --query awk && quiet update-ca-certificates --fresh &&
		quiet env DPKG_MAINTSCRIPT_PACKAGE=cron deb-systemd-helper is-enabled cron.service &&
		quiet ucf --help && quiet lsmod && quiet locale-gen
}
initramfs() {
	local kernel
	kernel=$(uname -r)
	quiet mkinitramfs -o "$S/initrd" "$kernel" && test -s "$S/initrd" && rm "$S/initrd"
}
apt_installs() {
	quiet apt-get update && quiet apt-get install -y --no-install-recommends wireguard-tools samba-common \
		needrestart unattended-upgrades hopm libpam-passwdqc && same "half done" "$(dpkg --audit)" ''
}
apt_programs() {
	quiet needrestart -b -r l && quiet unattended-upgrade --dry-run && quiet lsb_release -a &&
		quiet python3 -c 'import apt, dbus, distro_info'
}
apt_removes() {
	quiet apt-get install -y --reinstall wireguard-tools && quiet apt-get purge -y hopm samba-common needrestart &&
		quiet apt-get autoremove -y && same "half done" "$(dpkg --audit)" ''
}

# From here on: this script was read by a shell that is older than its rules.
check scripts-trace-begins trace_begins day
workload new-user new_user
workload login logs_in
workload become becomes_user
workload shells shells
workload python python
workload python-data python_data
workload perl perl_modules
workload filters filters
workload php php_and_lua
workload gdb debugger
workload compiler compiler
workload services services
workload cron cron_ran
workload units units
workload administer administers
workload initramfs initramfs
workload apt-install apt_installs
workload apt-programs apt_programs
workload apt-remove apt_removes
check scripts-all-judged all_judged
tell_figures day
check scripts-trace-finds-unjudged finds_unjudged
