# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The mini guest: an initramfs of busybox, bash, the product and what the tests call, signed with the test key.

. "$(dirname "${BASH_SOURCE[0]}")/arm64.sh"

mini_programs=(
	bash busybox openssl keyctl kmod
	cat cp dd env false ls mv nice prlimit rm setpriv sha256sum sleep stat stdbuf timeout touch true truncate unshare
)
mini_modules=(overlay loop squashfs erofs vfat nls_cp437 nls_ascii xfs btrfs nfsd nfsv4 virtio_blk virtio_rng algif_hash
	dm_mod quota_v2 ext4)

# with_libraries ROOT SRC PROGRAM...: the programs (paths or names in ROOT) and their libraries, as usr/... paths.
with_libraries() {
	# shellcheck disable=SC2016 # expanded in the root
	in_root "$1" "$2" bash -ec '
		for program; do
			path=$(type -P "$program")
			case $path in /src/*) ;; *) echo "$path" ;; esac
			ldd "$path" 2>/dev/null | grep -o "/[^ ]*" || true
		done' bash "${@:3}" | sed -E 's#^/(usr/)?#usr/#' | sort -u
}

# copy_modules ROOT VERSION STAGE: mini_modules and what they need, unpacked. The kernels that were built here, which
# have their headers beside them, have them built in.
copy_modules() {
	local from=lib/modules/$2 path
	mkdir -p "$3/usr/$from"
	cp "$1/$from"/modules.{builtin,builtin.modinfo,order} "$3/usr/$from/"
	[[ ! -d $1/headers ]] || return 0
	in_root "$(builder_root)" "$1" modprobe -d /src -S "$2" -a --show-depends "${mini_modules[@]}" |
		sed -n 's#^insmod .*/\(lib/modules/[^ ]*\).*#\1#p' | sort -u | while read -r path; do
		mkdir -p "$3/usr/$(dirname "$path")"
		case $path in
		*.xz) xz -dc "$1/$path" >"$3/usr/${path%.xz}" ;;
		*) cp "$1/$path" "$3/usr/$path" ;;
		esac
	done
}

# add_modules STAGE VERSION MODULES MODULE: the kernel's own, of the root MODULES, and ours, unless it is in the kernel
# (MODULE is empty); STAGE/lib is STAGE/usr/lib.
add_modules() {
	copy_modules "$3" "$2" "$1"
	mkdir -p "$1/usr/lib/modules/$2/updates/dkms"
	[[ -z $4 ]] || install -D -m 644 "$4" "$1/usr/lib/modules/$2/updates/dkms/execgate.ko"
	in_root "$(builder_root)" "$1" depmod -b /src "$2"
}

# begin_stage STAGE
begin_stage() {
	mkdir -p "$1"/{dev,proc,sys,run,tmp,root,vm,etc/execgate/test,usr/{bin,sbin,lib}}
	ln -s usr/bin usr/sbin usr/lib "$1/"
}

# stage_product STAGE PRODUCT: and the names of programs that are one, of busybox too, which come after the real ones
stage_product() {
	local applet
	chroot "$(builder_root)" busybox --list | while read -r applet; do
		[[ -e $1/usr/bin/$applet ]] || ln -s busybox "$1/usr/bin/$applet"
	done
	ln -sf kmod "$1/usr/bin/lsmod"
	for applet in modprobe insmod rmmod; do ln -sf ../bin/kmod "$1/usr/sbin/$applet"; done
	cp -a "$2/root/." "$1/"
	install -m 755 "$2/agent" "$1/vm/agent"
	install -m 755 "$vm/guest/init" "$1/init"
}

# pack_stage STAGE SIGNER KEYS INITRAMFS: signed by the product SIGNER, of the machine that this runs on; then it goes
pack_stage() {
	cp "$3"/*.pem "$1/etc/execgate/test/"
	printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
	sign_root "$2" "$3" "$1"
	(cd "$1" && find . -print0 | cpio --null -o --quiet -H newc -R 0:0) >"$4"
	rm -rf "$1"
}

# make_mini DIR PRODUCT KEYS VERSION MODULES MODULE
make_mini() {
	local dir=$1 product=$2 keys=$3 version=$4 root stage=$1/root programs
	root=$(builder_root)
	begin_stage "$stage"
	mkdir "$stage/usr/lib64"
	ln -s usr/lib64 "$stage/"

	mapfile -t programs < <(cd "$product/root" && find . -path '*bin/*' -type f -printf '/src/%p\n')
	with_libraries "$root" "$product/root" "${mini_programs[@]}" "${programs[@]}" >"$dir/files"
	tar -C "$root" -chf - -T "$dir/files" usr/lib/x86_64-linux-gnu/ossl-modules/legacy.so etc/ssl/openssl.cnf |
		tar -C "$stage" -xf -
	stage_product "$stage" "$product"
	add_modules "$stage" "$version" "$5" "$6"
	pack_stage "$stage" "$product" "$keys" "$dir/initramfs"
}

# mini_initramfs SNAPSHOT KERNEL: the path of the initramfs
mini_initramfs() {
	local product keys key version dir modules module
	product=$(product_root "$1")
	keys=$(test_keys)
	if [[ $2 == debug ]]; then
		modules=$(debug_kernel)
		version=$(<"$modules/version")
		module=$(debug_module "$1")/execgate.ko
	elif [[ $2 == rt ]]; then
		modules=$(rt_kernel)
		version=$(<"$modules/version")
		module=$(rt_module "$1")/execgate.ko
	elif [[ $2 == builtin ]]; then
		modules=$(builtin_kernel "$1")
		version=$(<"$modules/version")
		module=''
	else
		modules=$(builder_root)
		version=$(kernel_version "$modules" "$2")
		module=$product/modules/$version.ko
	fi
	key=$(
		{
			basename -a "$product" "$keys" "$modules" "$(dirname "$module")"
			echo "$version"
			declare -f make_mini begin_stage stage_product pack_stage add_modules copy_modules with_libraries sign_root
			declare -p mini_programs mini_modules runnable
			cat "$vm/guest/init"
		} | key_of
	)
	dir=$(layer mini "$key" 8 make_mini "$product" "$keys" "$version" "$modules" "$module")
	echo "$dir/initramfs"
}

# Of PROGRAM... (names in /arm64, or paths) and of all libraries that they need the usr/... paths in /arm64. ldd would
# have to run them.
# shellcheck disable=SC2016 # expanded in the builder
find_needed='
	cd /arm64
	declare -A seen
	need() {
		local name path
		while read -r name; do
			[[ -z ${seen[$name]-} ]] || continue
			seen[$name]=1
			path=usr/lib/aarch64-linux-gnu/$name
			[[ -e $path ]]
			echo "$path"
			need "$path"
		done < <(readelf -d "$1" | sed -n "s/.*(NEEDED).*\[\(.*\)\]/\1/p")
	}
	echo usr/lib/ld-linux-aarch64.so.1
	for program; do
		path=$program
		if [[ $program != /* ]]; then
			path=usr/bin/$program
			[[ -e $path ]]
			echo "$path"
		fi
		need "$path"
	done
'

# make_arm64mini DIR SIGNER PRODUCT KEYS VERSION: SIGNER is the product of the machine that this runs on
make_arm64mini() {
	local dir=$1 product=$3 version=$5 root tree stage=$1/root programs path
	root=$(builder_root)
	tree=$(arm64_root)/upper/arm64
	begin_stage "$stage"

	mapfile -t programs < <(cd "$product/root" && find . -path '*bin/*' -type f -printf '/src/%p\n')
	over=$(arm64_over "$root") in_root "$root" "$product/root" bash -ec "$find_needed" bash "${mini_programs[@]}" \
		"${programs[@]}" >"$dir/files"
	tar -C "$tree" -chf - -T "$dir/files" usr/lib/aarch64-linux-gnu/ossl-modules/legacy.so etc/ssl/openssl.cnf |
		tar -C "$stage" -xf -
	stage_product "$stage" "$product"
	over=$(arm64_over "$root") in_root "$root" - modprobe -d /arm64 -S "$version" -a --show-depends "${mini_modules[@]}" |
		sed -n 's#^insmod .*/\(lib/modules/[^ ]*\).*#\1#p' | sort -u | while read -r path; do
		mkdir -p "$stage/usr/$(dirname "$path")"
		xz -dc "$tree/$path" >"$stage/usr/${path%.xz}"
	done
	add_modules "$stage" "$version" "$tree" "$product/execgate.ko"
	pack_stage "$stage" "$2" "$4" "$dir/initramfs"
}

# arm64_initramfs SNAPSHOT: the path of the initramfs
arm64_initramfs() {
	local signer product keys key dir
	signer=$(product_root "$1")
	product=$(arm64_product "$1")
	keys=$(test_keys)
	key=$(
		{
			basename -a "$product" "$keys"
			declare -f make_arm64mini begin_stage stage_product pack_stage add_modules copy_modules sign_root
			declare -p find_needed mini_programs mini_modules runnable
			cat "$vm/guest/init"
		} | key_of
	)
	dir=$(layer arm64mini "$key" 4 make_arm64mini "$signer" "$product" "$keys" "$(arm64_version)")
	echo "$dir/initramfs"
}
