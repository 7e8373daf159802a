# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Files signed by the kernel's own sign-file: detached over the content, behind
# the kernel's magic. The signature is over the bytes themselves, so what was
# changed shows as a bad signature.

# Sparse, so that it fits; its bound is looked at before its signature.
too_large() {
	cp "$V/h9" "$U/x" && truncate -s 33M "$U/x" && cat "$V/modsig-part" >>"$U/x"
}

# In the cache, then changed in place.
kernel_signed_changed_after_run() {
	cp "$V/modsig" "$U/x" && expect 9 "$U/x" && cp "$V/modsig-changed" "$U/x"
}

stripped() { cp "$V/modsig" "$U/x" && truncate -s -28 "$U/x"; }

allow modsig-program file=modsig
allow modsig-program-user file=modsig -- "$A" as 1000 "$U/x"
allow modsig-library file=modsig.so says='evil ran' \
	-- env LD_PRELOAD="$U/x" "$V/good-d9"
allow modsig-script file=modsig-script
deny modsig-changed file=modsig-changed reason=bad-signature
deny modsig-changed-signature file=modsig-changed-signature reason=bad-signature
deny modsig-changed-after-run prepare=kernel_signed_changed_after_run \
	reason=bad-signature
deny modsig-transplanted file=modsig-transplanted reason=bad-signature
deny modsig-same-name-other-key file=modsig-twin reason=bad-signature
deny modsig-unknown-signer file=modsig-stranger reason=unknown-signer
deny modsig-unknown-signer-library file=modsig-stranger.so hook=mmap \
	reason=unknown-signer evil='evil ran' left=9 \
	refused='failed to map segment|cannot be preloaded' \
	-- env LD_PRELOAD="$U/x" "$V/good-d9"
deny modsig-tls-key file=modsig-tls reason=unknown-signer
deny modsig-sha1 file=modsig-sha1 reason=weak-algorithm
deny modsig-appended file=modsig-appended reason=unsigned
deny modsig-stripped prepare=stripped reason=unsigned
deny modsig-length-zero file=modsig-length-zero reason=malformed
deny modsig-length-ones file=modsig-length-ones reason=malformed
deny modsig-length-all file=modsig-length-all reason=malformed
deny modsig-too-large prepare=too_large reason=too-large
