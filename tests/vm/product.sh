# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The product layer: what "make" builds from a snapshot of the tree, in the builder.
#   root/                   make install DESTDIR, with the dkms source
#   modules/VERSION.ko      the module, for each kernel
#   agent                   guest/agent.c, static
# and the test key, made once a cache.

. "$(dirname "${BASH_SOURCE[0]}")/builder.sh"

kernels=(6.12 latest)

make_keys() {
	openssl req -x509 -newkey rsa:3072 -sha256 -nodes -days 3650 -keyout "$1/key.pem" -out "$1/cert.pem" \
		-subj '/CN=execgate test ground' -addext 'basicConstraints=critical,CA:FALSE' \
		-addext 'keyUsage=critical,digitalSignature' -addext 'extendedKeyUsage=codeSigning' \
		-addext 'subjectKeyIdentifier=hash'
}

test_keys() {
	layer keys "$(declare -f make_keys | key_of)" 1 make_keys
}

# shellcheck disable=SC2016 # expanded in the builder
build_product='
	mkdir -p out/modules
	cc -O2 -Wall -static -o out/agent tests/vm/guest/agent.c
	for version in "$@"; do
		cp -a . "/tmp/$version"
		make -C "/tmp/$version" module KDIR="/usr/src/linux-headers-$version"
		cp "/tmp/$version/kernel/execgate.ko" "out/modules/$version.ko"
	done
	make -j2 userspace
	make install install-dkms DESTDIR=/src/out/root
'

# In a copy: what is built in the snapshot would be in the keys of layers to come.
make_product() {
	local root versions=() kernel src=$1/src
	root=$(builder_root)
	for kernel in "${kernels[@]}"; do
		versions+=("$(kernel_version "$root" "$kernel")")
	done
	cp -a "$2" "$src"
	chmod 755 "$src"
	# The headers of the TPM's library, as the packages are built with them.
	over=$(builder_with tss libtss2-dev) in_builder "$src" sh -exc "$build_product" sh "${versions[@]}"
	mv "$src/out"/* "$1/"
	rm -rf "$src"
}

# product_key SNAPSHOT: the hash of what a product is built from
product_key() {
	tree_key "$1" \( -not -path './tests/*' -o -path ./tests/vm/guest/agent.c \) -not -name '*.md'
}

# product_root SNAPSHOT
product_root() {
	local key
	key=$({
		basename "$(builder_root)"
		declare -p build_product kernels
		declare -f make_product
		product_key "$1"
	} | key_of)
	layer product "$key" 6 make_product "$1"
}

# Of the paths on stdin (each ended by a NUL) those that can run: ELF of type EXEC or DYN, and executable scripts.
# shellcheck disable=SC2016 # perl
runnable='chomp; open F, "<:raw", $_ or next; read F, $head, 18 or next;
	print "$_\0" if $head =~ /^\x7fELF/ ? unpack("x16 v", $head) =~ /^[23]$/ : $head =~ /^#!/ && -x'

# Of these, scripts with something behind their end: whether they read it as data, and then a signature in comment
# lines with it, is for whoever signs to say.
# shellcheck disable=SC2016 # perl
ended='chomp; open F, "<:raw", $_ or next; local $/; my $text = <F>; $/ = "\0";
	print "$_\0" if ($text =~ /^#!/ && $text =~ /^__(END|DATA)__\r?$/m) == $ended'

# sign_root PRODUCT KEYS STAGE: sign what can run in STAGE; modules are the kernel's business.
sign_root() {
	local signer=$3/.execgate
	mkdir "$signer"
	cp "$1/root/usr/bin/execgate" "$2"/*.pem "$signer/"
	# shellcheck disable=SC2016 # expanded in the builder
	in_root "$(builder_root)" "$3" sh -ec '
		cd /src
		find . -path ./.execgate -prune -o -type f -size +1c -not -name vmlinux -print0 |
			perl -0ne "$1" >/tmp/files
		sign() {
			perl -0ne "BEGIN { \$ended = $2 } $1" /tmp/files >/tmp/some
			shift 2
			xargs -r0 -a /tmp/some -n 64 -P 2 .execgate/execgate sign "$@" \
				--key .execgate/key.pem --cert .execgate/cert.pem
		}
		sign "$2" 0
		sign "$2" 1 --armor
		' sh "$runnable" "$ended"
	rm -r "$signer"
}
