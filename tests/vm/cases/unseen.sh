# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A stock guest that has never seen execgate, for lanes that install its packages.

# The guest's image has the product without a package. It goes, but for the programs that
# the guest itself consists of, which keep their key.
unseen() {
	systemctl stop execgated && execgate mode off && modprobe -r execgate &&
		quiet dkms remove execgate/0.1.0 --all || return
	for deb in /suite/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n 's,^\.,,; \,[^/]$,{p; s,\.gz$,,p}'
	done | xargs -d '\n' rm -f
	# A machine has one kernel; dkms would build for both of the guest's.
	find /lib/modules -mindepth 2 -maxdepth 2 -name build -not -path "*/$(uname -r)/*" -delete
	mkdir /root/test && cp /etc/execgate/test/*.pem /root/test/
	rm -rf /etc/execgate /usr/src/execgate-* /{usr/share,var/lib,var/cache,run}/execgate \
		/usr/share/doc/execgate /usr/lib/dracut/modules.d/*execgate /etc/systemd/system/*.wants/execgate*
	systemctl daemon-reload && hash -r && same traces "$(traces)" "" && ! type -P execgate
}

# traces: what there is of execgate on the system's disk, but for logs, and what is the
# reader's or the suite's
traces() {
	find / -xdev \( -path /srv -o -path /root -o -path /suite -o -path /var/log -o -path /proc \
		-o -path /sys -o -path /run/suite -o -path /vm -o -path /var/backups \) -prune -o \
		-iname '*execgate*' -not -name 'execgate-suite*' -print
}
