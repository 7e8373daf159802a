# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# EXECGATE_STARTS starts, of each image in turn, by root and by the user: all run, and nothing is denied.

declare -gA briefly=([nginx:1]='--entrypoint nginx nginx:1 -v' [postgres:1]='--entrypoint psql postgres:1 --version'
	[app:1]='--entrypoint python3 app:1 -c print(6*7)' [busybox:1]='busybox:1 ls /www' [web:2]='web:2 version')
declare -gA said=([nginx:1]='nginx version' [postgres:1]='PostgreSQL' [app:1]=42 [busybox:1]=index.html
	[web:2]='version 2')

# start_briefly IMAGE
start_briefly() {
	local words out word
	read -ra words <<<"${briefly[$1]}"
	for word in "${!words[@]}"; do
		[[ ${words[word]} != "$1" ]] || words[word]=$H/$1
	done
	out=$(pod run -q --rm --network none "${words[@]}" 2>&1) && says "${said[$1]}" "$out"
}
start_often() {
	local number
	for ((number = 0; number < ${EXECGATE_STARTS:-50}; number++)); do
		owner=${owners[number % 2]}
		start_briefly "${images[number / 2 % ${#images[@]}]}" ||
			{ echo "start $number failed"; return 1; }
	done
}
none_denied() { take_events && printf '%s\n' "${EVENTS[@]}" && same events "${#EVENTS[@]}" 0; }

take_events >"$T/why"
check containers-starts start_often
check containers-starts-none-denied none_denied
check containers-events-add-up events_add_up
