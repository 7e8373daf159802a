# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# In /etc/profile.d, for machines whose logins have no pam_motd, which makes this file.
if [ ! -e /run/motd.dynamic ] && [ -x /etc/update-motd.d/05-execgate ]; then
	/etc/update-motd.d/05-execgate
fi
