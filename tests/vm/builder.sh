# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The builder root: what it holds, how it is made and entered.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

builder_packages=(
	gcc libc6-dev make pkg-config git rsync cpio file python3
	pahole clang llvm lld bpftool libbpf-dev sparse
	dkms keyutils kmod openssl busybox-static
	libssl-dev libmnl-dev libkmod-dev libkeyutils-dev libsystemd-dev
	libjansson-dev libelf-dev libinih-dev libcmocka-dev libarchive-dev
	libunistring-dev libmount-dev libcurl4-openssl-dev zlib1g-dev
	build-essential debhelper dh-dkms
	clang-format cppcheck mandoc shellcheck python3-yaml
	qemu-system-x86
)

make_builder() {
	new_root "$1" "${builder_packages[@]}"
}

builder_root() {
	layer builder "$(declare -p builder_packages suite | cat - <(declare -f new_root) | key_of)" 2 make_builder
}

# install_over DIR PACKAGE...: what installing them changes in the builder, as DIR/upper
install_over() {
	local dir=$1 root
	shift
	root=$(builder_root)
	mkdir "$dir"/{upper,work}
	over="lowerdir=$root,upperdir=$dir/upper,workdir=$dir/work" in_root "$root" - sh -exc "
		apt-get update -q
		apt-get install -qy --no-install-recommends $*
		apt-get clean
		rm -rf /var/lib/apt/lists"
	rm -rf "$dir/work"
}

# builder_with NAME PACKAGE...: print what in_root has to lay over the builder for these packages; the layer NAME.
builder_with() {
	local root dir
	root=$(builder_root)
	dir=$(layer "$1" "$({
		basename "$root"
		declare -f install_over
		printf '%s\n' "${@:2}"
	} | key_of)" 1 install_over "${@:2}")
	echo "lowerdir=$dir/upper:$root"
}

# in_builder SRC CMD...
in_builder() {
	local root
	root=$(builder_root)
	# shellcheck disable=SC2016 # expanded in the builder
	in_root "$root" "$1" sh -c 'cd /src && exec "$@"' sh "${@:2}"
}
