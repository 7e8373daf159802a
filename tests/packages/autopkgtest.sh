# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# debian/tests/cli, as Debian would run it: the installed program, where nothing else is.

tests_itself() {
	inside tested "$(clean_root $release)" sh -exc '
		mount -t devpts devpts /dev/pts
		apt-get update -q
		apt-get install -qy --no-install-recommends autopkgtest
		autopkgtest --no-built-binaries --test-name=cli /src/execgate_*.deb /src/tree/ -- null'
}

judges "debian/tests/cli passes on the installed program" tests_itself
