# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian's source with execgate in the kernel itself, for the mini guest: no module of ours, no BPF LSM.
#   vmlinuz, version          what boots
#   lib/modules/VERSION/      which modules are built in, and the one that is not
#   headers/                  what a module is built against
# It is built in two layers. The lower one is the tree without execgate, with its objects: what is slow. The upper one
# puts our sources into that tree and makes what follows from them.

. "$(dirname "${BASH_SOURCE[0]}")/rt.sh"

# shellcheck disable=SC2016 # expanded in the root
build_builtin_base='
	mkdir /linux
	tar -xf /usr/src/linux-source-6.12.tar.xz -C /linux --strip-components=1
	cd /linux
	make KCONFIG_ALLCONFIG=/src/config allnoconfig
	grep "^CONFIG_" /src/config | grep -vxFf .config && exit 1
	nice make -j3 bzImage modules
	make run-command KBUILD_RUN_COMMAND="\$(srctree)/scripts/package/install-extmod-build /src/headers"
'

make_builtin_base() {
	local src=$1/src
	mkdir "$1"/{upper,work} "$src"
	cat "$vm/kernel.config" "$vm/builtin.config" >"$src/config"
	over="$(builder_with debug-builder "${debug_packages[@]}"),upperdir=$1/upper,workdir=$1/work" \
		in_root "$(builder_root)" "$src" sh -exc "$build_builtin_base"
	mv "$src/headers" "$1/"
	rm -rf "$1/work" "$src"
}

# The directory of the kernel without execgate: upper/linux is its tree, and headers what modules are built against.
builtin_base() {
	layer builtin-base "$({
		basename "$(builder_root)"
		declare -p debug_packages build_builtin_base
		cat "$vm/kernel.config" "$vm/builtin.config"
	} | key_of)" 1 make_builtin_base
}

# shellcheck disable=SC2016 # expanded in the root
build_builtin_kernel='
	cd /linux
	/src/kernel/in-tree .
	echo CONFIG_SECURITY_EXECGATE=y >>.config
	make olddefconfig
	grep -x CONFIG_SECURITY_EXECGATE=y .config
	nice make -j3 bzImage modules
	mkdir /src/out
	make -s kernelrelease >/src/out/version
	cp arch/x86/boot/bzImage /src/out/vmlinuz
	make modules_install INSTALL_MOD_PATH=/src/out
'

# make_builtin_kernel DIR SNAPSHOT BASE
make_builtin_kernel() {
	local src=$1/src
	mkdir -p "$1"/{upper,work} "$src"
	cp -a "$2/kernel" "$2/Kconfig" "$src/"
	over=$(builder_with debug-builder "${debug_packages[@]}")
	over="lowerdir=$3/upper:${over#lowerdir=},upperdir=$1/upper,workdir=$1/work" \
		in_root "$(builder_root)" "$src" sh -exc "$build_builtin_kernel"
	mv "$src/out"/* "$1/"
	cp -a "$3/headers" "$1/"
	rm -rf "$1"/{upper,work} "$src"
}

# builtin_kernel SNAPSHOT: the directory of the kernel with execgate
builtin_kernel() {
	local base
	base=$(builtin_base)
	layer builtin-kernel "$({
		basename "$base"
		declare -p build_builtin_kernel
		declare -f make_builtin_kernel
		tree_key "$1" \( -path './kernel/*' -o -path ./Kconfig \)
	} | key_of)" 3 make_builtin_kernel "$1" "$base"
}

# The same of the sources as they are now.
builtin_kernel_of_tree() {
	local copy
	copy=$(mktemp -d)
	snapshot "$copy"
	builtin_kernel "$copy"
	rm -rf "$copy"
}
