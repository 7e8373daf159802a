# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# AppArmor as Debian ships it: the profiles of its packages, of those some in mode complain.

put_in_force() { systemctl start apparmor && aa-enabled; }
versions() { packages apparmor; aa-status | sed -n '2,4p'; }
