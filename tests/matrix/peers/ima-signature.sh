# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# IMA-appraisal as with digests, but only a signature in security.ima counts. Its key is in the keyring _ima, as the README of
# ima-evm-utils has it, which is closed to more keys before the policy is loaded. Debian's kernels have no keyring for
# IMA that takes only what the kernel's own keys have signed (CONFIG_INTEGRITY_TRUSTED_KEYRING is off).

. "${BASH_SOURCE[0]%/*}/ima.sh"
appraise=appraise_type=imasig

key() {
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 365 -subj '/CN=matrix' -addext 'keyUsage=digitalSignature' \
		-addext 'subjectKeyIdentifier=hash' -keyout /root/ima.key -outform DER -out /root/ima.der
}
# evmctl signs a file a start, or a folder: here of links to the files, in place of some thousand starts.
label() {
	local links=/root/labeled
	mkdir "$links" && labeled | xargs -d '\n' cp -l --parents -t "$links" &&
		evmctl -r ima_sign -a sha256 -k /root/ima.key "$links" >/root/ima.log && rm -rf "$links"
}
# A service has a keyring of its own as a session, in which the kernel looks for _ima; until the user's is linked to
# it, that is not found, and nobody may add to it.
ring() {
	local ring
	keyctl link @u @s && ring=$(keyctl newring _ima @u) && evmctl import /root/ima.der "$ring" &&
		keyctl setperm "$ring" 0x0b0b0000 && keyctl list "$ring"
}
# The first program that is judged makes the kernel find the keyring, for good: one of this session.
put_in_force() {
	key && label && ring && policy >/root/ima-policy && cat /root/ima-policy >/sys/kernel/security/ima/policy && /bin/true
}
