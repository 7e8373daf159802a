# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The cache full of files that are mapped: each is kept from writers, and those
# for which there is no place are not mapped.

many_mapped() {
	mkdir -p "$T/many" && mount -t tmpfs -o nr_inodes=100k many "$T/many" ||
		return
	expect 7 "$A" map-many 50000 "$V/good-blob" "$T/many" >"$T/many.out" || {
		cat "$T/many.out"
		return 1
	}
	umount "$T/many" && take_events || return
	figures "R25 files mapped at once: $(<"$T/many.out")"
	[[ $(<"$T/many.out") =~ mapped\ ([0-9]+)\ refused\ ([0-9]+) ]] &&
		((BASH_REMATCH[2] > 0 && BASH_REMATCH[1] > 30000)) &&
		event_is "${EVENTS[-1]}" reason cache-full
}

check R25-many-mapped many_mapped
