# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# IMA-appraisal as with digests, but only a signature in security.ima counts. Its key is in the keyring _ima, which
# root can add to: Debian's kernels have none that only the kernel's own keys may fill
# (CONFIG_INTEGRITY_TRUSTED_KEYRING is off).

. "${BASH_SOURCE[0]%/*}/ima.sh"
appraise=appraise_type=imasig

key() {
	openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj '/CN=matrix' \
		-addext 'keyUsage=digitalSignature' -addext 'subjectKeyIdentifier=hash' \
		-keyout /root/ima.key -outform DER -out /root/ima.der
}
label() { labeled | xargs -d '\n' -n 1 evmctl ima_sign -a sha256 -k /root/ima.key; }
put_in_force() {
	local ring
	key && ring=$(keyctl newring _ima @u) && evmctl import /root/ima.der "$ring" && label >/root/ima.log &&
		policy >/root/ima-policy && cat /root/ima-policy >/sys/kernel/security/ima/policy
}
