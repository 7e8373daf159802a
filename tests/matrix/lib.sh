# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The attacks share this. They know of no defense: an attack brings something, gets it run, and asks whether it ran.
# Its exit status: 0 it worked, 1 it was stopped, 2 it could not be tried.

payloads=/matrix/payloads
D=/var/tmp/matrix
proof=$D/proof # each payload writes this file
home=~visitor
umask 022
rm -rf "$D"
mkdir "$D" && chmod 777 "$D" || exit 2

undo() { :; }
finish() {
	status=$?
	trap - EXIT
	undo >/dev/null 2>&1
	rm -rf "$D"
	exit "$status"
}
trap finish EXIT
trap 'exit 2' INT TERM

cannot() {
	echo "$*" >&2
	exit 2
}

# bring NAME PLACE: a payload is put there, out of text as from a network: a defense may let nobody read such a file
bring() { base64 -d "$payloads/$1.base64" >"$2" && chmod 755 "$2" || cannot "no place for $2"; }

# script PLACE [LINE...]: a shell script that leaves the proof
script() {
	place=$1
	shift
	{
		printf '%s\n' "$@"
		printf 'echo ran >%s\n' "$proof"
	} >"$place"
	chmod 755 "$place"
}

# worked [SECONDS]: whether the proof is there, or comes within that time
worked() {
	rounds=$((${1:-0} * 5))
	while [ ! -e "$proof" ] && [ "$rounds" -gt 0 ]; do
		sleep 0.2
		rounds=$((rounds - 1))
	done
	[ -e "$proof" ]
}

# As the account of a web server, as an ordinary user, as the database.
service() { runuser -u www-data -- "$@"; }
visitor() { runuser -l visitor -c "$*"; }
sql() { runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }

# unit NAME: standard input is a unit of systemd's
unit() {
	cat >"/run/systemd/system/$1"
	systemctl daemon-reload
}
drop_units() {
	rm -rf /run/systemd/system/matrix* /run/systemd/system/cron.service.d
	systemctl daemon-reload
	systemctl reset-failed
}

# set_aside FILE, put_back FILE: the very file, not a copy. A defense may let nobody read it under its new name.
set_aside() { cp -pP "$1" "$1.copy" && mv "$1" "$1.aside" && mv "$1.copy" "$1" || cannot "$1 cannot be moved"; }
put_back() { [ ! -e "$1.aside" ] && [ ! -L "$1.aside" ] || mv -f "$1.aside" "$1"; }

# image_root DIR: a small root, of programs of this machine
image_root() {
	mkdir -p "$1/bin" "$1/lib64" "$1/lib/x86_64-linux-gnu" "$1/proc" "$1/dev" "$1/sys" "$1/etc" "$1$D"
	chmod 777 "$1$D"
	cp /usr/bin/dash "$1/bin/sh"
	cp -L /lib64/ld-linux-x86-64.so.2 "$1/lib64/"
	cp -L /lib/x86_64-linux-gnu/libc.so.6 "$1/lib/x86_64-linux-gnu/"
}
# container RUNTIME COMMAND...: run in $D/rootfs
container() {
	runtime=$1
	shift
	(cd "$D" && rm -f config.json && "$runtime" spec) || cannot "$runtime makes no configuration"
	args=
	for word; do args="$args${args:+, }\"$word\""; done
	sed -i -e 's/"terminal": true/"terminal": false/' -e "s|\"sh\"|$args|" -e 's/"readonly": true/"readonly": false/' "$D/config.json"
	"$runtime" run -b "$D" "matrix-$$"
	proof=$D/rootfs$proof
}

# altered_module NAME: a module of Debian's with its signature, one letter of it changed
altered_module() {
	found=$(find "/lib/modules/$(uname -r)/kernel" -name "$1.ko.xz")
	[ "$found" ] || cannot "no module $1"
	xz -dc "$found" | LC_ALL=C sed 's/description=\(.\)/descriptiom=\1/' >"$D/$1.ko"
}
loaded() { grep -q "^$1 " /proc/modules; }

# mail_by KEY=VALUE...: postfix is set so, and a letter to a user is delivered
mail_by() {
	cp -p /etc/postfix/main.cf /etc/postfix/master.cf "$D/"
	postconf -e maillog_file= inet_interfaces=loopback-only "$@"
	postfix start >/dev/null 2>&1 || cannot "postfix does not start"
	printf 'Subject: a letter\n\nwords\n' | /usr/sbin/sendmail "${letter_to:-visitor}"
	worked 20
}
end_mail() {
	postfix stop
	postsuper -d ALL
	cp -p "$D/main.cf" "$D/master.cf" /etc/postfix/
}

# apache LINE...: a server of its own with these lines in its configuration; page PATH
apache() {
	mkdir -p "$D/www"
	{
		printf '%s\n' 'ServerName localhost' 'Listen 127.0.0.1:8081' "PidFile $D/apache.pid" "DefaultRuntimeDir $D" \
			"DocumentRoot $D/www" 'User www-data' 'Group www-data'
		for module in mpm_prefork authz_core alias; do
			echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
		done
		printf '%s\n' "$@"
	} >"$D/apache.conf"
	/usr/sbin/apache2 -f "$D/apache.conf" -k start
}
end_apache() {
	kill "$(cat "$D/apache.pid")"
	sleep 1
}
page() { curl -sS -m 20 --retry 10 --retry-delay 1 --retry-connrefused "http://127.0.0.1:8081/$1"; }
