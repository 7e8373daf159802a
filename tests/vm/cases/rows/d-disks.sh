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
# Technique: T1006
deny 58-raw-mounted reason=raw-disk hook=open target="$disk" \
	-- "$A" raw "$disk"
deny 58-raw-whole-disk prepare=partitioned reason=raw-disk hook=open \
	target='' pid=child -- raw_whole
allow 58-raw-unmounted prepare=unmounted -- raw_unmounted
allow 58-raw-read -- read_raw

# The file system is on the whole disk, which has a partition all the same.
whole_in_use() {
	cp /suite/scratch.img "$T/disk" && printf '\0\0\0\0\x83\0\0\0\0\x08\0\0\0\x40\0\0' |
		dd of="$T/disk" bs=1 seek=446 conv=notrunc 2>/dev/null &&
		printf '\x55\xaa' | dd of="$T/disk" bs=1 seek=510 conv=notrunc 2>/dev/null &&
		whole=$(losetup -f) && losetup -P "$whole" "$T/disk" &&
		[[ -b ${whole}p1 ]] && mount -t ext4 "$whole" "$T/m"
}
raw_partition() {
	"$A" raw "${whole}p1"
	local status=$?
	umount "$T/m"
	losetup -d "$whole"
	return "$status"
}
deny 58-raw-partition-of-a-disk-in-use prepare=whole_in_use reason=raw-disk \
	hook=open target='' pid=child -- raw_partition

# Two devices of device mapper over one disk: a file system is on the first.
second_map() {
	local sectors
	cp /suite/scratch.img "$T/disk" && whole=$(losetup -f) &&
		losetup "$whole" "$T/disk" &&
		sectors=$(($(stat -c %s "$T/disk") / 512)) || return
	for map in first second; do
		expect 9 "$A" dm-create "$map" &&
			expect 9 "$A" dm-load "$map" 0 "$sectors" linear "$whole 0" &&
			expect 9 "$A" dm-resume "$map" || return
	done
	mount -t ext4 /dev/dm-0 "$T/m"
}
no_maps() {
	umount "$T/m" 2>/dev/null
	expect 9 "$A" dm-remove second && expect 9 "$A" dm-remove first &&
		losetup -d "$whole"
}
raw_second() {
	"$A" raw /dev/dm-1
	local status=$?
	no_maps >"$T/no-maps" || return 98
	return "$status"
}
# Side by side on the disk, as logical volumes are.
beside() {
	cp /suite/scratch.img "$T/disk" && truncate -s +16M "$T/disk" &&
		whole=$(losetup -f) && losetup "$whole" "$T/disk" || return
	expect 9 "$A" dm-create first &&
		expect 9 "$A" dm-load first 0 32768 linear "$whole 0" &&
		expect 9 "$A" dm-resume first &&
		expect 9 "$A" dm-create second &&
		expect 9 "$A" dm-load second 0 32768 linear "$whole 32768" &&
		expect 9 "$A" dm-resume second && mount -t ext4 /dev/dm-0 "$T/m"
}
unused_maps() { second_map && umount "$T/m"; }
grep -q device-mapper /proc/devices || modprobe dm_mod
deny 58-raw-second-map prepare=second_map reason=raw-disk hook=open target='' \
	pid=child -- raw_second
allow 58-raw-map-beside prepare=beside -- raw_second
allow 58-raw-maps-unused prepare=unused_maps -- raw_second

# The image that a loop device is made of.
looped() {
	cp /suite/scratch.img "$T/image" && mkdir -p "$T/image.d" &&
		mount -t ext4 -o loop "$T/image" "$T/image.d"
}
raw_image() {
	"$A" raw "$T/image"
	local status=$?
	umount "$T/image.d"
	return "$status"
}
not_looped() { looped && umount "$T/image.d"; }
deny 58-raw-image prepare=looped reason=raw-disk hook=open target="$T/image" \
	pid=child -- raw_image
allow 58-raw-image-unused prepare=not_looped -- "$A" raw "$T/image"

# Commands go past the file that the disk is opened by.
deny 58-command reason=raw-disk hook=ioctl target="$disk" -- "$A" sg-io "$disk"
# To memory, when the machine wakes up. A kernel that does not sleep has it not.
if grep -q ' snapshot$' /proc/misc; then
	write_snapshot() { : 2>/dev/null >/dev/snapshot && return 9; }
	deny 58-snapshot reason=raw-disk hook=open target=/dev/snapshot \
		refused='' -- write_snapshot
fi
# A file that root names to the kernel as one for quotas.
with_quotas() {
	cp /suite/scratch.img "$T/image" && whole=$(losetup -f) &&
		losetup "$whole" "$T/image" &&
		mount -t ext4 -o usrquota "$whole" "$T/m"
}
quota_on() {
	"$A" quota-on "$whole" "$T/m/quotas"
	local status=$?
	umount "$T/m" && losetup -d "$whole" || return 98
	return "$status"
}
if modprobe quota_v2; then
	deny 58-quota-on prepare=with_quotas reason=raw-disk hook=quota \
		target="$T/m/quotas" pid=child -- quota_on
fi
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
# Who asks learns what is so, and from then on it is so.
changed_and_asked() {
	changed_below && expect 4 execgate check "$T/image.d/x" >"$T/check" &&
		says digest-mismatch "$(<"$T/check")" && ! grep Cached "$T/check"
}
deny 58-changed-below-asked prepare=changed_and_asked works=66 \
	reason=digest-mismatch target="$T/image.d/x" pid=child -- exec_below
asked_about_good() {
	"$U/x"
	(($? == 9)) && expect 0 execgate check "$U/x"
}
allow 58-asked-about-good file=good prepare=asked_about_good -- "$A" exec "$U/x"
[[ -z ${held-} ]] || exec {held}<&-
