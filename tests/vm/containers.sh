# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The guest of containers: the stock one with podman, what else makes containers, and images in /srv/images. No
# registry is needed for these: they are made here of Debian's packages, as a builder of images would.

. "$(dirname "${BASH_SOURCE[0]}")/stock.sh"

container_packages=(podman crun runc uidmap passt slirp4netns netavark aardvark-dns nftables catatonit dbus-user-session
	fuse-overlayfs skopeo containerd systemd-container bubblewrap)
# Image, and the packages in it: each is a layer over the same Debian.
declare -A image_packages=([nginx]=nginx [postgres]='postgresql-17' [python]='python3-minimal libpython3-stdlib'
	[busybox]=busybox-static [go]=golang-go)

# install_in ROOT PACKAGE...
install_in() {
	local root=$1
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	in_root "$root" - sh -exc "
		apt-get update -q
		apt-get install -qy --no-install-recommends ${*:2}
		apt-get clean"
	rm -rf "$root"/usr/sbin/policy-rc.d "$root"/var/lib/apt/lists/*
}

# make_containers DIR SERVICES
make_containers() {
	cp -a --reflink=auto "$2/root" "$1/root"
	install_in "$1/root" "${container_packages[@]}"
	systemd_in "$1/root" disable podman.socket podman.service podman-auto-update.timer podman-restart.service \
		containerd.service machines.target
}

# make_images DIR: the images are in DIR/images, a folder in OCI's layout
make_images() {
	local dir=$1 name
	# shellcheck disable=SC2046 # no mirror is no argument
	unshare --mount debootstrap --variant=minbase --include=ca-certificates "$suite" "$dir/debian" $(mirror)
	mkdir "$dir/debian/src"
	for name in "${!image_packages[@]}"; do
		cp -a --reflink=auto "$dir/debian" "$dir/$name"
		# shellcheck disable=SC2086 # several packages
		install_in "$dir/$name" ${image_packages[$name]}
	done
	cp "$vm/images/web.go" "$dir/go/root/"
	# shellcheck disable=SC2016 # expanded by the inner shell
	in_root "$dir/go" - sh -exc 'cd /root
		export CGO_ENABLED=0 GO111MODULE=off GOCACHE=/tmp/go
		for version in 1 2; do
			go build -trimpath -ldflags "-s -w -X main.version=$version" -o "web-$version" web.go
		done'
	PYTHONPATH=$top/tests/cli python3 "$vm/images/make.py" "$dir" "$vm/images"
	for name in debian "${!image_packages[@]}"; do rm -rf "${dir:?}/$name"; done
}

# make_containers_image DIR STOCK CONTAINERS IMAGES
make_containers_image() {
	cp --sparse=always "$2/root.ext4" "$1/root.ext4"
	truncate -s 8G "$1/root.ext4"
	resize2fs -f "$1/root.ext4"
	lay_over "$1" "$3" "$4/images"
}

# SNAPSHOT: the path of the image
containers_image() {
	local stock services containers images dir
	stock=$(dirname "$(stock_image "$1")")
	services=$(services_root)
	containers=$(layer container-programs "$({
		basename "$services"
		declare -f make_containers install_in
		declare -p container_packages
	} | key_of)" 1 make_containers "$services")
	images=$(layer images "$({
		echo "$suite"
		declare -f make_images install_in
		declare -p image_packages
		cat "$vm"/images/* "$top/tests/cli/oci.py"
	} | key_of)" 1 make_images)
	dir=$(layer containers "$({
		basename -a "$stock" "$containers" "$images"
		declare -f make_containers_image lay_over
	} | key_of)" 1 make_containers_image "$stock" "$containers" "$images")
	echo "$dir/root.ext4"
}
