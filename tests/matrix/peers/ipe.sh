# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# IPE with fs-verity: all files of packages that can run (those that have a digest under IMA) have fs-verity on, and a
# policy allows their digests: modules as modules, kernels for kexec, all others to be executed. All else is denied.
# The policy is signed by a key of the machine's owner that was added to the firmware's database of keys: the kernel
# trusts that for policies (CONFIG_IPE_POLICY_SIG_PLATFORM_KEYRING), so this guest boots by UEFI.

. "${BASH_SOURCE[0]%/*}/ima.sh"

ipe=/sys/kernel/security/ipe
rules() {
	echo 'policy_name=matrix policy_version=0.0.1'
	echo 'DEFAULT action=DENY'
	labeled | xargs -d '\n' -n 500 python3 "$here/peers/verity.py" | sort -u
}
put_in_force() {
	rules >/root/ipe-policy || return
	openssl smime -sign -binary -in /root/ipe-policy -signer "$here/firmware/cert.pem" -inkey "$here/firmware/key.pem" \
		-noattr -nodetach -nosmimecap -outform der -out /root/ipe-policy.p7b || return
	rm "$here/firmware/key.pem"
	keyctl list %:.platform
	cat /root/ipe-policy.p7b >"$ipe/new_policy" && echo 1 >"$ipe/policies/matrix/active"
}
versions() {
	grep -c fsverity_digest /root/ipe-policy | sed 's/$/ rules/'
	grep -v fsverity_digest /root/ipe-policy
	grep -E -m 3 'fsverity_digest' /root/ipe-policy
}
