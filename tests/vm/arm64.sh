# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# arm64, cross-built and emulated: nothing of that machine runs before the guest does, so Debian's packages for it are
# unpacked and not installed.
#   upper/          over the builder: a cross compiler, qemu, headers of the kernel
#   upper/arm64/    Debian's arm64: what programs are linked with, and the guest's own programs, modules and kernel

. "$(dirname "${BASH_SOURCE[0]}")/builtin.sh"

arm64_tools=(gcc-aarch64-linux-gnu qemu-system-arm)
arm64_packages=(
	bash busybox-static coreutils keyutils kmod openssl util-linux
	libc6-dev libssl-dev libmnl-dev libkmod-dev libkeyutils-dev libsystemd-dev libjansson-dev libelf-dev
	libinih-dev libarchive-dev libunistring-dev libmount-dev libcurl4-openssl-dev zlib1g-dev
)

# The kernel of the builder's own version, whose common headers and programs to build with serve both machines.
# shellcheck disable=SC2016 # expanded in the builder
fill_arm64='
	version=$1 tools=$2 packages=$3
	dpkg --add-architecture arm64
	apt-get update -q
	apt-get install -qy --no-install-recommends $tools
	mkdir -p /tmp/debs/partial /arm64/usr/bin /arm64/usr/sbin /arm64/usr/lib
	: >/tmp/status
	apt-get install -qy --no-install-recommends --download-only -o APT::Architecture=arm64 \
		-o APT::Architectures::=arm64 -o Dir::State::status=/tmp/status \
		-o Dir::Cache::archives=/tmp/debs $packages
	(cd /tmp/debs && apt-get download "linux-image-$version:arm64")
	ln -s usr/bin usr/sbin usr/lib /arm64/
	for deb in /tmp/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -C /arm64 --keep-directory-symlink --no-same-owner -xf -
	done
	(cd /tmp && apt-get download "linux-headers-$version:arm64" && dpkg-deb -x linux-headers-*.deb /)
	depmod -b /arm64 "$version"
	apt-get clean
	rm -rf /var/lib/apt/lists
'

make_arm64() {
	local dir=$1 root version
	root=$(builder_root)
	version=$(kernel_version "$root" 6.12)
	mkdir "$dir"/{upper,work}
	over="lowerdir=$root,upperdir=$dir/upper,workdir=$dir/work" in_root "$root" - sh -exc "$fill_arm64" \
		sh "${version/amd64/arm64}" "${arm64_tools[*]}" "${arm64_packages[*]}"
	rm -rf "$dir/work"
}

arm64_root() {
	layer arm64 "$({
		basename "$(builder_root)"
		declare -p arm64_tools arm64_packages fill_arm64
	} | key_of)" 1 make_arm64
}

# arm64_over ROOTS: what in_root has to lay over ROOTS, as overlayfs has them: the builder, or others with it as the last
arm64_over() { echo "lowerdir=$(arm64_root)/upper:$1"; }

arm64_version() { kernel_version "$(arm64_root)/upper/arm64" 6.12; }

# The kernel's headers say themselves for which machine, and with which compiler.
# shellcheck disable=SC2016 # expanded in the builder
build_arm64_product='
	export PKG_CONFIG_LIBDIR=/arm64/usr/lib/aarch64-linux-gnu/pkgconfig PKG_CONFIG_SYSROOT_DIR=/arm64
	cc="aarch64-linux-gnu-gcc --sysroot=/arm64"
	mkdir -p out
	$cc -O2 -Wall -static -o out/agent tests/vm/guest/agent.c
	make -j2 module KDIR="/usr/src/linux-headers-$1"
	mv kernel/execgate.ko out/
	make -j2 userspace CC="$cc"
	make install CC="$cc" DESTDIR=/src/out/root
'

make_arm64_product() {
	local src=$1/src root
	root=$(builder_root)
	cp -a "$2" "$src"
	chmod 755 "$src"
	over=$(arm64_over "$root") in_root "$root" "$src" sh -exc "cd /src; $build_arm64_product" \
		sh "$(arm64_version)"
	mv "$src/out"/* "$1/"
	rm -rf "$src"
}

# arm64_product SNAPSHOT: the layer with root/, execgate.ko and agent
arm64_product() {
	layer arm64product "$({
		basename "$(arm64_root)"
		declare -p build_arm64_product
		product_key "$1"
	} | key_of)" 4 make_arm64_product "$1"
}
