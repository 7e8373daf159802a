# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The stock guest: the full one's packages as Debian ships them, with not one file changed, trusted by a catalog that is
# made with a local key. On its disk are two repositories: /srv/old has packages and what they need, /srv/new later
# versions of some; there is no network.

. "$(dirname "${BASH_SOURCE[0]}")/full.sh"

# Each with maintainer scripts; those of the first line have a later version in backports.
upgraded_packages=(exim4-config exim4-base exim4-daemon-light dhcpcd-base libpam-passwdqc libdebuginfod-common hopm mdnsd dcfldd ngrep)
other_packages=(cron logrotate anacron at chrony memcached rsyslog)
# What reading a .deb takes.
support_packages=(libarchive13t64)

# make_repository DIR BASE
make_repository() {
	local root=$1/root repo=$1/repo get='apt-get install -qy --no-install-recommends --download-only'
	cp -a --reflink=auto "$2/root" "$root"
	mkdir -p "$repo"/{old,new,support}/partial
	chmod -R 777 "$repo"
	in_root "$root" "$repo" sh -exc "
		apt-get update -q
		$get -o Dir::Cache::Archives=/src/support ${support_packages[*]}
		$get -o Dir::Cache::Archives=/src/old ${upgraded_packages[*]} ${other_packages[*]}
		$get -o Dir::Cache::Archives=/src/new -t $suite-backports ${upgraded_packages[*]}"
	rm -rf "$root" "$repo"/*/{partial,lock}
	in_root "$(builder_root)" "$repo" sh -exc '
		for repo in old new; do (cd "/src/$repo" && dpkg-scanpackages --multiversion . >Packages); done'
}

# make_stock DIR BASE REPOSITORY PRODUCT KEYS
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
	in_root "$root" "$3/repo" sh -exc 'dpkg --install /src/support/*.deb'
	in_root "$root" - sh -exc "$install_module"
	in_root "$root" - sh -exc 'apt-get update; /usr/libexec/execgate-apt setup'
	finish_image "$1"
}

# stock_image SNAPSHOT: the path of the image
stock_image() {
	local product keys base repository dir
	product=$(product_root "$1")
	keys=$(test_keys)
	base=$(base_root)
	repository=$(layer repository "$({
		basename "$base"
		declare -f make_repository
		declare -p upgraded_packages other_packages support_packages
	} | key_of)" 2 make_repository "$base")
	dir=$(layer stock "$({
		basename -a "$base" "$repository" "$product" "$keys"
		declare -f make_stock add_product finish_image
		declare -p install_module
		cat "$vm"/guest/*.{service,target}
	} | key_of)" 2 make_stock "$base" "$repository" "$product" "$keys")
	echo "$dir/root.ext4"
}
