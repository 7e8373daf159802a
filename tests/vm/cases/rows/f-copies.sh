# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# F. 87, D. 56: xfs and btrfs, where files share blocks and blocks can be moved
# below a file.

D=$T/copies
X=$D/x

disk() {
	mkdir -p "$D" && modprobe "$1" && gunzip -c "$V/$1.img.gz" >"$T/copies.img" &&
		mount -t "$1" -o loop "$T/copies.img" "$D"
}
no_disk() { umount "$D" && rm -f "$T/copies.img"; }

signed_here() { rm -f "$D"/* && cp "$V/good" "$X"; }
unsigned_here() { rm -f "$D"/* && cp "$V/h9" "$X"; }
library_here() { rm -f "$D"/* && cp "$V/good-blob" "$X"; }
copied_by_clone() {
	signed_here && mv "$X" "$D/y" && "$A" clone "$D/y" "$X" && chmod 755 "$X"
}
# Verified, then other blocks in its place.
cloned_over() {
	signed_here && cp "$V/h9" "$D/y" && expect 9 "$X" && expect 9 "$X" &&
		"$A" clone "$D/y" "$X"
}

# The second exec hashes nothing.
kept() {
	local before
	[[ $mode == enforce ]] || return 0
	signed_here && expect 9 "$X" && before=$(counter cache_misses) &&
		expect 9 "$X" && same misses "$(counter cache_misses)" "$before"
}

# sealed NAME CHANGE [HOOK]
sealed() {
	deny "$1" prepare=library_here hook="${3-open}" reason=sealed target="$X" \
		refused="$etxtbsy" -- "$A" mapped "$X" "$2"
}

# The rules of the kernel, with or without a gate, on which this stands: nothing
# of another content comes in without a descriptor that can write.
harmless() {
	allow "$1-dedupe-same" prepare=library_here works=7 \
		-- "$A" called-after "$X" dedupe-same
	allow "$1-dedupe-other" prepare=library_here works=3 says=EILSEQ \
		-- "$A" mapped "$X" dedupe-other
	allow "$1-clone-read-only" prepare=library_here works=3 says=EBADF \
		-- "$A" mapped "$X" clone-read-only
}

for fs in xfs btrfs; do
	if ! disk "$fs" >"$T/out" 2>&1; then
		not_ok "$mode/87-$fs" "it cannot be mounted"
		continue
	fi
	allow "87-$fs" prepare=signed_here -- "$A" exec "$X"
	# Technique: T1554
	deny "87-$fs-unsigned" prepare=unsigned_here reason=unsigned target="$X" \
		-- "$A" exec "$X"
	check "$mode/87-$fs-kept" kept
	take_events >/dev/null
	allow "87-$fs-copied-by-clone" prepare=copied_by_clone -- "$A" exec "$X"
	deny "87-$fs-cloned-over" prepare=cloned_over reason=unsigned target="$X" \
		-- "$A" exec "$X"
	sealed "56-$fs-write" write
	sealed "56-$fs-truncate" truncate truncate
	sealed "56-$fs-punch" punch
	sealed "56-$fs-copy-range" copy-range
	sealed "56-$fs-clone" clone
	harmless "56-$fs"
	if [[ $fs == xfs ]]; then
		sealed 56-xfs-collapse collapse
		sealed 56-xfs-insert insert
		sealed 56-xfs-exchange exchange
		allow 56-xfs-exchange-read-only prepare=library_here works=3 \
			says=EBADF -- "$A" mapped "$X" exchange-read-only
	else
		allow 56-btrfs-defragment prepare=library_here works=7 \
			-- "$A" called-after "$X" defragment
	fi
	rm -f "$D"/*
	no_disk || not_ok "$mode/87-$fs" "it cannot be unmounted"
done
