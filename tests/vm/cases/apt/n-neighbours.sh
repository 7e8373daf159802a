# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The same user beside packages that are installed and removed.

# shellcheck source=tests/vm/cases/neighbours.sh
. "$cases/neighbours.sh"

install_and_remove() {
	quiet apt-get install -y --no-install-recommends dcfldd &&
		quiet dcfldd --version && quiet apt-get purge -y dcfldd
}

harmless_beside_apt() {
	local status=0 rounds
	among_neighbours $((SOAK_MINUTES * 30)) install_and_remove || status=$?
	echo "$rounds rounds"
	return "$status"
}

check apt-harmless-neighbour harmless_beside_apt
