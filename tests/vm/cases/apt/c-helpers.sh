# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The hook that lacks something, and what else comes with packages: modules that
# DKMS builds, upgrades that nobody attends, many packages at once.

H=$T/helpers
archive=(/usr/lib/x86_64-linux-gnu/libarchive.so.13*)

# Without the library the packages are taken apart by dpkg: it can come back.
library_comes_back() {
	not_denied dpkg --force-depends -P libarchive13t64 &&
		expect 1 execgate catalog build --name x --deb /srv/old/dcfldd_*.deb \
			-o "$H/x" && not_denied dpkg -i /srv/old/libarchive13t64_*.deb &&
		[[ -e ${archive[0]} ]] &&
		expect 0 execgate catalog build --name x --deb /srv/old/dcfldd_*.deb -o "$H/x"
}

# The program of a package that dpkg took apart runs, its scripts too.
unpacked_by_dpkg() {
	mkdir -p "$H/away" && mv "${archive[@]}" "$H/away/" && make_stuck 5 &&
		not_denied dpkg -i "$I/pkg.deb" && is_installed
	local status=$?
	mv "$H"/away/* /usr/lib/x86_64-linux-gnu/ && not_denied dpkg -P stuck &&
		((status == 0))
}

# audit breaks nothing: with a key that is no key, packages are installed all the same.
audit_blocks_nothing() {
	local status
	execgate mode audit && mv /etc/execgate/local/key.pem "$H/key" &&
		echo damaged >/etc/execgate/local/key.pem && make_stuck 6
	dpkg -i "$I/pkg.deb" >"$H/out" 2>&1
	status=$?
	mv "$H/key" /etc/execgate/local/key.pem
	says 'WARNING: these packages could not be signed' "$(<"$H/out")" &&
		same status "$status" 0 && is_installed
	status=$?
	quiet /usr/libexec/execgate-apt refresh && execgate mode enforce && expect 9 stuck &&
		not_denied dpkg -P stuck && ((status == 0))
}

# Nothing of a transaction is left over.
nothing_incoming() {
	execgate catalog list >"$H/list" && ! grep incoming "$H/list" &&
		[[ ! -e /etc/execgate/catalogs/local-incoming.cat ]]
}

# The one that does not run.
next_kernel() {
	basename "$(dirname "$(printf '%s\n' /lib/modules/*/updates |
		grep -v "$(uname -r)" | head -n 1)")"
}

# A module of DKMS, for the kernel that runs and for the next: listed when the
# packages are done, and gone from the list when it is gone.
modules_listed() {
	local next here
	here=/lib/modules/$(uname -r)/updates/dkms
	next=/lib/modules/$(next_kernel)
	[[ -d $next && -d $here ]] || return
	mkdir -p "$next/updates/dkms" && cp "$V/unsigned.ko" "$here/suite-dummy.ko" &&
		cp "$V/unsigned.ko" "$next/updates/dkms/suite-dummy.ko" &&
		printf x >>"$next/updates/dkms/suite-dummy.ko" || return
	insmod "$here/suite-dummy.ko" && { echo "loaded unlisted"; return 1; }
	quiet /usr/libexec/execgate-apt refresh && quiet insmod "$here/suite-dummy.ko" &&
		quiet rmmod dummy && execgate catalog show --entries local-modules >"$H/entries" &&
		grep -q "^$(sha256sum <"$next/updates/dkms/suite-dummy.ko" | cut -d' ' -f1)" \
			"$H/entries" || return
	rm "$next/updates/dkms/suite-dummy.ko" "$here/suite-dummy.ko" &&
		quiet /usr/libexec/execgate-apt refresh &&
		[[ ! -e /etc/execgate/catalogs/local-modules.cat ]]
}

# One that an emulated machine builds soon: our own takes it longer than the lane has.
small_module() {
	local source=/usr/src/suite-1
	mkdir -p $source && printf '%s\n' 'PACKAGE_NAME="suite"' 'PACKAGE_VERSION="1"' \
		'BUILT_MODULE_NAME[0]="suite"' 'DEST_MODULE_LOCATION[0]="/updates/dkms"' \
		'AUTOINSTALL="yes"' >$source/dkms.conf &&
		echo 'obj-m := suite.o' >$source/Makefile &&
		printf '%s\n' '#include <linux/module.h>' 'MODULE_LICENSE("GPL");' \
			'MODULE_DESCRIPTION("of the test suite");' >$source/suite.c &&
		not_denied dkms add -m suite -v 1
}

small_module_gone() {
	not_denied dkms remove -m suite -v 1 --all && rm -r /usr/src/suite-1 &&
		quiet /usr/libexec/execgate-apt refresh
}

# small_module_listed KERNEL
small_module_listed() {
	local built
	built=$(echo "/lib/modules/$1/updates/dkms"/suite.ko*)
	[[ -e $built ]] && execgate catalog show --entries local-modules >"$H/entries" &&
		grep "^$(sha256sum <"$built" | cut -d' ' -f1)" "$H/entries"
}

# Built by dkms under the gate, as a new kernel's hook does.
modules_built() {
	local next
	next=$(next_kernel)
	small_module && not_denied dkms autoinstall -k "$next" &&
		quiet /usr/libexec/execgate-apt refresh && small_module_listed "$next" &&
		small_module_gone
}

# With needrestart, which looks at all that runs when packages are done.
unattended() {
	rm -f /etc/apt/sources.list.d/new.list
	quiet apt-get update && not_denied apt-get install -y --no-install-recommends \
		unattended-upgrades needrestart dcfldd &&
		echo 'deb [trusted=yes] file:/srv/new ./' >/etc/apt/sources.list.d/new.list &&
		printf '%s\n' '#clear Unattended-Upgrade::Origins-Pattern;' \
			'Unattended-Upgrade::Origins-Pattern { "archive=*"; };' \
			>/etc/apt/apt.conf.d/60suite && quiet apt-get update || return
	local before
	before=$(dpkg-query -W -f '${Version}' dcfldd)
	not_denied unattended-upgrade -v && trusted_by_catalog /usr/bin/dcfldd || return
	[[ $(dpkg-query -W -f '${Version}' dcfldd) != "$before" ]] ||
		{ tail -n 30 /var/log/unattended-upgrades/unattended-upgrades.log; return 1; }
	rm /etc/apt/sources.list.d/new.list /etc/apt/apt.conf.d/60suite
	quiet apt-get update && not_denied needrestart -b -r l &&
		not_denied apt-get purge -y unattended-upgrades needrestart dcfldd
}

mkdir -p "$H"
check apt-library-comes-back library_comes_back
check apt-unpacked-by-dpkg unpacked_by_dpkg
check apt-audit-blocks-nothing audit_blocks_nothing
check apt-modules-listed modules_listed
check apt-modules-built modules_built
check apt-unattended unattended
check apt-nothing-incoming nothing_incoming
