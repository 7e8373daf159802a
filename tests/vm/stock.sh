# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The stock guest: a Debian with services as its packages install them, with not one file changed and no catalog yet:
# what makes it trusted is an administrator's commands, in the guest. On its disk are two repositories: /srv/old has
# packages and what they need, /srv/new later versions of some; there is no network.

. "$(dirname "${BASH_SOURCE[0]}")/full.sh"

service_packages=(cron nginx postgresql curl openssh-client libarchive13t64
	# What compiles while it runs, reaches into others, or runs from memory.
	php-cli libapache2-mod-php luajit gdb runc crun lxc kexec-tools)
# All but dcfldd with maintainer scripts, all but dokuwiki (a site in PHP, without a database) with a later version in
# backports, few with dependencies to wait for.
packages=(wireguard-tools passt hyperv-daemons samba-common radsecproxy igtf-policy-mics libdebuginfod-common libpam-passwdqc
	hopm dhcpcd-base dcfldd dokuwiki)

# make_services DIR BASE: postinst makes PostgreSQL's cluster; no service is started here.
make_services() {
	local root=$1/root
	cp -a --reflink=auto "$2/root" "$root"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	in_root "$root" - sh -exc "
		apt-get update -q
		apt-get install -qy --no-install-recommends ${service_packages[*]}
		apt-get clean"
	rm -rf "$root"/usr/sbin/policy-rc.d "$root"/var/lib/apt/lists/*
	systemd_in "$root" enable ssh.service
	# Their programs are wanted, not what they would do at boot.
	systemd_in "$root" mask lxc.service lxc-net.service lxc-monitord.service kexec.service kexec-load.service
}

# By name only: what is large, and compiles while it runs.
desktop_packages=(gjs nodejs default-jre-headless qemu-user qemu-system-x86 valgrind firefox-esr chromium
	libreoffice-writer-nogui ruby erlang-base mono-runtime guile-3.0 sbcl neovim git haproxy podman strace
	ltrace thunderbird mariadb-server-core mariadb-client-core php-phpdbg php-cgi php-fpm squashfs-tools python3-venv containerd)

# make_programs DIR SERVICES
make_programs() {
	local root=$1/root
	cp -a --reflink=auto "$2/root" "$root"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	in_root "$root" - sh -exc "
		apt-get update -q
		apt-get install -qy --no-install-recommends ${desktop_packages[*]}
		apt-get clean"
	rm -rf "$root"/usr/sbin/policy-rc.d "$root"/var/lib/apt/lists/*
	systemd_in "$root" mask haproxy.service php8.4-fpm.service
	systemd_in "$root" disable containerd.service
}

# For tests/matrix: the peers of execgate, all of them off until they are asked for, and more servers to attack.
matrix_packages=(apparmor apparmor-utils fapolicyd ima-evm-utils attr e2fsprogs postfix procmail podman)

# make_peers DIR SERVICES
make_peers() {
	local root=$1/root
	cp -a --reflink=auto "$2/root" "$root"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	in_root "$root" - sh -exc "
		echo 'postfix postfix/main_mailer_type select Local only' | debconf-set-selections
		echo 'postfix postfix/mailname string execgate' | debconf-set-selections
		apt-get update -q
		apt-get install -qy --no-install-recommends ${matrix_packages[*]}
		apt-get clean"
	rm -rf "$root"/usr/sbin/policy-rc.d "$root"/var/lib/apt/lists/*
	systemd_in "$root" disable apparmor.service fapolicyd.service postfix.service podman.socket
}

# make_repository DIR SERVICES
make_repository() {
	local root=$1/root repo=$1/repo get='apt-get install -qy --no-install-recommends --download-only'
	cp -a --reflink=auto "$2/root" "$root"
	mkdir -p "$repo"/{old,new}/partial
	chmod -R 777 "$repo"
	in_root "$root" "$repo" sh -exc "
		apt-get update -q
		$get -o Dir::Cache::Archives=/src/old ${packages[*]} unattended-upgrades needrestart vim-nox ansible-core
		cd /src/old && apt-get download libarchive13t64
		$get -o Dir::Cache::Archives=/src/new -t $suite-backports ${packages[*]}"
	rm -rf "$root" "$repo"/*/{partial,lock}
	in_root "$(builder_root)" "$repo" sh -exc '
		for repo in old new; do (cd "/src/$repo" && dpkg-scanpackages --multiversion . >Packages); done'
}

# make_stock DIR SERVICES REPOSITORY PRODUCT KEYS
make_stock() {
	local root=$1/root new=$1/new
	cp -a --reflink=auto "$2/root" "$root"
	mkdir "$new"
	add_product "$4" "$5" "$new"
	# execgate itself came with no package here.
	sign_root "$4" "$5" "$new"
	cp -a "$new/." "$root"
	cp -a "$3/repo"/{old,new} "$root/srv/"
	rm -f "$root"/etc/apt/sources.list.d/*
	echo 'deb [trusted=yes] file:/srv/old ./' >"$root/etc/apt/sources.list"
	in_root "$root" - sh -exc "$install_module"
	finish_image "$1"
}

services_root() {
	layer services "$({
		basename "$(base_root)"
		declare -f make_services
		declare -p service_packages
	} | key_of)" 2 make_services "$(base_root)"
}

# lay_over DIR PACKAGES [FOLDER]: what the packages of that root added and changed, over the stock image in DIR, whose
# lists of kernel modules name ours, and stay; and FOLDER in its /srv
lay_over() {
	mkdir "$1/mounted"
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount sh -ec 'mount -o loop "$0/root.ext4" "$0/mounted"
		rsync -aHAX --modify-window=1 --exclude=/etc/apt --exclude="/boot/*" --exclude="/dev/*" \
			--exclude="/usr/lib/modules/*/modules.*" "$1/root/" "$0/mounted/"
		[ -z "$2" ] || cp -r "$2" "$0/mounted/srv/"
		touch "$0/mounted/etc/.updated" "$0/mounted/var/.updated"' "$1" "$2" "${3-}"
	rmdir "$1/mounted"
}

# make_matrix DIR STOCK PEERS
make_matrix() {
	cp --sparse=always "$2/root.ext4" "$1/root.ext4"
	lay_over "$1" "$3"
}

# stock_layers SNAPSHOT NAME: the path of the image: stock, or desktop
stock_layers() {
	local product keys services repository dir
	product=$(product_root "$1")
	keys=$(test_keys)
	services=$(services_root)
	repository=$(layer repository "$({
		basename "$services"
		declare -f make_repository
		declare -p packages
	} | key_of)" 2 make_repository "$services")
	[[ $2 == stock ]] || services=$(layer programs "$({
		basename "$services"
		declare -f make_programs
		declare -p desktop_packages
	} | key_of)" 1 make_programs "$services")
	dir=$(layer "$2" "$({
		basename -a "$services" "$repository" "$product" "$keys"
		declare -f make_stock add_product finish_image
		declare -p install_module
		cat "$vm"/guest/*.{service,target}
	} | key_of)" 2 make_stock "$services" "$repository" "$product" "$keys")
	echo "$dir/root.ext4"
}

# SNAPSHOT: the path of the image
stock_image() { stock_layers "$1" stock; }
desktop_image() { image_size=8G stock_layers "$1" desktop; }
matrix_image() {
	local stock services peers dir
	stock=$(dirname "$(stock_image "$1")")
	services=$(services_root)
	peers=$(layer peers "$({
		basename "$services"
		declare -f make_peers
		declare -p matrix_packages
	} | key_of)" 1 make_peers "$services")
	dir=$(layer matrix "$({
		basename -a "$stock" "$peers"
		declare -f make_matrix lay_over
	} | key_of)" 1 make_matrix "$stock" "$peers")
	echo "$dir/root.ext4"
}
