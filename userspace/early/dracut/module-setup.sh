#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A module of dracut: the same as initramfs/hook, for an initramfs with systemd in it.
# shellcheck disable=SC2154 # dracut sets moddir, systemdsystemunitdir, initdir

check() {
	/usr/sbin/execgated --early-files >/dev/null
}

depends() {
	echo systemd
}

installkernel() {
	instmods execgate
}

install() {
	local file
	inst_multiple /usr/sbin/execgated systemctl
	inst_libdir_file 'libtss2-esys.so.0*' 'libtss2-tctildr.so.0*' 'libtss2-rc.so.0*' \
		'libtss2-tcti-device.so.0*' 'libtss2-sys.so.*' 'libtss2-mu.so.*'
	while read -r file; do inst_simple "$file"; done < <(/usr/sbin/execgated --early-files)
	# systemd has /usr read-only in an initramfs, so the daemon cannot make this link there.
	mkdir -p "$initdir/usr/share/execgate"
	ln -sfn /sysroot/usr/share/execgate/catalogs "$initdir/usr/share/execgate/catalogs"
	inst_simple "$moddir/execgate-early.service" "$systemdsystemunitdir/execgate-early.service"
	$SYSTEMCTL -q --root "$initdir" add-wants initrd-switch-root.target execgate-early.service
}
