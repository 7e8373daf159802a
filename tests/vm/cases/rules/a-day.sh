# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Boot, logins, cron, nginx, PostgreSQL, Python, Perl, gcc, and apt of ten packages with all
# shipped rules in strength deny, but for one: the cases of lanes services and apt, none denied.

run_script "$cases/services/a-system.sh"
run_script "$cases/apt/a-packages.sh"

mode=enforce

# What the rules are about and the lanes above do not ask for.
#
# A new cluster asks the shell for the names of locales ("locale -a"), and there is none if
# that fails: the rule is one that only reports.
database_made() {
	local event
	take_events && quiet pg_createcluster 17 second --start && take_events &&
		same answer "$(runuser -u postgres -- psql -XAtqc 'select 6 * 7' --cluster 17/second)" 42 &&
		quiet pg_dropcluster --stop 17 second && ((${#EVENTS[@]} > 0)) || return
	for event in "${EVENTS[@]}"; do
		echo "$event"
		event_is "$event" reason foreign-program && event_is "$event" mode audit &&
			event_is "$event" uid "$(id -u postgres)" &&
			event_is "$event" ino "$(stat -L -c %i /bin/sh)" || return
	done
}
passwords_changed() {
	useradd --create-home clerk && printf 'clerk:one\n' | chpasswd && quiet passwd -S clerk &&
		same user "$(su - clerk -c 'id -un')" clerk && quiet userdel -r clerk
}
# systemd ends what is left of the service when its first process goes before another one has
# written its number.
nginx_upgrades() {
	local before now try
	before=$(</run/nginx.pid) && kill -USR2 "$before" || return
	for ((try = 0; try < 600; try++)); do
		now=$(cat /run/nginx.pid 2>/dev/null)
		[[ -z $now || $now == "$before" ]] || break
		sleep 0.2
	done
	kill -QUIT "$before"
	says 'Welcome to nginx' "$(curl -sS --retry 5 --retry-connrefused http://127.0.0.1/)" &&
		[[ $(</run/nginx.pid) != "$before" ]]
}
undenied() {
	take_events || return
	"$@" || { take_events && printf '%s\n' "${EVENTS[@]:0:9}"; return 1; }
	take_events && printf '%s\n' "${EVENTS[@]:0:9}" && ((${#EVENTS[@]} == 0))
}

take_events >"$T/why" || not_ok rules-events "$(<"$T/why")"
check rules-database-made database_made
take_events >/dev/null
check rules-passwords undenied passwords_changed
check rules-nginx-upgrades undenied nginx_upgrades
