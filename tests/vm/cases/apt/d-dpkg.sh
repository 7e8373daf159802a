# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What dpkg and administrators do to files of packages, in enforce: diversions with a
# wrapper in the place, scripts that are configuration, questions before anything is
# unpacked, a database that somebody else has locked; packages without a program, and an
# upgrade across a kernel.

G=$T/dpkg
K=(--key /etc/execgate/local/key.pem --cert /etc/execgate/local/cert.pem)

# make_package NAME VERSION: $G/NAME.deb, of what is in $G/NAME
make_package() {
	local tree=$G/$1
	mkdir -p "$tree/DEBIAN" && printf '%s\n' "Package: $1" "Version: $2" \
		'Architecture: amd64' 'Maintainer: x <x@example.org>' \
		'Description: of the test suite' >"$tree/DEBIAN/control" &&
		quiet dpkg-deb -Zzstd --root-owner-group -b "$tree" "$G/$1.deb"
}

# program PACKAGE PATH TEXT: one that exits with 9, and is another with each text
program() {
	mkdir -p "$G/$1/${2%/*}" && cp "$V/h9" "$G/$1/$2" && printf '%s' "$3" >>"$G/$1/$2"
}

# script FILE COMMAND
script() { mkdir -p "${1%/*}" && printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod 755 "$1"; }

# denied_once COMMAND...: and one file was refused, as of no signature
denied_once() {
	take_events && expect 126 "$@" && take_events && same events "${#EVENTS[@]}" 1 &&
		event_is "${EVENTS[0]}" reason unsigned
}

# The local wrapper is the administrator's: signed once, it stays through an upgrade.
wrapper() {
	program diverted /usr/bin/diverted 1 && make_package diverted 1 &&
		not_denied dpkg -i "$G/diverted.deb" && expect 9 diverted &&
		quiet dpkg-divert --local --rename --add /usr/bin/diverted &&
		not_denied expect 9 diverted.distrib &&
		script /usr/bin/diverted 'exec /usr/bin/diverted.distrib' &&
		denied_once /usr/bin/diverted && execgate sign "${K[@]}" /usr/bin/diverted &&
		expect 9 diverted || return
	program diverted /usr/bin/diverted 2 && make_package diverted 2 &&
		not_denied dpkg -i "$G/diverted.deb" && not_denied expect 9 diverted &&
		same "what is diverted" "$(sha256sum <"$G/diverted/usr/bin/diverted")" \
			"$(sha256sum </usr/bin/diverted.distrib)" &&
		quiet /usr/libexec/execgate-apt refresh && not_denied expect 9 diverted &&
		rm /usr/bin/diverted && quiet dpkg-divert --local --rename --remove /usr/bin/diverted &&
		not_denied expect 9 diverted && not_denied dpkg -P diverted
}

# A script that is configuration: as it came it runs; as it was edited it is nobody's
# until it is signed, and a later package does not take the administrator's place.
conffile() {
	local file=/etc/suite/hook
	script "$G/conf$file" 'exit 9' && mkdir -p "$G/conf/DEBIAN" &&
		echo $file >"$G/conf/DEBIAN/conffiles" && make_package conf 1 &&
		not_denied dpkg -i "$G/conf.deb" && expect 9 $file &&
		echo '# edited' >>$file && denied_once $file || return
	script "$G/conf$file" 'exit 9 # 2' && make_package conf 2 &&
		not_denied dpkg --force-confold -i "$G/conf.deb" && denied_once $file &&
		execgate sign "${K[@]}" $file && expect 9 $file || return
	script "$G/conf$file" 'exit 9 # 3' && make_package conf 3 &&
		not_denied dpkg --force-confold -i "$G/conf.deb" && not_denied expect 9 $file &&
		not_denied dpkg --force-confnew -i "$G/conf.deb" && not_denied expect 9 $file &&
		not_denied dpkg -P conf
}

# repository NAME...: their packages, as apt finds them
repository() {
	local name deb
	: >"$G/Packages"
	for name; do
		deb=$G/$name.deb
		{
			dpkg-deb -f "$deb"
			printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$name.deb" \
				"$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -d' ' -f1)"
		} >>"$G/Packages"
	done
	echo "deb [trusted=yes] file:$G ./" >/etc/apt/sources.list.d/suite.list
	quiet apt-get update
}

# As debconf asks its questions: a script of the package runs before it is unpacked.
before_unpacking() {
	script "$G/asks/DEBIAN/config" ": asked >$G/asked" && make_package asks 1 &&
		script "$G/preconfigure" "read -r deb && dpkg-deb --ctrl-tarfile \"\$deb\" |
			tar -xf - -C $G ./config && exec $G/config" &&
		execgate sign "${K[@]}" "$G/preconfigure" &&
		echo "DPkg::Pre-Install-Pkgs { \"$G/preconfigure\"; };" \
			>/etc/apt/apt.conf.d/70suite && repository asks || return
	rm -f "$G/asked"
	not_denied apt-get install -y asks && [[ -e $G/asked ]]
	local status=$?
	rm /etc/apt/apt.conf.d/70suite
	not_denied dpkg -P asks && return $status
}

# locked COMMAND...: while another process has dpkg's database
locked() {
	python3 -c '
import fcntl, subprocess, sys
held = open("/var/lib/dpkg/lock-frontend", "w")
fcntl.lockf(held, fcntl.LOCK_EX)
sys.exit(subprocess.call(sys.argv[1:]))' "$@"
}

# Refused by the lock, a package changes nothing; later it is installed as ever.
database_locked() {
	program late /usr/bin/late 1 && make_package late 1 && repository late &&
		expect 100 locked apt-get -o DPkg::Lock::Timeout=0 install -y late &&
		expect 2 locked dpkg -i "$G/late.deb" && [[ ! -e /usr/bin/late ]] &&
		trusted_by_catalog /usr/bin/dpkg && not_denied apt-get install -y late &&
		expect 9 late && nothing_incoming && not_denied dpkg -P late
}

# A package that only depends on others, or brings what is read, is installed as ever:
# by dpkg, by apt beside one with a program, and taken apart by dpkg.
without_code() {
	local status
	mkdir -p "$G/words/usr/share/doc/words" && echo text >"$G/words/usr/share/doc/words/x" &&
		make_package words 1 && make_package bare 1 &&
		not_denied dpkg -i "$G/words.deb" && not_denied dpkg -i "$G/bare.deb" &&
		nothing_incoming && not_denied dpkg -P words bare || return
	program beside /usr/bin/beside 1 && make_package beside 1 &&
		repository words bare beside && not_denied apt-get install -y words &&
		not_denied apt-get install -y bare beside && expect 9 beside &&
		not_denied dpkg -P words bare beside && mkdir -p "$H/away" &&
		mv "${archive[@]}" "$H/away/" || return
	not_denied dpkg -i "$G/words.deb"
	status=$?
	mv "$H"/away/* /usr/lib/x86_64-linux-gnu/ && not_denied dpkg -P words &&
		((status == 0))
}

# The kernel that does not run comes anew, by a package with the script of Debian's: its
# hooks build DKMS's module and an initramfs. Nothing of it is denied, and what was built
# is listed before that kernel boots.
across_kernel() {
	local next initrd status=0
	next=$(next_kernel) && initrd=/boot/initrd.img-$next && small_module &&
		! small_module_listed "$next" && make_package linux-image-suite 1 &&
		quiet dpkg -i "$G/linux-image-suite.deb" || return
	script "$G/linux-image-suite/DEBIAN/postinst" "exec linux-run-hooks image postinst $next \
		/boot/vmlinuz-$next -- \"\$@\"" && make_package linux-image-suite 2 &&
		repository linux-image-suite && not_denied apt-get full-upgrade -y &&
		same version "$(dpkg-query -W -f '${Version}' linux-image-suite)" 2 &&
		[[ -s $initrd ]] && small_module_listed "$next" || status=$?
	rm -f "$initrd"
	not_denied dpkg -P linux-image-suite && small_module_gone && return $status
}

mkdir -p "$G"
check apt-diverted-with-wrapper wrapper
check apt-conffile-script conffile
check apt-asked-before-unpacking before_unpacking
check apt-database-locked database_locked
check apt-package-without-code without_code
check apt-upgrade-across-kernel across_kernel
rm -f /etc/apt/sources.list.d/suite.list
