# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# G. What the kernel itself loads. Debian's own module is dummy; "unsigned" is
# the same without its signature.

no_module() { rmmod dummy 2>/dev/null || true; }

signed_by_us() {
	no_module && cp "$V/unsigned.ko" "$U/x" && execgate sign --class module \
		--key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem "$U/x"
}

# Unsigned, but a catalog has it, packed or not.
objects_sequence=${objects_sequence-0}
listed() {
	no_module && mkdir "$U/d" && cp "$V/$1" "$U/d/$1" &&
		objects_sequence=$((objects_sequence + 1)) &&
		execgate catalog build --no-cache --name objects \
			--sequence "$objects_sequence" --sign \
			--key /etc/execgate/test/key.pem \
			--cert /etc/execgate/test/cert.pem -o "$U/objects" \
			"$U/d/$1" && mv "$U/d/$1" "$U/x" &&
		execgate catalog install --no-persist --sequences "$U/none" \
			"$U/objects"
}
listed_module() { listed unsigned.ko; }
listed_packed() { listed unsigned.ko.xz; }
unlisted() { execgate catalog remove --no-persist objects >/dev/null; }

packed_signed_by_us() {
	no_module && cp "$V/unsigned.ko.xz" "$U/x" && execgate sign \
		--class module --key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem "$U/x"
}

# For another use: not even the right key makes a program a module.
signed_as_program() {
	no_module && cp "$V/unsigned.ko" "$U/x" && execgate sign --class program \
		--key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem "$U/x"
}

# The scratch file system has no room for two of them.
signed_image() {
	cp "$V/unsigned-vmlinuz" "$T/image" && execgate sign --class data \
		--key /etc/execgate/test/key.pem \
		--cert /etc/execgate/test/cert.pem "$T/image"
}

initramfs() { signed_image && echo nothing >"$U/x"; }

module=(reason=module hook=kernel-unsigned prepare=no_module)
kexec=(reason=kexec hook=kernel-unsigned)
# Debian's cloud kernel for arm64 has kexec_load(2) alone.
kexec_file=(reason=kexec hook=kernel-unsigned only=x86_64)

# Technique: T1547.006
deny 90-insmod-unsigned "${module[@]}" file=unsigned.ko works=0 \
	-- insmod "$U/x"
deny 90-finit-compressed "${module[@]}" file=unsigned.ko.xz \
	-- "$A" finit-module "$U/x" 4
deny 90-init-module-unsigned "${module[@]}" file=unsigned.ko target='' \
	-- "$A" init-module "$U/x"
deny 90-module-of-other-class reason=module hook=kernel-unsigned \
	prepare=signed_as_program -- "$A" finit-module "$U/x" 0
allow 90-insmod-debian file=dummy.ko prepare=no_module works=0 \
	-- insmod "$U/x"
allow 90-finit-debian-compressed file=dummy.ko.xz prepare=no_module \
	-- "$A" finit-module "$U/x" 4
allow 90-init-module-debian file=dummy.ko prepare=no_module \
	-- "$A" init-module "$U/x"
allow 90-module-signed-by-us prepare=signed_by_us \
	-- "$A" finit-module "$U/x" 0
# The bytes are judged in the kernel's buffer, wherever they come from.
allow 90-memfd-signed-by-us prepare=signed_by_us -- "$A" finit-memfd "$U/x"
deny 90-memfd-unsigned "${module[@]}" file=unsigned.ko target='' \
	-- "$A" finit-memfd "$U/x"
allow 90-packed-signed-by-us prepare=packed_signed_by_us \
	-- "$A" finit-module "$U/x" 4

# By the kernel's sign-file with a key that is for that, as DKMS does.
execgate key enroll --no-persist --modules /suite/keys/modules.pem >"$T/out" 2>&1 ||
	not_ok "$mode/90-modsig-setup" "the key for modules is not enrolled"
allow 90-modsig file=modsig-modules.ko prepare=no_module works=0 \
	-- insmod "$U/x"
allow 90-modsig-packed file=modsig-modules.ko.xz prepare=no_module \
	-- "$A" finit-module "$U/x" 4
deny 90-modsig-key-for-code "${module[@]}" reason=wrong-purpose \
	file=modsig-trusted.ko \
	-- "$A" finit-module "$U/x" 0
deny 90-modsig-stranger "${module[@]}" file=modsig-stranger.ko \
	-- "$A" finit-module "$U/x" 0
deny 90-modsig-changed "${module[@]}" file=modsig-changed.ko \
	-- "$A" finit-module "$U/x" 0
deny 90-modsig-from-memory "${module[@]}" file=modsig-modules.ko target='' \
	-- "$A" init-module "$U/x"
allow 90-listed prepare=listed_module works=0 -- insmod "$U/x"
allow 90-listed-packed prepare=listed_packed -- "$A" finit-module "$U/x" 4
unlisted
execgate key remove /suite/keys/modules.pem >/dev/null

# The layer's file is written to, while it is loaded from above: what is refused
# is what the kernel has read, whenever it was changed.
raced() {
	mkdir -p "$U/lower" "$U/up" "$U/work" "$U/all" &&
		cp "$V/raced.ko" "$U/lower/x" && execgate sign --class module \
			--key /etc/execgate/test/key.pem \
			--cert /etc/execgate/test/cert.pem "$U/lower/x" &&
		mount -t overlay -o \
			"lowerdir=$U/lower,upperdir=$U/up,workdir=$U/work" \
			overlay "$U/all"
}
load_raced() {
	local status
	"$A" race-module 4 "$U/all/x" "$U/lower/x"
	status=$?
	umount "$U/all"
	return "$status"
}
modprobe overlay || not_ok "$mode/90-setup" "no overlayfs"
deny 90-changed-below-an-overlay reason=module hook=kernel-unsigned prepare=raced \
	target='' pid=any many=any left=3 -- load_raced

# Technique: T1014
deny 91-kexec-load "${kexec[@]}" target='' -- "$A" kexec-load
deny 91-kexec-file-unsigned "${kexec_file[@]}" file=unsigned-vmlinuz \
	-- "$A" kexec-file "$U/x"
deny 91-kexec-initramfs "${kexec_file[@]}" hook=kernel-bytes prepare=initramfs \
	-- "$A" kexec-file "$T/image" "$U/x"
allow 91-kexec-file-signed-by-us only=x86_64 prepare=signed_image \
	-- "$A" kexec-file "$T/image"
# Debian signs its images for the firmware's keys, which only Secure Boot brings.
deny 91-kexec-file-debian-without-secure-boot "${kexec_file[@]}" file=vmlinuz \
	-- "$A" kexec-file "$U/x"
no_module
rm -f "$T/image"
