# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# No defense but the permissions of files: each attack must work. execgate, if it is there, is off.

put_in_force() { :; }
versions() { packages bash systemd postgresql-17 nginx apache2-bin postfix podman crun runc; }
