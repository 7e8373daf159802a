# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# IMA-appraisal by digests that root wrote into security.ima of all that can run: programs,
# libraries, modules, kernels. Its policy is of this machine, loaded once; what it says holds for
# all users. Scripts that an interpreter opens are data to it.

appraise=''

policy() {
	local magic func
	# Pseudo file systems, as in IMA's built-in policy.
	for magic in 0x9fa0 0x62656572 0x64626720 0x1cd1 0x42494e4d 0x73636673 0xf97cff8c 0x6e736673 0xde5e81e4; do
		echo "dont_appraise fsmagic=$magic"
	done
	for func in BPRM_CHECK 'MMAP_CHECK mask=MAY_EXEC' MODULE_CHECK KEXEC_KERNEL_CHECK KEXEC_INITRAMFS_CHECK; do
		echo "appraise func=$func $appraise"
	done
}

# Files of packages and drivers that can run.
labeled() {
	{
		find /usr /etc /var/lib /vm -xdev -type f \( -perm /111 -o -name '*.so*' -o -name '*.ko*' -o -name vmlinuz \) -print
		drivers
	} | sort -u
}
label() { labeled | xargs -d '\n' -n 200 python3 "$here/peers/label.py"; }

put_in_force() {
	label && policy >/root/ima-policy && cat /root/ima-policy &&
		cat /root/ima-policy >/sys/kernel/security/ima/policy
}
versions() { packages ima-evm-utils; policy | grep '^appraise'; }
