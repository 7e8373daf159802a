# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A file that is not what its package installed is told from one that nobody signed.

C=$T/changed
D=/var/lib/dpkg

# A database of one package, which has installed FILE as it is now.
package_of() {
	local sum
	mkdir -p $D/info && printf '%s\n' "Package: thing" "Status: install ok installed" \
		"Architecture: amd64" "Version: 1" >$D/status
	sum=$(openssl md5 -r "$1") && printf '%s  %s\n' "${sum%% *}" "${1#/}" >$D/info/thing.md5sums &&
		echo "$1" >$D/info/thing.list
}

set_up() {
	mkdir -p "$C" && cp "$V/h9" "$C/prog" && cp "$V/h9" "$C/other" && package_of "$C/prog"
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

# The daemon says it in the journal, where there is one; here in its own output.
in_journal() {
	local daemon status=0 tries
	mkdir -p "$C/conf" && printf '[gate]\nmode = enforce\n' >"$C/conf/execgate.conf"
	rm -f /var/lib/execgate/boots /run/execgate/resume
	execgated --config "$C/conf" >"$C/log" 2>&1 &
	daemon=$!
	expect 126 "$C/prog"
	for ((tries = 0; tries < 600; tries++)); do
		[[ $(<"$C/log") != *CHANGED* ]] || break
		kill -0 "$daemon" || break
		sleep 0.1
	done
	says 'prog by uid .*CHANGED since package thing installed it' "$(<"$C/log")" || status=$?
	kill "$daemon"
	wait "$daemon"
	((status == 0)) || cat "$C/log"
	return "$status"
}

if [[ ! -e $D ]] && set_up; then
	check why-unchanged unchanged
	check why-changed changed
	check denial-changed in_journal
	rm -rf "$D" "$C"
else
	not_ok changed-setup "there is a dpkg database in this guest"
fi
