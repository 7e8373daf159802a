# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# D. Who changes the bytes after, or while, they are verified.

etxtbsy='ETXTBSY|Text file busy'

new_version() { cp "$V/good-blob" "$U/new"; }

on_tmpfs() { cp "$V/good-blob" /run/suite/x; }

deny_change() {
	deny "$1" file=good-blob hook="$2" reason=sealed refused="$etxtbsy" \
		-- "$A" mapped "$U/x" "$3"
}

# The kernel's own rule, with or without a gate.
allow 51-write-running-program file=attack works=3 says="$etxtbsy" \
	-- "$U/x" change "$U/x" write
# Technique: T1554
deny_change 52-write-mapped-library open write
deny_change 52-append open append
deny_change 52-map-shared open map-shared
deny_change 56-truncate-on-open open truncate-open
deny_change 56-truncate-on-read-open truncate truncate-open-read
deny_change 56-truncate truncate truncate
deny_change 56-ftruncate open ftruncate
deny_change 56-punch-hole open punch
deny_change 56-collapse-range open collapse
deny_change 56-insert-range open insert
deny_change 55-direct open direct
deny_change 55-splice open splice
deny_change 55-copy-range open copy-range
deny_change 55-uring-open open uring-open
deny_change 55-swap open swap
deny_change 55-move-extent open move-extent
deny 56-truncate-tmpfs prepare=on_tmpfs hook=truncate reason=sealed \
	refused="$etxtbsy" target=/run/suite/x \
	-- "$A" mapped /run/suite/x truncate
# The dynamic loader runs in every process and nothing of the kernel guards it.
deny 52-write-loader hook=open reason=sealed refused="$etxtbsy" \
	target="$LOADER" works=0 \
	-- dd if=/dev/null of="$LOADER" conv=notrunc

deny 53-writer-before-map file=good-blob hook=mmap reason=writer-open \
	-- "$A" writer "$U/x"
deny 53-shared-mapping-before-map file=good-blob hook=mmap \
	reason=writer-open -- "$A" shared-writer "$U/x"
deny 53-loop-device-before-map file=good-blob hook=mmap reason=writer-open \
	-- "$A" loop-writer "$U/x"
# Pages pinned by io_uring: no descriptor and no mapping shows the writer.
deny 55-pinned-pages prepare=on_tmpfs hook=mmap reason=writer-open \
	target=/run/suite/x -- "$A" pinned /run/suite/x
# What must go on working: a file that nobody runs, and updates by rename.
allow 56-write-unmapped file=good-blob -- "$A" change "$U/x" write
allow 56-truncate-unmapped file=good-blob -- "$A" change "$U/x" truncate
allow 56-replace-by-rename file=good-blob prepare=new_version \
	-- "$A" replace "$U/x" "$U/new"

# The verified bytes run or nothing does, however the file is changed meanwhile.
two_programs() { cp "$V/good" "$U/x" && cp "$V/evil" "$U/y"; }
race() {
	deny "$1" reason=any many=any target='' left=3 "${@:2}"
}

race 61-swapped-by-rename prepare=two_programs pid=child \
	-- "$A" race-rename 2 "$U/x" "$U/y"
race 61-overwritten file=good pid=child \
	-- "$A" race-overwrite 2 "$V/good" "$V/evil-signed-part" "$U/x"
race 61-overwritten-while-mapped file=good-blob hook=any pid=any \
	-- "$A" race-map 2 "$V/good-blob" "$V/evil-blob" "$U/x"

# The mapping that seals the file is out of the tree of mappings for moments. A writer is
# there for a moment, too, until it is refused: an mprotect just then is the one that is.
race 52-write-while-split file=good-blob hook=any pid=any \
	refused="$etxtbsy" -- "$A" race-split 3 "$U/x"

# On a disk that is changed while it is not mounted.
mounted() {
	mkdir -p "$T/image.d" &&
		mount -t ext4 -o loop "$T/image" "$T/image.d"
}

changed_unmounted() {
	cp /suite/scratch.img "$T/image" && mounted &&
		cp "$V/good" "$T/image.d/x" && expect 9 "$T/image.d/x" &&
		umount "$T/image.d" && "$A" patch "$T/image" && mounted
}

exec_unmount() {
	"$A" exec "$T/image.d/x"
	local status=$?
	umount "$T/image.d"
	return "$status"
}

deny 62-changed-while-not-mounted prepare=changed_unmounted works=66 \
	reason=digest-mismatch target="$T/image.d/x" pid=child -- exec_unmount
deny 65-deleted-while-run file=h9 reason=unsigned -- "$A" exec-fd "$U/x"
allow 65-deleted-while-run-signed file=good -- "$A" exec-fd "$U/x"
