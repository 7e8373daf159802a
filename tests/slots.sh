# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Two of what keeps a processor busy run at a time, lanes on this host and guests alike,
# so that neither processor is idle while there is work, nor anything slowed down until it
# is over its time. Who starts suites beside each other gives them one directory of slots.

# take_slot DIR SECONDS: waits for one, and looks that often. The lock, of the descriptor
# $locked, goes with whoever has it last, so release_slot says that it is over.
take_slot() {
	local slot
	while true; do
		for slot in "$1"/{1,2}; do
			exec {locked}>"$slot"
			flock -n "$locked" && return
			exec {locked}>&-
		done
		sleep "$2"
	done
}

release_slot() {
	flock -u "$locked"
	exec {locked}>&-
}
