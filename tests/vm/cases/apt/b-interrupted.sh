# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# dpkg that is killed in each of its states, in enforce: what it had unpacked stays
# trusted through a refresh, and dpkg mends it.

I=$T/interrupted

# make_stuck VERSION: $I/pkg.deb, whose scripts wait for as long as $I/hang names them
make_stuck() {
	local script
	mkdir -p "$I/pkg/DEBIAN" "$I/pkg/usr/bin" && cp "$V/h9" "$I/pkg/usr/bin/stuck" &&
		printf '%s' "$1" >>"$I/pkg/usr/bin/stuck" || return
	for script in preinst postinst prerm postrm; do
		cat >"$I/pkg/DEBIAN/$script" <<-EOF2
			#!/bin/sh
			# $1
			if grep -qsx $script $I/hang; then
				touch $I/hangs
				exec sleep 1000
			fi
		EOF2
		chmod 755 "$I/pkg/DEBIAN/$script"
	done
	printf '%s\n' 'Package: stuck' "Version: $1" 'Architecture: amd64' \
		'Maintainer: x <x@example.org>' 'Description: of the test suite' \
		>"$I/pkg/DEBIAN/control"
	quiet dpkg-deb -Zgzip --root-owner-group -b "$I/pkg" "$I/pkg.deb"
}

# killed_in SCRIPT STATE COMMAND...: dpkg dies while SCRIPT runs; and nothing tidies up
killed_in() {
	local script=$1 want=$2 dpkg try
	shift 2
	echo "$script" >"$I/hang" && rm -f "$I/hangs"
	"$@" >"$I/out" 2>&1 &
	dpkg=$!
	for ((try = 0; try < 600; try++)); do
		[[ ! -e $I/hangs ]] || break
		sleep 0.2
	done
	[[ -e $I/hangs ]] || { cat "$I/out"; echo "no $script"; return 1; }
	kill -9 "$dpkg"
	wait "$dpkg"
	pkill -x -f 'sleep 1000'
	rm "$I/hang"
	same "state of stuck" "$(dpkg-query -W -f '${db:Status-Status}' stuck)" "$want"
}

# not_denied COMMAND...: and no program is
not_denied() {
	local before
	before=$(counter events_emitted)
	quiet "$@" && same "new denials" "$(($(counter events_emitted) - before))" 0
}

is_installed() {
	same "state of stuck" "$(dpkg-query -W -f '${Status}' stuck)" 'install ok installed' &&
		expect 9 stuck
}

# The update that dpkg noted before it died is not in its status file.
in_updates() { grep -qs '^Package: stuck' /var/lib/dpkg/updates/*; }

unpacked() {
	make_stuck 1 && not_denied dpkg --unpack "$I/pkg.deb" &&
		not_denied /usr/libexec/execgate-apt refresh && expect 9 stuck &&
		not_denied dpkg --configure -a && is_installed
}

in_postinst() {
	make_stuck 2 && killed_in postinst half-configured dpkg -i "$I/pkg.deb" && in_updates &&
		not_denied /usr/libexec/execgate-apt refresh && expect 9 stuck &&
		not_denied dpkg --configure -a && is_installed
}

# Its files are half there: it is to be unpacked again.
in_preinst() {
	make_stuck 3 && killed_in preinst half-installed dpkg -i "$I/pkg.deb" &&
		not_denied /usr/libexec/execgate-apt refresh &&
		not_denied dpkg -i "$I/pkg.deb" && is_installed
}

# It is to be removed, so nothing but its package makes it whole again.
in_prerm() {
	killed_in prerm half-configured dpkg -r stuck &&
		not_denied /usr/libexec/execgate-apt refresh && expect 9 stuck &&
		not_denied dpkg -i "$I/pkg.deb" && is_installed
}

in_postrm() {
	killed_in postrm half-installed dpkg -r stuck &&
		not_denied /usr/libexec/execgate-apt refresh &&
		not_denied dpkg -i "$I/pkg.deb" && is_installed
}

# First known from the updates alone: killed before it was ever in the status file.
first_time() {
	not_denied dpkg -P stuck && make_stuck 4 &&
		killed_in postinst half-configured dpkg -i "$I/pkg.deb" && in_updates &&
		not_denied /usr/libexec/execgate-apt refresh && expect 9 stuck &&
		not_denied dpkg --configure -a && is_installed && not_denied dpkg -P stuck
}

mkdir -p "$I"
check apt-interrupted-unpacked unpacked
check apt-interrupted-in-postinst in_postinst
check apt-interrupted-in-preinst in_preinst
check apt-interrupted-in-prerm in_prerm
check apt-interrupted-in-postrm in_postrm
check apt-interrupted-first-time first_time
