# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian's kernel with PREEMPT_RT, in which spin locks sleep and interrupts are threads: for the mini guest, and
# ours built against it.
#   version, boot/vmlinuz-VERSION   what boots
#   lib/modules/VERSION/            its modules

. "$(dirname "${BASH_SOURCE[0]}")/debug.sh"

rt_packages=(linux-image-rt-amd64 linux-headers-rt-amd64)

# What image and headers change in the builder.
rt_upper() {
	local over
	over=$(builder_with rt "${rt_packages[@]}")
	over=${over#lowerdir=}
	echo "${over%%:*}"
}

make_rt_kernel() {
	local version
	version=$(kernel_version "$2" 6.12)
	mkdir "$1"/{boot,lib}
	cp "$2/boot/vmlinuz-$version" "$1/boot/"
	cp -a "$2/usr/lib/modules" "$1/lib/"
	echo "$version" >"$1/version"
}

# The directory of that kernel.
rt_kernel() {
	local upper
	upper=$(rt_upper)
	layer rt-kernel "$({
		echo "$upper"
		declare -f make_rt_kernel
	} | key_of)" 1 make_rt_kernel "$upper"
}

make_rt_module() {
	over=lowerdir=$(rt_upper):$(builder_root) in_builder "$2" make module KDIR="/usr/src/linux-headers-$3"
	cp "$2/kernel/execgate.ko" "$1/"
}

# rt_module SNAPSHOT: the directory of execgate.ko for it
rt_module() {
	local kernel copy
	kernel=$(rt_kernel)
	copy=$(mktemp -d)
	chmod 755 "$copy"
	cp -a "$1/." "$copy/"
	layer rt-module "$({
		basename "$kernel"
		declare -f make_rt_module
		tree_key "$1" \( -path './kernel/*' -o -path ./Makefile \)
	} | key_of)" 4 make_rt_module "$copy" "$(<"$kernel/version")"
	rm -rf "$copy"
}
