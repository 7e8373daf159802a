# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The debug kernel: Debian's source with kernel.config and debug.config, everything built in but one module, and ours built against it.
#   vmlinuz, version          what boots
#   lib/modules/VERSION/      which modules are built in, and the one that is not
#   headers/                  what a module is built against

. "$(dirname "${BASH_SOURCE[0]}")/product.sh"

debug_packages=(linux-source-6.12 bc flex bison libelf-dev libssl-dev)

# An option that the configuration does not get is a kernel that finds less: fail. Of the headers, vmlinux is for BTF.
# shellcheck disable=SC2016 # expanded in the root
build_debug_kernel='
	tar -xf /usr/src/linux-source-6.12.tar.xz -C /src
	cd /src/linux-source-6.12
	make KCONFIG_ALLCONFIG=/src/debug.config allnoconfig
	grep "^CONFIG_" /src/debug.config | grep -vxFf .config && exit 1
	nice make -j3 bzImage modules
	mkdir -p /src/out
	make -s kernelrelease >/src/out/version
	cp arch/x86/boot/bzImage /src/out/vmlinuz
	make modules_install INSTALL_MOD_PATH=/src/out
	make run-command KBUILD_RUN_COMMAND="\$(srctree)/scripts/package/install-extmod-build /src/out/headers"
	install -D -t /src/out/headers/tools/bpf/resolve_btfids tools/bpf/resolve_btfids/resolve_btfids
	strip --strip-debug -o /src/out/headers/vmlinux vmlinux
'

make_debug_kernel() {
	local src=$1/src
	mkdir "$src"
	cat "$vm/kernel.config" "$vm/debug.config" >"$src/debug.config"
	over=$(builder_with debug-builder "${debug_packages[@]}") in_root "$(builder_root)" "$src" \
		sh -exc "$build_debug_kernel"
	mv "$src/out"/* "$1/"
	rm -rf "$src"
}

# The directory of the debug kernel.
debug_kernel() {
	layer debug "$({
		basename "$(builder_root)"
		declare -p debug_packages build_debug_kernel
		cat "$vm/kernel.config" "$vm/debug.config"
	} | key_of)" 1 make_debug_kernel
}

make_debug_module() {
	cp -a "$3/headers" "$2/headers"
	in_builder "$2" make module KDIR=/src/headers
	cp "$2/kernel/execgate.ko" "$1/"
}

# module_for NAME KERNEL SNAPSHOT: the directory of execgate.ko for the kernel in the directory KERNEL, which
# make_NAME_module DIR COPY KERNEL makes
module_for() {
	local name=$1 kernel=$2 copy
	copy=$(mktemp -d)
	chmod 755 "$copy"
	cp -a "$3/." "$copy/"
	layer "$name-module" "$({
		basename "$kernel"
		declare -f "make_${name}_module"
		tree_key "$3" \( -path './kernel/*' -o -path ./Makefile \)
	} | key_of)" 4 "make_${name}_module" "$copy" "$kernel"
	rm -rf "$copy"
}

# debug_module SNAPSHOT: the directory of execgate.ko for the debug kernel
debug_module() { module_for debug "$(debug_kernel)" "$1"; }
