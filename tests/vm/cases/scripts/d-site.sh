# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A web site of Debian's (DokuWiki, in Apache with mod_php), whose account needs no shell and
# is constrained. Each attack works before that, or without the gate.

W=$S/site
wiki=/var/lib/dokuwiki/data
media=$wiki/media
www=33

as_www() { setpriv --reuid=www-data --regid=www-data --clear-groups "$@"; }
page() {
	curl -sSL -m 120 "${@:2}" "http://127.0.0.1:8081/$1"
}

# What people upload can be asked for, and has PHP run it: a slip that is often made.
site_configuration() {
	printf '%s\n' 'ServerName localhost' 'Listen 127.0.0.1:8081' 'User www-data' 'Group www-data' \
		"PidFile $W/pid" "DefaultRuntimeDir $W" "ErrorLog $W/log" 'DocumentRoot /usr/share/dokuwiki'
	for module in mpm_prefork:mod_mpm_prefork authz_core:mod_authz_core alias:mod_alias \
		php:libphp8.4; do
		echo "LoadModule ${module%:*}_module /usr/lib/apache2/modules/${module#*:}.so"
	done
	# Those of DokuWiki want modules besides.
	printf '%s\n' '<Directory />' 'AllowOverride None' '</Directory>' \
		"Alias /media/ $media/" "Alias /own/ $W/own/" 'StartServers 1' \
		'SetHandler application/x-httpd-php'
}
site_stop() {
	[[ -e $W/pid ]] || return 0
	kill -TERM "$(<"$W/pid")"
	while [[ -e $W/pid ]]; do sleep 0.2; done
}
# Also because a server that ran while the gate was off has no rules when it comes back, and
# PHP keeps in memory what it compiled. The command ends before the server listens.
site_starts() {
	local try
	site_stop && /usr/sbin/apache2 -f "$W/conf" -k start || return
	for ((try = 0; try < 100; try++)); do
		! (: </dev/tcp/127.0.0.1/8081) 2>/dev/null || return 0
		sleep 0.5
	done
	tail -n 9 "$W/log"
	return 1
}

site_installed() {
	quiet apt-get update && quiet apt-get install -y --no-install-recommends dokuwiki &&
		same "half done" "$(dpkg --audit)" '' && test -d "$media"
}
# The administrator's own settings are code, as is a page of the house with a hole in it.
# shellcheck disable=SC2016 # PHP's
site_set_up() {
	mkdir -p "$W/own" && site_configuration >"$W/conf" &&
		printf '%s\n' '<?php' "\$conf['title'] = 'The gated wiki';" "\$conf['useacl'] = 0;" \
			>/etc/dokuwiki/local.php &&
		printf '%s\n' '<?php' 'if (isset($_GET["c"])) system($_GET["c"]);' 'echo "the page ends";' >"$W/own/hole.php" &&
		execgate sign --class script "${local_key[@]}" /etc/dokuwiki/local.php "$W/own/hole.php" && site_starts
}
wiki_edited() {
	page 'doku.php' --data id="$1" --data 'do[save]=1' --data-urlencode "wikitext=$2" \
		--data prefix=. --data suffix= --data date= --data summary= >"$W/saved" &&
		says "$2" "$(page "doku.php?id=$1")"
}
site_serves() {
	says 'The gated wiki' "$(page 'doku.php?id=start')" && wiki_edited "$1" "Written in $1" &&
		same raw "$(page "doku.php?id=$1&do=export_raw")" "Written in $1" &&
		says 'the page ends' "$(page own/hole.php)"
}

# with_log COMMAND...: if it fails, what the server says
with_log() {
	"$@" && return
	tail -n 9 "$W/log"
	return 1
}

# site_told REASON HOOK FILE: one event of the server's account
site_told() {
	take_events && printf '%s\n' "${EVENTS[@]}" && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason "$1" && event_is "${EVENTS[0]}" hook "$2" &&
		event_is "${EVENTS[0]}" uid "$www" && event_is "${EVENTS[0]}" ino "$(stat -L -c %i "$3")"
}
shows_not() {
	echo "$2"
	[[ $2 != *"$1"* ]]
}

# In the folder of uploads, under a name that the server has PHP run.
shows_evil() { site_starts && says 'evil ran' "$(page "$1")"; }
web_shell() {
	as_www tee "$media/$1" <<<'<?php echo "evil", " ran";' >/dev/null &&
		without shows_evil "media/$1" && site_starts && take_events &&
		shows_not 'evil ran' "$(page "media/$1")" && site_told script read "$media/$1"
}
# Through the server, by its hole: PHP starts a shell for whatever it is.
web_command() {
	constrain remove "$www" 2>/dev/null
	take_events && says 'evil ran' "$(page "own/hole.php?c=$1")" && constrain add "$www" &&
		unrefused true && shows_not 'evil ran' "$(page "own/hole.php?c=$1")" &&
		site_told inline-script exec /usr/bin/dash
}
# By its account, however it came to run a program: PROGRAM ARGUMENT...
account_runs() {
	local program status=0
	program=$(readlink -f "$(type -P "$1")")
	constrain remove "$www" 2>/dev/null
	take_events && expect 9 as_www "$@" && unrefused true && constrain add "$www" || return
	as_www "$@" || status=$?
	((status != 9)) && site_told inline-script exec "$program"
}
constrain() { execgate constrain "$1" --no-persist "$2" >/dev/null; }
site_constrained() { constrain add "$www" && site_starts && unrefused with_log site_serves constrained; }

workload site-installed site_installed
check scripts-site site_set_up
workload site-serves with_log site_serves free
# Technique: T1505.003
check scripts-site-web-shell with_log web_shell shell.php
check scripts-site-system web_command 'echo+evil+ran'
check scripts-site-system-shell web_command "sh+-c+'echo+evil+ran'"
check scripts-site-php account_runs php -r 'exit(9);'
check scripts-site-bash account_runs bash -c 'exit 9'
check scripts-site-sh account_runs sh -c 'exit 9'
check scripts-site-python account_runs python3 -c 'raise SystemExit(9)'
check scripts-site-perl account_runs perl -e 'exit 9'
# Technique: none
check scripts-site-constrained site_constrained
site_stop
constrain remove "$www" 2>/dev/null
