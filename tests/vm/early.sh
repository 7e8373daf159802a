# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The early guests: the full one with a program that makes an initramfs, and that initramfs, which arms the gate. On
# the disk is a program that nobody signed, and a unit that starts it before the daemon is there.

. "$(dirname "${BASH_SOURCE[0]}")/containers.sh"

declare -A early_packages=([initramfs]=initramfs-tools [dracut]=dracut)
tpm_packages=(libtss2-esys-3.0.2-0t64 libtss2-tctildr0t64 libtss2-rc0t64 libtss2-tcti-device0t64)

# make_early_base DIR BASE KIND
make_early_base() {
	cp -a --reflink=auto "$2/root" "$1/root"
	# shellcheck disable=SC2086 # several packages
	install_in "$1/root" "${tpm_packages[@]}" ${early_packages[$3]}
	rm -rf "$1"/root/boot/initrd*
	# Under emulation a large one takes its time to unpack, and the kernel has all drivers of the guest built in.
	[[ $3 != initramfs ]] || sed -i 's/^MODULES=.*/MODULES=list/' "$1/root/etc/initramfs-tools/initramfs.conf"
}

early_unit='[Unit]
DefaultDependencies=no
Before=sysinit.target execgated.service vm-files.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/opt/early-attack /run/early-attack-ran
[Install]
WantedBy=sysinit.target'
early_conf='[gate]
mode = enforce
early = yes
pcr = 15'
# shellcheck disable=SC2016 # expanded in the guest's root
make_initrds='
	for path in /lib/modules/*; do
		version=${path##*/}
		case $0 in
		initramfs) mkinitramfs -o "/initrd-$version" "$version" ;;
		dracut) dracut --force --no-hostonly --kver "$version" "/initrd-$version" ;;
		esac
	done
'

# make_early DIR SIGNED PRODUCT KEYS KIND BASE
make_early() {
	local root=$1/root
	fill_image "$1" "$2" "$3" "$4"
	install -D -m 644 "$4/cert.pem" "$root/etc/execgate/keys/test.pem"
	mkdir -p "$root/etc/execgate/execgate.conf.d"
	cp "$6/root/usr/bin/touch" "$root/opt/early-attack"
	echo "$early_conf" >"$root/etc/execgate/execgate.conf.d/05-early.conf"
	echo "$early_unit" >"$root/etc/systemd/system/early-attack.service"
	systemd_in "$root" enable early-attack.service
	in_root "$root" - sh -exc "$make_initrds" "$5"
	mv "$root"/initrd-* "$1/"
	finish_image "$1"
}

# early_layer SNAPSHOT KIND: the folder of root.ext4, and of an initrd-VERSION for each kernel
early_layer() {
	local product keys base plain signed
	product=$(product_root "$1")
	keys=$(test_keys)
	plain=$(base_root)
	base=$(layer "early-base-$2" "$({
		basename "$plain"
		declare -f make_early_base install_in
		declare -p early_packages tpm_packages
	} | key_of)" 1 make_early_base "$plain" "$2")
	signed=$(layer "early-signed-$2" "$({
		basename -a "$base" "$keys"
		declare -f make_signed sign_root
		declare -p runnable
		signer_key "$1"
	} | key_of)" 1 make_signed "$base" "$product" "$keys")
	layer "early-$2" "$({
		basename -a "$signed" "$product" "$keys"
		declare -f make_early fill_image add_product finish_image
		declare -p install_module early_unit early_conf make_initrds
		cat "$vm"/guest/*.{service,target}
	} | key_of)" 1 make_early "$signed" "$product" "$keys" "$2" "$plain"
}
