# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Disks that stop answering, and disks with a bad block: device mapper over a loop
# device over a file.

D=$T/disk
sectors=32768

linear() { "$A" dm-load soak 0 "$sectors" linear "$loop 0"; }

# A signed program of 1 MB on a disk that we can stop; read-only, so that nothing
# but readers ever waits for it. Where its blocks are is in the inode (extents):
# for a block that tells where blocks are ext4 itself waits, and cannot be killed.
disk_up() {
	modprobe -a loop dm_mod && cp /suite/journal.img "$T/disk.img" && mkdir -p "$D" &&
		mount -o loop "$T/disk.img" "$D" && cp "$V/h9" "$D/x" &&
		head -c 1000000 /dev/zero >>"$D/x" && sign "$D/x" && umount "$D" || return
	loop=$(losetup -f) && losetup "$loop" "$T/disk.img" &&
		expect 9 "$A" dm-create soak && expect 9 linear &&
		expect 9 "$A" dm-resume soak && mount -o ro,noatime /dev/dm-0 "$D"
}

disk_down() {
	umount "$D" && expect 9 "$A" dm-remove soak && losetup -d "$loop" &&
		rm "$T/disk.img"
}

# Its pages leave memory; the first comes back, for that one execve reads itself.
forget_pages() {
	echo 1 >/proc/sys/vm/drop_caches
	expect 9 "$A" page-in "$D/x"
}

in_gate() { grep -qE "$2" "/proc/$1/stack"; }
gone() { [[ ! -e /proc/$1 ]]; }

# One reads for the gate and does not get it; one waits for that one's verdict.
stall_two() {
	forget_pages && expect 9 "$A" dm-suspend soak || return
	"$A" exec "$D/x" >/dev/null &
	reader=$!
	wait_for in_gate "$reader" eg_reader_ || return
	"$A" exec "$D/x" >/dev/null &
	waiter=$!
	wait_for in_gate "$waiter" 'eg_flight_begin'
}

killed() {
	local start
	start=$(now)
	kill -9 "$1"
	wait_for gone "$1" || return
	wait "$1" 2>/dev/null
	note "R14 $2 killed in $(($(now) - start)) us"
}

# R14: only who needs that file waits, and can be killed; nobody else is bothered.
stalled_disk() {
	local loop reader waiter ran longest hung
	hung=$(</proc/sys/kernel/hung_task_timeout_secs)
	disk_up && stall_two || return
	# Silence of the watchdog for hung tasks is judged with the kernel's log.
	echo 5 >/proc/sys/kernel/hung_task_timeout_secs
	storms $((each > 15 ? each : 15)) 2 "$V/good" || return
	note "R14 others beside a stalled disk: $ran execs, the longest $longest us"
	expect 126 "$V/h9" && killed "$waiter" 'who waited for a verdict' &&
		killed "$reader" 'who read for one' || return
	# And once more, now waited for: what stalled goes on.
	expect 9 "$A" dm-resume soak && stall_two && expect 9 "$A" dm-resume soak &&
		expect 9 wait "$reader" && expect 9 wait "$waiter" || return
	echo "$hung" >/proc/sys/kernel/hung_task_timeout_secs
	disk_down && events_add_up
}

# bad_block NUMBER: that block of the program cannot be read; 4 kB each
bad_block() {
	local block
	block=$("$A" block-of "$D/x" "$1")
	says "^[0-9]+$" "$block" || return
	block=$((block * 8))
	expect 9 "$A" dm-load soak 0 "$block" linear "$loop 0" "$block" 8 error 0 \
		$((block + 8)) $((sectors - block - 8)) linear "$loop $((block + 8))" &&
		expect 9 "$A" dm-suspend soak && expect 9 "$A" dm-resume soak &&
		forget_pages && skip_events
}

repaired() {
	expect 9 linear && expect 9 "$A" dm-suspend soak && expect 9 "$A" dm-resume soak
}

# R15: denied, told of once, and not remembered: when it can be read again, it runs.
io_error() {
	local loop where last
	disk_up || return
	last=$((($(stat -c %s "$D/x") - 1) / 4096))
	for where in 100 $((last / 2)) "$last"; do
		bad_block "$where" && expect 126 "$D/x" && denied_once io-error &&
			expect 126 "$D/x" && denied_once io-error || return
		repaired && expect 9 "$D/x" || return
		# With the verdict in memory nothing is read again.
		bad_block "$where" && expect 9 "$D/x" && repaired &&
			umount "$D" && mount -o ro,noatime /dev/dm-0 "$D" || return
	done
	note "R15 blocks 100, $((last / 2)) and $last of $last bad: io-error twice each, mended: ran"
	disk_down && events_add_up
}

row R14-stalled-disk stalled_disk
row R15-io-error io_error
