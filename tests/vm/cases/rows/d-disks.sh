# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# D. 58: the disk is written to below its file system.

# What the scratch file system is on.
disk=$(sed -n "s|^\(/dev/[^ ]*\) $U .*|\1|p" /proc/mounts)
gate() { [[ $mode == off ]] || execgate gate "$1" "$2" >/dev/null; }

# A disk with one partition, and a file system on that.
partitioned() {
	{
		head -c 446 /dev/zero
		printf '\0\0\0\0\x83\0\0\0\0\x08\0\0\0\x80\0\0'
		head -c 48 /dev/zero
		printf '\x55\xaa'
		head -c $((2047 * 512)) /dev/zero
		cat /suite/scratch.img
	} >"$T/disk" && whole=$(losetup -f) && losetup -P "$whole" "$T/disk" &&
		mount -t ext4 "${whole}p1" "$T/m"
}
raw_whole() {
	"$A" raw "$whole"
	local status=$?
	umount "$T/m"
	losetup -d "$whole"
	return "$status"
}
unmounted() { partitioned && umount "$T/m"; }
raw_unmounted() {
	"$A" raw "${whole}p1"
	local status=$?
	losetup -d "$whole"
	return "$status"
}
read_raw() { head -c 512 "$disk" >"$T/sector" && return 9; }

gate raw-disk on || not_ok "$mode/58-gate" "it cannot be set"
deny 58-raw-mounted reason=raw-disk hook=open target="$disk" \
	-- "$A" raw "$disk"
deny 58-raw-whole-disk prepare=partitioned reason=raw-disk hook=open \
	target='' pid=child -- raw_whole
allow 58-raw-unmounted prepare=unmounted -- raw_unmounted
allow 58-raw-read -- read_raw
gate raw-disk off
# Without the gate it is a limit: nothing tells of it.
allow 58-raw-mounted-gate-off -- "$A" raw "$disk"

# Changed below the file system, the page cache dropped, and the inode kept in
# memory, so that nothing but the bytes is different.
changed_below() {
	[[ -z ${held-} ]] || exec {held}<&-
	rm -f "$T/image"
	mkdir -p "$T/image.d" && cp /suite/scratch.img "$T/image" &&
		mount -t ext4 -o loop "$T/image" "$T/image.d" &&
		cp "$V/good" "$T/image.d/x" && sync || return
	"$T/image.d/x"
	(($? == 9)) && exec {held}<"$T/image.d/x" && "$A" patch "$T/image" &&
		echo 3 >/proc/sys/vm/drop_caches
}
exec_below() {
	"$A" exec "$T/image.d/x"
	local status=$?
	umount -l "$T/image.d"
	return "$status"
}

# An image that a user's desktop mounted: its bytes are that user's.
users_image() {
	mkdir -p "$T/image.d" && cp /suite/scratch.img "$T/image" &&
		mount -t ext4 -o loop,nosuid "$T/image" "$T/image.d" &&
		cp "$V/good" "$T/image.d/x"
}
deny 58-image-of-user prepare=users_image reason=untrusted-fs \
	target="$T/image.d/x" pid=child -- exec_below
roots_image() {
	mkdir -p "$T/image.d" && cp /suite/scratch.img "$T/image" &&
		mount -t ext4 -o loop "$T/image" "$T/image.d" &&
		cp "$V/good" "$T/image.d/x"
}
allow 58-image-of-root prepare=roots_image -- exec_below

gate reverify on || not_ok "$mode/58-gate" "it cannot be set"
deny 58-reverify prepare=changed_below works=66 reason=digest-mismatch \
	target="$T/image.d/x" pid=child -- exec_below
allow 58-reverify-good file=good -- "$A" exec "$U/x"
gate reverify off
# Without it the verdict stands: a limit.
allow 58-changed-below prepare=changed_below works=66 -- exec_below
[[ -z ${held-} ]] || exec {held}<&-
