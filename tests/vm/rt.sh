# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian's kernel with PREEMPT_RT, in which spin locks sleep and interrupts are threads: for the mini guest, and
# ours built against it.
#   version, boot/vmlinuz, boot/vmlinuz-VERSION   what boots
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
	ln -s "vmlinuz-$version" "$1/boot/vmlinuz"
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
	over=lowerdir=$(rt_upper):$(builder_root) in_builder "$2" \
		make module KDIR="/usr/src/linux-headers-$(<"$3/version")"
	cp "$2/kernel/execgate.ko" "$1/"
}

# rt_module SNAPSHOT: the directory of execgate.ko for it
rt_module() { module_for rt "$(rt_kernel)" "$1"; }
