# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# An ordinary user does all that he can to others, who notice nothing.

# shellcheck source=tests/vm/cases/neighbours.sh
. "$cases/neighbours.sh"

# Half of the lane's minutes: ten, if nothing else is said.
harmless_neighbour() {
	local status=0 rounds
	among_neighbours $((SOAK_MINUTES * 30)) || status=$?
	note "an ordinary user beside $rounds rounds of others' work"
	return "$status"
}

row harmless-neighbour harmless_neighbour
