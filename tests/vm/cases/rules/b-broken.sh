# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What breaks a rule of the shipped lists. Each works in audit, which tells of it with the same
# reason, and is refused in enforce with one event. All that is used is signed, the library and
# the copies too.

R=/var/lib/rules
foreign=$R/foreign.so # by another key than the packages
postgres_uid=$(id -u postgres)

rules_slate() {
	rm -rf "$R" && mkdir "$R" && cp "$V/good.so" "$foreign" && chmod 755 "$R" "$foreign"
}
# told REASON HOOK FILE UID MODE
rule_told() {
	event_is "${EVENTS[0]}" reason "$1" && event_is "${EVENTS[0]}" hook "$2" &&
		event_is "${EVENTS[0]}" ino "$(stat -L -c %i "$3")" &&
		event_is "${EVENTS[0]}" uid "$4" && event_is "${EVENTS[0]}" mode "$5"
}
# breaks REASON HOOK FILE UID WORKS REFUSED COMMAND...: what it prints if it works, and if not
breaks() {
	local told=("${@:1:4}") works=$5 refused=$6 output
	shift 6
	rules_slate && execgate mode audit && take_events || return
	output=$("$@" 2>&1 </dev/null)
	execgate mode enforce && says "$works" "$output" && take_events &&
		((${#EVENTS[@]} > 0)) && rule_told "${told[@]}" audit || { printf '%s\n' "${EVENTS[@]:0:4}"; return 1; }
	output=$("$@" 2>&1 </dev/null)
	says "$refused" "$output" && [[ ! $output =~ $works ]] && take_events &&
		printf '%s\n' "${EVENTS[@]:0:4}" && same events "${#EVENTS[@]}" 1 && rule_told "${told[@]}" enforce
}
broken_rule() {
	local status=0
	breaks "$@" || status=$?
	execgate mode enforce
	return "$status"
}

foreign_library() { broken_rule foreign-library mmap "$foreign" "$@"; }
no_map='failed to map segment'

rules_sql() { runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 "$@"; }
c_function() {
	rules_sql -c "create function suite() returns int as '$foreign', 'suite' language c"
}
# The shell writes what a program of COPY prints.
copy_to_program() {
	rm -f /tmp/copied
	rules_sql -c "copy (select 1) to program 'cat >/tmp/copied; echo copied >>/tmp/copied'" && cat /tmp/copied
}
# A rule that only reports: told of in enforce, too.
program_reported() {
	take_events && says copied "$(copy_to_program)" && take_events &&
		printf '%s\n' "${EVENTS[@]:0:4}" && same events "${#EVENTS[@]}" 1 &&
		rule_told foreign-program exec /usr/bin/dash "$postgres_uid" audit
}
nginx_module() {
	printf '%s\n' "load_module $foreign;" "pid $R/pid;" 'events {}' >"$R/nginx.conf" &&
		/usr/sbin/nginx -t -c "$R/nginx.conf"
}
apache_with() {
	printf '%s\n' 'ServerName localhost' 'Listen 127.0.0.1:8082' "PidFile $R/pid" "DefaultRuntimeDir $R" \
		"ErrorLog $R/log" 'User www-data' 'Group www-data' \
		'LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so' \
		'LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so' "$@" >"$R/apache.conf" &&
		/usr/sbin/apache2 -f "$R/apache.conf"
}
apache_module() { apache_with "LoadModule suite_module $foreign"; }
# A page of PHP that starts a shell.
apache_starts() {
	local page
	mkdir -p "$R/www" && printf '%s\n' '<?php system("echo the shell ran");' >"$R/www/page.php" &&
		execgate sign --class script --key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem "$R/www/page.php" &&
		take_events || return
	apache_with 'LoadModule php_module /usr/lib/apache2/modules/libphp8.4.so' "DocumentRoot $R/www" \
		'SetHandler application/x-httpd-php' || return
	page=$(curl -sS --retry 10 --retry-delay 1 --retry-connrefused http://127.0.0.1:8082/page.php)
	kill "$(<"$R/pid")"
	while [[ -e $R/pid ]]; do sleep 0.2; done
	echo "page: $page"
}
# A module of PAM, which sudo's and su's configuration name.
pam_module() {
	local status
	cp -p /etc/pam.d/su "$T/su" && echo "session optional $foreign" >>/etc/pam.d/su
	su -s /bin/sh nobody -c 'echo logged in'
	status=$?
	cp -p "$T/su" /etc/pam.d/su
	journalctl --sync && journalctl -q -b -o cat -n 1 -g 'PAM unable to' _COMM=su
	return "$status"
}
# A program under another name, or elsewhere: FILE NAME ARGUMENT...
elsewhere() {
	cp -p "$1" "$R/$2" && "$R/$2" "${@:3}"
}
# As elsewhere, of which the file is told.
wrong_place() {
	local name=$3
	broken_rule wrong-path exec "$R/$name" 0 "$1" "$eperm|denied|not permitted" elsewhere "${@:2}"
}

# Technique: T1505.001
check rules-postgresql-function foreign_library "$postgres_uid" 'magic block' "$no_map" c_function
check rules-postgresql-load foreign_library "$postgres_uid" 'magic block' "$no_map" rules_sql -c "load '$foreign'"
# Technique: T1505.004
check rules-nginx-module foreign_library 0 'ngx_modules' "$no_map" nginx_module
check rules-apache-module foreign_library 0 'API module structure' "$no_map" apache_module
check rules-apache-starts broken_rule foreign-program exec /usr/bin/dash 33 'the shell ran' 'page: *$' apache_starts
# Technique: T1556.003
check rules-pam-module foreign_library 0 'unable to resolve' "$no_map" pam_module
# Technique: T1036.005
check rules-su-elsewhere wrong_place 'Usage' /usr/bin/su update --help
check rules-passwd-elsewhere wrong_place 'Usage' /usr/bin/passwd passwd --help
check rules-nologin-elsewhere wrong_place 'not available' /usr/sbin/nologin nologin
# Technique: none
check rules-postgresql-program program_reported
rm -rf "$R" /tmp/copied
