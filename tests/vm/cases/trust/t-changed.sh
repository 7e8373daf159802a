# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A file that is not what its package installed is told from one that nobody signed.

C=$T/changed
D=/var/lib/dpkg

# package_of FILE...: a database of one package, which has installed all of them with
# the bytes that the first one has now
package_of() {
	local sum
	mkdir -p $D/info && printf '%s\n' "Package: thing" "Status: install ok installed" \
		"Architecture: amd64" "Version: 1" >$D/status
	sum=$(openssl md5 -r "$1") && printf "${sum%% *}  %s\n" "${@#/}" >$D/info/thing.md5sums &&
		printf '%s\n' "$@" >$D/info/thing.list
}

set_up() {
	mkdir -p "$C" && cp "$V/h9" "$C/prog" && cp "$V/h9" "$C/other" &&
		package_of "$C/prog" "$C"/later.{1..60}
}

# As installed nothing was changed: it is unsigned, and its package is named.
unchanged() {
	expect 126 "$C/prog" && expect 0 execgate why "$C/prog" >"$C/out" && cat "$C/out" &&
		says 'prog: unsigned' "$(<"$C/out")" && says 'package thing' "$(<"$C/out")" &&
		says '"changed": false' "$(execgate why --json "$C/prog")" &&
		says 'other: unsigned' "$(execgate why "$C/other")"
}

changed() {
	printf x >>"$C/prog"
	expect 126 "$C/prog" && expect 0 execgate why "$C/prog" >"$C/out" && cat "$C/out" &&
		says 'prog: changed' "$(<"$C/out")" && says 'dpkg --verify thing' "$(<"$C/out")" &&
		says 'apt-get install --reinstall thing' "$(<"$C/out")" &&
		says '"changed": true' "$(execgate why --json "$C/prog")" || return
	# Nor by the number of the denial.
	says 'prog: changed' "$(execgate why $(($("$A" netlink-next) - 1)))"
}

# The daemon says it in the journal, where there is one; here in its own output. It
# looks for a twentieth of its time only, and is busy with all that was denied before.
in_journal() {
	local daemon status=0 file
	mkdir -p "$C/conf" && printf '[gate]\nmode = enforce\n' >"$C/conf/execgate.conf"
	rm -f /var/lib/execgate/boots /run/execgate/resume
	execgated --config "$C/conf" >"$C/log" 2>&1 &
	daemon=$!
	for file in "$C"/later.{1..60}; do
		cp "$C/prog" "$file" && expect 126 "$file" && kill -0 "$daemon" || break
		sleep 1
		[[ $(<"$C/log") != *CHANGED* ]] || break
	done
	says 'changed/[a-z.0-9]* by uid .*CHANGED since package thing installed it' "$(<"$C/log")" ||
		status=$?
	kill "$daemon"
	wait "$daemon"
	((status == 0)) || cat "$C/log"
	return "$status"
}

if [[ ! -e $D ]] && set_up; then
	check why-unchanged unchanged
	# Technique: T1554
	check why-changed changed
	check denial-changed in_journal
	rm -rf "$D" "$C"
else
	not_ok changed-setup "there is a dpkg database in this guest"
fi
