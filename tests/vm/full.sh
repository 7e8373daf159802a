# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The full guest: Debian with systemd, the module built and installed by dkms, all programs signed with the test key.
# Three layers, the slow ones first: base (packages), signed (base with signed programs), image (with the product).

. "$(dirname "${BASH_SOURCE[0]}")/mini.sh"

base_packages=(
	systemd systemd-sysv dbus udev login passwd openssh-server iproute2 procps less xz-utils
	python3 perl openssl keyutils kmod dkms gcc libc6-dev make pahole
	libmnl0 libjansson4 libinih1 libkmod2 libkeyutils1 libelf1t64 libssl3t64 libunistring5
)

make_base() {
	local root=$1/root
	new_root "$root" "${base_packages[@]}"
	rm -rf "$root"/var/lib/apt/lists/* "$root"/boot/initrd*
	echo execgate >"$root/etc/hostname"
	echo '/dev/nvme0n1 / ext4 defaults 0 0' >"$root/etc/fstab"
	systemd_in "$root" mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
		fstrim.timer systemd-firstboot.service
	in_root "$root" - systemd-machine-id-setup
	mkdir -p "$root/vm" "$root/etc/execgate/test"
}

systemd_in() { in_root "$1" - systemctl "${@:2}"; }

# make_signed DIR BASE PRODUCT KEYS
make_signed() {
	cp -a --reflink=auto "$2/root" "$1/root"
	sign_root "$3" "$4" "$1/root"
}

# What of the tree decides how the signature of a file looks.
signer_key() {
	tree_key "$1" \( -path './kernel/format/*' -o -path './kernel/uapi/*' -o -path './userspace/lib/*' \
		-o -path './userspace/cli/sign/*' -o -path './userspace/cli/common/sign*' \)
}

# shellcheck disable=SC2016 # expanded in the guest's root
install_module='
	version=$(basename /usr/src/execgate-*)
	version=${version#execgate-}
	dkms add -m execgate -v "$version"
	for kernel in /lib/modules/*; do
		dkms build -m execgate -v "$version" -k "${kernel##*/}"
		dkms install -m execgate -v "$version" -k "${kernel##*/}"
	done
	systemctl enable execgated.service
	journalctl --update-catalog
'

# add_product PRODUCT KEYS NEW: what is not of a package
add_product() {
	cp -a "$1/root/." "$3"
	install -D -m 755 "$1/agent" "$3/vm/agent"
	install -D -m 644 -t "$3/etc/systemd/system" "$vm"/guest/*.{service,target}
	install -D -m 600 -t "$3/etc/execgate/test" "$2"/*.pem
	install -D -m 644 "$2/cert.pem" "$3/etc/execgate/keys/test.pem"
}

# finish_image DIR: DIR/root becomes DIR/root.ext4
finish_image() {
	rm -rf "$1"/root/boot/{vmlinuz,initrd}*
	touch "$1"/root/{etc,var}/.updated # or the first boot redoes ldconfig, hwdb and others
	truncate -s "${image_size:-4G}" "$1/root.ext4"
	mke2fs -q -t ext4 -O verity -L root -d "$1/root" "$1/root.ext4"
	rm -rf "$1"/{root,new}
}

# fill_image DIR SIGNED PRODUCT KEYS: DIR/root
fill_image() {
	local root=$1/root new=$1/new
	mkdir "$new"
	cp -a --reflink=auto "$2/root" "$root"
	add_product "$3" "$4" "$new"
	sign_root "$3" "$4" "$new"
	cp -a "$new/." "$root"
	in_root "$root" - sh -exc "$install_module"
}

# make_image DIR SIGNED PRODUCT KEYS
make_image() {
	fill_image "$@"
	finish_image "$1"
}

base_root() {
	layer base "$(declare -p base_packages suite | cat - <(declare -f new_root make_base) | key_of)" 2 make_base
}

# full_image SNAPSHOT: the path of the image
full_image() {
	local product keys base signed dir
	product=$(product_root "$1")
	keys=$(test_keys)
	base=$(base_root)
	signed=$(layer signed "$({
		basename -a "$base" "$keys"
		declare -f make_signed sign_root
		declare -p runnable
		signer_key "$1"
	} | key_of)" 2 make_signed "$base" "$product" "$keys")
	dir=$(layer image "$({
		basename -a "$signed" "$product" "$keys"
		declare -f make_image fill_image add_product finish_image
		declare -p install_module
		cat "$vm"/guest/*.{service,target}
	} | key_of)" 3 make_image "$signed" "$product" "$keys")
	echo "$dir/root.ext4"
}
